// A platform whose client can end as a killed process does, whose clock can be set, and whose storage can fail.
import type { KvProvider, KvStore, LifecycleEvent, Platform, Timer, Transfer } from '../../src/platform/ports.ts';
import { full, lost } from './faulty-kv.ts';

/** `broken`: reads and writes fail. `full`: what grows is refused. `hangs`: nothing is answered while it lasts. */
export type StorageFault = 'broken' | 'full' | 'hangs';

export interface MortalPlatform {
  readonly platform: Platform;
  /** How storage fails now. */
  storage: StorageFault | undefined;
  /** What the clock shows more than the time, in ms. */
  clockAhead: number;
  /** The network or the foreground comes or goes. */
  emit(event: LifecycleEvent): void;
  /** Errors that the client has logged. */
  readonly errors: unknown[];
  /** No timer runs, no call is answered and nothing is stored any more. Resolves when another client can use the data. */
  die(): Promise<void>;
}

/** @param own - the platform below, which outlives this one */
export function createMortalPlatform(own: Platform): MortalPlatform {
  let isDead = false;
  const timers = new Set<Timer>();
  const ends = new Set<() => void>();
  const stores = new Set<KvStore>();
  const openings = new Set<Promise<KvStore>>();
  const listeners = new Set<(event: LifecycleEvent) => void>();
  const errors: unknown[] = [];
  const never = new Promise<never>(() => undefined);

  /** The outcome, unless the client is dead by then. */
  const untilDeath = async <T>(outcome: Promise<T>): Promise<T> =>
    outcome.then(
      async (value) => (isDead ? never : value),
      async (error: unknown) => (isDead ? never : Promise.reject(error as Error)),
    );
  const alive = async <T>(run: () => Promise<T>): Promise<T> => (isDead ? never : untilDeath(run()));
  const transferred = <T>(transfer: Transfer<T>): Transfer<T> => {
    ends.add(transfer.cancel);
    const result = untilDeath(transfer.result);
    result.catch(() => undefined).finally(() => ends.delete(transfer.cancel));
    return { result, cancel: transfer.cancel };
  };

  /** Fails as storage does now. */
  const works = async (grows: boolean): Promise<void> => {
    while (mortal.storage === 'hangs' && !isDead) await new Promise((resolve) => setTimeout(resolve, 20));
    if (isDead) await never;
    if (mortal.storage === 'broken') throw lost();
    if (mortal.storage === 'full' && grows) throw full();
  };
  const kv: KvProvider = {
    drop: async (name) => alive(async () => own.kv.drop(name)),
    open: async (name) => {
      await works(false);
      const opening = own.kv.open(name);
      openings.add(opening);
      const store = await untilDeath(opening).finally(() => openings.delete(opening));
      stores.add(store);
      const call = async <T>(run: () => Promise<T>, grows = false): Promise<T> =>
        alive(async () => works(grows).then(run));
      return {
        ...(store.isDamaged !== undefined && { isDamaged: store.isDamaged }),
        get: async (key) => call(async () => store.get(key)),
        range: async (range) => call(async () => store.range(range)),
        commit: async (batch) =>
          call(
            async () => store.commit(batch),
            batch.some(({ op }) => op === 'put'),
          ),
        // It ends well, also on a disk that fails: what is open is the platform's.
        close: async () => {
          stores.delete(store);
          await store.close();
        },
      };
    },
  };

  const { files, preferences, lifecycle } = own;
  const platform: Platform = {
    ...own,
    sockets(url, listener) {
      const socket = own.sockets(url, {
        onOpen: () => !isDead && listener.onOpen(),
        onMessage: (data) => !isDead && listener.onMessage(data),
        onClose(detail) {
          ends.delete(close);
          if (!isDead) listener.onClose(detail);
        },
      });
      const close = (): void => socket.close();
      ends.add(close);
      return socket;
    },
    http: async (request) => alive(async () => own.http(request)),
    files: {
      ...files,
      upload: (...given) => transferred(files.upload(...given)),
      download: (...given) => transferred(files.download(...given)),
      ...(files.shelf && {
        shelf: (name, known) => {
          const shelf = files.shelf!(name, known);
          return {
            keep: async (...given) => alive(async () => shelf.keep(...given)),
            load: async (...given) => alive(async () => shelf.load(...given)),
            drop: async (...given) => alive(async () => shelf.drop(...given)),
            close: async () => shelf.close(),
          };
        },
      }),
    },
    kv,
    preferences: {
      ...(preferences.load && { load: async () => preferences.load!() }),
      ...(preferences.getOwn && { getOwn: (key) => preferences.getOwn!(key) }),
      get: (key) => preferences.get(key),
      set: (key, value) => !isDead && preferences.set(key, value),
      remove: (key) => !isDead && preferences.remove(key),
    },
    clock: {
      now: () => own.clock.now() + mortal.clockAhead,
      setTimeout(run, delayMs) {
        const timer = own.clock.setTimeout(() => {
          timers.delete(timer);
          if (!isDead) run();
        }, delayMs);
        timers.add(timer);
        return timer;
      },
      clearTimeout(timer) {
        timers.delete(timer);
        own.clock.clearTimeout(timer);
      },
    },
    lifecycle: {
      subscribe(listener) {
        listeners.add(listener);
        const unsubscribe = lifecycle.subscribe((event) => !isDead && listener(event));
        return () => {
          listeners.delete(listener);
          unsubscribe();
        };
      },
    },
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: (message, details) => void errors.push([message, details]),
    },
  };
  const mortal: MortalPlatform = {
    platform,
    storage: undefined,
    clockAhead: 0,
    emit: (event) => [...listeners].forEach((listener) => listener(event)),
    errors,
    async die() {
      isDead = true;
      for (const timer of timers) own.clock.clearTimeout(timer);
      for (const end of [...ends]) end();
      listeners.clear();
      // What was being written is written or not; a close waits for it.
      const opened = await Promise.allSettled(openings);
      for (const { value } of opened.filter((one) => one.status === 'fulfilled')) stores.add(value);
      await Promise.all([...stores].map(async (store) => store.close()));
    },
  };
  return mortal;
}
