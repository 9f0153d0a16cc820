import type { ClientEvents } from '../client-events.ts';
import type { Emitter } from '../util/emitter.ts';

/** One public event with its payload, to be told later. */
export type Telling = { [K in keyof ClientEvents]: readonly [event: K, payload: ClientEvents[K]] }[keyof ClientEvents];

/** For an event whose name is put together: any of several with the same payload. */
export function telling<K extends keyof ClientEvents>(event: K, payload: ClientEvents[K]): Telling {
  return [event, payload] as unknown as Telling;
}

export function tell(emitter: Emitter<ClientEvents>, [event, payload]: Telling): void {
  // The pair fits by its type; the compiler does not follow that through a union.
  emitter.emit(event, payload);
}
