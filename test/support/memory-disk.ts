import type { FileSystem } from '../../src/platform/journal/file-system.ts';

type DiskCall = Exclude<keyof FileSystem, 'read' | 'list'> | 'read';

interface DiskFault {
  error: Error;
  /** The share of its work that the call still does, 0 to 1: that part of the bytes of a text; other calls only with 1. */
  done?: number;
  /** The process ends: later calls do nothing. */
  isLast?: boolean;
}

/** The error of the nth call, counted from 1; undefined when it works. */
export type DiskPlan = (call: DiskCall, nth: number, path: string) => DiskFault | undefined;

/** A disk that outlives the processes that use it. */
export class MemoryDisk {
  readonly contents = new Map<string, Buffer>();

  get bytes(): number {
    return [...this.contents.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** The disk as one process sees it, with its faults. @param capacity bytes; what is too much is written in part, as on a full disk. */
  files(plan: DiskPlan = () => undefined, capacity = Infinity): FileSystem {
    const { contents } = this;
    let calls = 0;
    let end: Error | undefined;
    const call = async <T>(name: DiskCall, path: string, run: (share: number) => T): Promise<T> => {
      // Not in the caller's turn, as on any disk.
      await Promise.resolve();
      if (end) throw end;
      const fault = plan(name, ++calls, path);
      if (!fault) return run(1);
      if (fault.isLast) end = fault.error;
      if (fault.done) run(fault.done);
      throw fault.error;
    };
    const put = (path: string, text: string, share: number, before: Buffer = Buffer.alloc(0)): void => {
      const bytes = Buffer.from(text);
      const room = capacity - (this.bytes - (contents.get(path)?.length ?? 0)) - before.length;
      const written = bytes.subarray(0, Math.min(Math.round(share * bytes.length), Math.max(room, 0)));
      contents.set(path, Buffer.concat([before, written]));
      if (share === 1 && written.length < bytes.length)
        throw Object.assign(new Error('the disk is full'), { name: 'QuotaExceededError' });
    };
    const whole =
      (run: () => void) =>
      (share: number): void =>
        share === 1 ? run() : undefined;
    return {
      read: async (path) => call('read', path, () => contents.get(path)?.toString()),
      write: async (path, text) => call('write', path, (share) => put(path, text, share)),
      append: async (path, text) => call('append', path, (share) => put(path, text, share, contents.get(path))),
      rename: async (from, to) =>
        call(
          'rename',
          to,
          whole(() => {
            const bytes = contents.get(from);
            if (!bytes) throw new Error(`no ${from}`);
            contents.delete(from);
            contents.set(to, bytes);
          }),
        ),
      remove: async (path) =>
        call(
          'remove',
          path,
          whole(() => void contents.delete(path)),
        ),
      list: async (directory) =>
        call('read', directory, () =>
          [...contents.keys()].filter((path) => path.startsWith(`${directory}/`)).map((path) => path.split('/')[1]!),
        ),
      makeDirectory: async (path) => call('makeDirectory', path, () => undefined),
      // File by file: it may end anywhere in between.
      removeDirectory: async (path) =>
        call('removeDirectory', path, (share) => {
          const all = [...contents.keys()].filter((name) => name.startsWith(`${path}/`));
          for (const name of all.slice(0, Math.round(share * all.length))) contents.delete(name);
        }),
    };
  }
}
