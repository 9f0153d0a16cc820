import type { Lifecycle } from '../ports.ts';

/** The page's network and visibility; in a worker the network alone. `show` and `hide` alternate, however many DOM events say the same. */
export function createBrowserLifecycle(): Lifecycle {
  const isPage = typeof document !== 'undefined';
  return {
    subscribe(listener) {
      let isHidden = isPage && document.hidden;
      const handle = ({ type }: Event): void => {
        if (type === 'online' || type === 'offline') return listener(type);
        // A page that goes into the back-forward cache may get pagehide while its document is not hidden yet.
        const hides = type === 'pagehide' || document.hidden;
        if (hides === isHidden) return;
        isHidden = hides;
        listener(hides ? 'hide' : 'show');
      };
      const each = (change: 'addEventListener' | 'removeEventListener'): void => {
        for (const type of ['online', 'offline', 'pageshow', 'pagehide']) self[change](type, handle);
        if (isPage) document[change]('visibilitychange', handle);
      };
      each('addEventListener');
      return () => each('removeEventListener');
    },
    ...(isPage && { reload: () => location.reload() }),
  };
}
