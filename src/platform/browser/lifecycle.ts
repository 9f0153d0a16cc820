import type { Lifecycle, LifecycleEvent } from '../ports.ts';

/** The part of `navigator.connection` that says which network it is. Firefox and Safari have none. */
interface NetworkInformation extends EventTarget {
  /** `wifi`, `cellular`, …; absent on most desktops. */
  readonly type?: string;
}

/**
 * Network, visibility and sleep of the page; in a worker the network only. `show` and `hide` alternate, and so do `freeze` and
 * `resume`, whatever the DOM events are. React Native's global takes no listeners: it emits nothing.
 */
export function createBrowserLifecycle(): Lifecycle {
  const isPage = typeof document !== 'undefined' && typeof document.addEventListener === 'function';
  return {
    subscribe(listener) {
      const subscriptions = [onNetwork(listener), ...(isPage ? [onPage(listener)] : [])];
      return () => subscriptions.forEach((unsubscribe) => unsubscribe());
    },
    ...(isPage && { reload: () => location.reload() }),
  };
}

type Listener = (event: LifecycleEvent) => void;

function onNetwork(listener: Listener): () => void {
  const connection = networkInformation();
  let network = connection?.type;
  const isNetwork = (type: string | undefined): boolean => type !== 'none';
  const onReach = ({ type }: Event): void => listener(type as 'online' | 'offline');
  const onChange = (): void => {
    const before = network;
    network = connection?.type;
    // It also comes when the estimated speed changed, and when there is no network, which the events above say.
    if (network !== before && isNetwork(network) && isNetwork(before)) listener('online');
  };
  return listen([
    [globalThis, 'online', onReach],
    [globalThis, 'offline', onReach],
    [connection ?? {}, 'change', onChange],
  ]);
}

function networkInformation(): NetworkInformation | undefined {
  const { navigator } = globalThis as { navigator?: { connection?: NetworkInformation } };
  return navigator?.connection;
}

function onPage(listener: Listener): () => void {
  let isHidden = document.hidden;
  let isFrozen = false;
  const see = (hides: boolean): void => {
    if (hides === isHidden) return;
    isHidden = hides;
    listener(hides ? 'hide' : 'show');
  };
  const freeze = (): void => {
    see(true);
    if (isFrozen) return;
    isFrozen = true;
    listener('freeze');
  };
  const resume = (): void => {
    if (isFrozen) listener('resume');
    isFrozen = false;
    see(document.hidden);
  };
  // Only some browsers have the events of freezing. All say that a page enters the back-forward cache, where nothing runs.
  const onHide = ({ persisted }: PageTransitionEvent): void => (persisted ? freeze() : see(true));
  return listen([
    [globalThis, 'pagehide', onHide],
    [globalThis, 'pageshow', resume],
    [document, 'visibilitychange', () => see(document.hidden)],
    [document, 'freeze', freeze],
    [document, 'resume', resume],
  ]);
}

type Binding = [
  target: Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>>,
  type: string,
  handle: (event: never) => void,
];

function listen(bindings: readonly Binding[]): () => void {
  const each = (change: 'addEventListener' | 'removeEventListener'): void => {
    for (const [target, type, handle] of bindings) target[change]?.(type, handle as (event: Event) => void);
  };
  each('addEventListener');
  return () => each('removeEventListener');
}
