import type { Lifecycle, LifecycleEvent } from '../ports.ts';

/** The page's network and visibility; in a worker the network alone. `show` and `hide` alternate, however many DOM events say the same. */
export function createBrowserLifecycle(): Lifecycle {
  const isPage = typeof document !== 'undefined';
  return {
    subscribe(listener) {
      const emitNetwork = (event: Event): void => listener(event.type as LifecycleEvent);
      const subscriptions: [EventTarget, string, (event: Event) => void][] = [
        [self, 'online', emitNetwork],
        [self, 'offline', emitNetwork],
      ];
      if (isPage) {
        let hidden = document.hidden;
        const emitVisibility = (event: Event): void => {
          // A page that goes into the back-forward cache may get pagehide while its document is not hidden yet.
          const next = event.type === 'pagehide' || document.hidden;
          if (next === hidden) return;
          hidden = next;
          listener(hidden ? 'hide' : 'show');
        };
        subscriptions.push(
          [self, 'pageshow', emitVisibility],
          [self, 'pagehide', emitVisibility],
          [document, 'visibilitychange', emitVisibility],
        );
      }
      for (const [target, type, handler] of subscriptions) target.addEventListener(type, handler);
      return () => {
        for (const [target, type, handler] of subscriptions) target.removeEventListener(type, handler);
      };
    },
    ...(isPage && { reload: () => location.reload() }),
  };
}
