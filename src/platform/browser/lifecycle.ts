import type { Lifecycle } from '../ports.ts';

/**
 * Network and visibility of the page; in a worker the network only. `show` and `hide` alternate, whatever the DOM events are.
 * React Native's global takes no listeners: it emits nothing.
 */
export function createBrowserLifecycle(): Lifecycle {
  const isPage = typeof document !== 'undefined' && typeof document.addEventListener === 'function';
  return {
    subscribe(listener) {
      let isHidden = isPage && document.hidden;
      const handle = ({ type }: Event): void => {
        if (type === 'online' || type === 'offline') return listener(type);
        // A page that enters the back-forward cache may get `pagehide` before its document is hidden.
        const hides = type === 'pagehide' || document.hidden;
        if (hides === isHidden) return;
        isHidden = hides;
        listener(hides ? 'hide' : 'show');
      };
      const each = (change: 'addEventListener' | 'removeEventListener'): void => {
        const types = isPage ? ['online', 'offline', 'pageshow', 'pagehide'] : ['online', 'offline'];
        const target: Partial<Pick<typeof globalThis, typeof change>> = globalThis;
        for (const type of types) target[change]?.(type, handle);
        if (isPage) document[change]('visibilitychange', handle);
      };
      each('addEventListener');
      return () => each('removeEventListener');
    },
    ...(isPage && { reload: () => location.reload() }),
  };
}
