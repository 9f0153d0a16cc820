// The client in a Node process of its own: process.ts <folder for its data>. The parent calls its functions by name.
import { EventEmitter } from 'node:events';
import { queryObjects } from 'node:v8';
import { openTimers } from './watch.ts';
import { WebSocket as PackagedSocket } from 'ws';
import { createClient } from '../../src/entries/node.ts';
import type { Figures } from './figures.ts';
import { MB } from './figures.ts';
import { createSoakClient } from './soak-client.ts';

export interface Call {
  number: number;
  name: string;
  args: unknown[];
}

export interface Answer {
  number: number;
  value?: unknown;
  error?: string;
}

/** Emitters that ever got a listener, as long as they live. */
const emitters = new Set<WeakRef<Emitter>>();
const known = new WeakSet<Emitter>();
type Emitter = EventEmitter<Record<never, never>>;

function watchListeners(): void {
  // Listeners come by `on`, `once`, which calls it, and `addListener`.
  const on = EventEmitter.prototype.on as (this: Emitter, ...given: unknown[]) => Emitter;
  function watched(this: Emitter, ...given: unknown[]): Emitter {
    if (!known.has(this)) {
      known.add(this);
      emitters.add(new WeakRef(this));
    }
    return on.apply(this, given);
  }
  Object.assign(EventEmitter.prototype, { on: watched, addListener: watched });
}

function countListeners(): number {
  let count = 0;
  for (const reference of emitters) {
    const emitter = reference.deref();
    if (!emitter) emitters.delete(reference);
    else for (const name of emitter.eventNames()) count += emitter.listenerCount(name);
  }
  return count;
}

/** How many objects of a constructor are alive. */
const live = (constructor: Parameters<typeof queryObjects>[0]): number => Number(queryObjects(constructor));

/** Node 22 has a WebSocket of its own, and the client takes that. */
const sockets = (): number => live(PackagedSocket) + ('WebSocket' in globalThis ? live(WebSocket) : 0);

/** Counted after a forced GC, so that what is only waiting for one does not count. */
async function figures(): Promise<Figures> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc!();
    // What a WeakRef was read of lives until the end of the turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return {
    heapMb: (heapUsed + external) / MB,
    timers: openTimers(),
    sockets: sockets(),
    listeners: countListeners(),
    functions: live(Function),
    handles: process.getActiveResourcesInfo().filter((name) => name !== 'Timeout').length,
  };
}

watchListeners();
const [, , dataDir = ''] = process.argv;
const client = createSoakClient((options) => createClient({ ...options, dataDir }));
const functions = { ...client, figures } as Readonly<Record<string, (...given: unknown[]) => unknown>>;

process.on('message', ({ number, name, args }: Call) => {
  Promise.resolve()
    .then(() => functions[name]!(...args))
    .then(
      (value) => process.send!({ number, value } satisfies Answer),
      (error: unknown) => process.send!({ number, error: String(error) } satisfies Answer),
    );
});
process.on('disconnect', () => process.exit());
