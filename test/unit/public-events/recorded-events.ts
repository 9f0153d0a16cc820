import type { ClientEvents } from '../../../src/client-events.ts';
import type { Emitter } from '../../../src/util/emitter.ts';

/** An event and its payload. */
export type Emitted = readonly [event: keyof ClientEvents, payload: unknown];

/** The events that `run` emits, in order. */
export function emittedBy(run: (emitter: Pick<Emitter<ClientEvents>, 'emit'>) => void): Emitted[] {
  const emitted: Emitted[] = [];
  run({ emit: (event, payload) => void emitted.push([event, payload]) });
  return emitted;
}
