import type { TabLock, Tabs } from '../ports.ts';

/** Tabs that know of each other by Web Locks and BroadcastChannel; undefined where one of them is missing. */
export function browserTabs(): Tabs | undefined {
  const { navigator, BroadcastChannel: Channel } = globalThis as Partial<typeof globalThis>;
  // A page that did not come over https has no locks.
  const locks = (navigator as Partial<Navigator> | undefined)?.locks;
  if (!locks || typeof Channel !== 'function') return undefined;
  return {
    lock: (name, how) => requestLock(locks, name, how),
    open: (name, onMessage) => {
      const channel = new Channel(name);
      let isOpen = true;
      if (onMessage) channel.onmessage = ({ data }: MessageEvent<unknown>) => onMessage(data);
      return {
        post: (message) => {
          // A closed channel throws. What a client still had to say when it was disposed of is nobody's error.
          if (isOpen) channel.postMessage(message);
        },
        close: () => {
          isOpen = false;
          channel.close();
        },
      };
    },
  };
}

function requestLock(locks: LockManager, name: string, how: 'try' | 'wait' | 'steal'): TabLock {
  const waiting = new AbortController();
  let release = (): void => waiting.abort();
  let lose = (): void => undefined;
  const lost = new Promise<void>((resolve) => (lose = resolve));
  const isHeld = new Promise<boolean>((resolve) => {
    const options =
      how === 'wait' ? { signal: waiting.signal } : how === 'try' ? { ifAvailable: true } : { steal: true };
    let isReleased = false;
    locks
      .request(name, options, async (lock) => {
        resolve(lock !== null);
        if (!lock) return undefined;
        return new Promise<void>((give) => {
          release = () => {
            isReleased = true;
            give();
          };
          if (waiting.signal.aborted) release();
        });
      })
      .catch(() => {
        // The wait was ended, another tab has taken the lock, or the page is not allowed any.
        resolve(false);
        if (!isReleased && !waiting.signal.aborted) lose();
      });
  });
  return { isHeld, lost, release: () => release() };
}
