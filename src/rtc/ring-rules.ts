import type { CallPort } from '../call-port.ts';
import type { Id } from '../model/ids.ts';
import type { ArrivedMessage } from '../model/message.ts';
import type { Timer } from '../platform/ports.ts';
import type { CallOffer } from './call-model.ts';
import { RecentIds } from './recent-ids.ts';

/** An older call does not ring. */
const FRESH_MS = 60_000;
/** So long the rest of what the server held for this device may take: the caller may have given up. */
const HOLD_MS = 1000;

interface Held {
  readonly offer: CallOffer;
  readonly isNews: boolean;
  readonly timer: Timer;
}

interface DoorbellDeps {
  readonly port: Pick<CallPort, 'clock' | 'serverNow'>;
  onRing(offer: CallOffer): void;
  /** A call that never rang: the user was away, or the caller gave up at once. */
  onMissed(offer: CallOffer): void;
}

/** Decides which calls ring. */
export class Doorbell {
  private readonly deps: DoorbellDeps;
  private readonly held = new Map<string, Held>();
  private readonly heard = new RecentIds();
  /** Calls that are over: the user answered or declined them on another device, or the caller ended them. */
  private readonly endedByUser = new RecentIds();
  private readonly endedByPeer = new RecentIds();

  constructor(deps: DoorbellDeps) {
    this.deps = deps;
  }

  /** Somebody calls. It rings when what came with it has been applied, once. */
  handleOffer(offer: CallOffer, { arrival, isHistory }: Pick<ArrivedMessage, 'arrival' | 'isHistory'>): void {
    if (isHistory || !this.heard.add(offer.id)) return;
    const { clock } = this.deps.port;
    const timer = clock.setTimeout(() => this.decide(offer.id), arrival === 'live' ? 0 : HOLD_MS);
    // A new device gets old calls of which another one has heard.
    this.held.set(offer.id, { offer, isNews: arrival !== 'history', timer });
  }

  /** The user answered or declined a call on another device, or its caller has ended it. */
  handleEnd(callId: string, by: 'user' | 'peer'): void {
    (by === 'user' ? this.endedByUser : this.endedByPeer).add(callId);
  }

  /** Decides now about the calls of a user that are held. */
  decideAbout(peer: Id): void {
    for (const { offer, timer } of [...this.held.values()]) {
      if (offer.peer !== peer) continue;
      this.deps.port.clock.clearTimeout(timer);
      this.decide(offer.id);
    }
  }

  /** Nothing that is held rings. */
  close(): void {
    for (const { timer } of this.held.values()) this.deps.port.clock.clearTimeout(timer);
    this.held.clear();
  }

  private decide(id: string): void {
    const { offer, isNews } = this.held.get(id)!;
    this.held.delete(id);
    if (this.endedByUser.has(id)) return;
    const isFresh = this.deps.port.serverNow() - offer.startedAt < FRESH_MS;
    if (isFresh && !this.endedByPeer.has(id)) this.deps.onRing(offer);
    else if (isNews) this.deps.onMissed(offer);
  }
}
