import type { Id } from '../model/ids.ts';
import type { InFlight } from './in-flight.ts';

/**
 * Rows that were without an answer when the server closed the socket because a frame was too big. They are sent one at a time,
 * until the one that it refuses is alone.
 */
export class Suspects {
  private readonly mids = new Set<Id>();

  /**
   * The socket ended because of one of these rows.
   *
   * @returns the row that was too big, when that is known
   */
  convict(inFlight: readonly Id[]): Id | undefined {
    if (inFlight.length === 1) return inFlight[0];
    for (const mid of inFlight) this.mids.add(mid);
    return undefined;
  }

  /** Whether a row may be sent while these have no answer. */
  maySend(mid: Id, inFlight: InFlight): boolean {
    if (this.mids.size === 0 || inFlight.size === 0) return true;
    return !this.mids.has(mid) && !inFlight.mids.some((other) => this.mids.has(other));
  }

  /** The server answered a row. */
  clear(mid: Id): void {
    this.mids.delete(mid);
  }
}
