import type { Lifecycle, LifecycleEvent } from '../ports.ts';

/** The page's network and visibility. `show` and `hide` alternate, however many DOM events say the same. */
export const browserLifecycle: Lifecycle = {
  subscribe(listener) {
    let hidden = document.hidden;
    const emitNetwork = (event: Event): void => listener(event.type as LifecycleEvent);
    const emitVisibility = (event: Event): void => {
      // A page that goes into the back-forward cache may get pagehide while its document is not hidden yet.
      const next = event.type === 'pagehide' || document.hidden;
      if (next === hidden) return;
      hidden = next;
      listener(hidden ? 'hide' : 'show');
    };
    const subscriptions: [EventTarget, string, (event: Event) => void][] = [
      [window, 'online', emitNetwork],
      [window, 'offline', emitNetwork],
      [window, 'pageshow', emitVisibility],
      [window, 'pagehide', emitVisibility],
      [document, 'visibilitychange', emitVisibility],
    ];
    for (const [target, type, handler] of subscriptions) target.addEventListener(type, handler);
    return () => {
      for (const [target, type, handler] of subscriptions) target.removeEventListener(type, handler);
    };
  },
  reload: () => location.reload(),
};
