import type { TabChannel, TabLock, Tabs } from '../../src/platform/ports.ts';
import { soon } from './turn.ts';

interface Request {
  grant(): void;
  lose(): void;
}

/** Tabs of one origin in one process: locks in the order in which they were asked for, and channels whose messages are clones. */
export function createMemoryTabs(): Tabs {
  const queues = new Map<string, Request[]>();
  const channels = new Map<string, Set<(message: unknown) => void>>();
  const queueOf = (name: string): Request[] => {
    const queue = queues.get(name) ?? [];
    queues.set(name, queue);
    return queue;
  };
  return {
    lock(name, how): TabLock {
      const queue = queueOf(name);
      let resolve!: (isHeld: boolean) => void;
      let lose!: () => void;
      const isHeld = new Promise<boolean>((done) => (resolve = done));
      const lost = new Promise<void>((done) => (lose = done));
      const request: Request = { grant: () => resolve(true), lose: () => lose() };
      if (how === 'try' && queue.length > 0) {
        resolve(false);
        return { isHeld, lost, release: () => undefined };
      }
      if (how === 'steal') {
        queue.shift()?.lose();
        queue.unshift(request);
      } else queue.push(request);
      if (queue[0] === request) request.grant();
      return {
        ...{ isHeld, lost },
        release: () => {
          const at = queue.indexOf(request);
          if (at < 0) return;
          queue.splice(at, 1);
          resolve(false);
          if (at === 0) queue[0]?.grant();
        },
      };
    },
    open(name, onMessage): TabChannel {
      const listeners = channels.get(name) ?? new Set();
      channels.set(name, listeners);
      const listener = (message: unknown): void => onMessage?.(message);
      listeners.add(listener);
      return {
        post: (message) => {
          if (!listeners.has(listener)) return;
          const clone: unknown = structuredClone(message);
          for (const other of listeners) if (other !== listener) soon(() => other(clone));
        },
        close: () => void listeners.delete(listener),
      };
    },
  };
}
