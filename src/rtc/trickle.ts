import type { Clock, Timer } from '../platform/ports.ts';

/** Candidates of the first milliseconds go together: a signal each would be four times as many frames. */
const GATHER_MS = 20;

/** Gathers candidates of the own side, and sends those that come together as one signal. */
export class CandidateOutbox {
  private readonly clock: Clock;
  private readonly send: (candidates: readonly RTCIceCandidateInit[], isLast: boolean) => void;
  private gathered: RTCIceCandidateInit[] = [];
  private isLast = false;
  private timer: Timer | undefined;

  constructor(clock: Clock, send: CandidateOutbox['send']) {
    this.clock = clock;
    this.send = send;
  }

  /** @param candidate - null: there are no more */
  add(candidate: RTCIceCandidateInit | null): void {
    if (candidate) this.gathered.push(candidate);
    else this.isLast = true;
    this.timer ??= this.clock.setTimeout(() => this.flush(), GATHER_MS);
  }

  close(): void {
    if (this.timer !== undefined) this.clock.clearTimeout(this.timer);
  }

  private flush(): void {
    const { gathered, isLast } = this;
    this.gathered = [];
    this.isLast = false;
    this.timer = undefined;
    this.send(gathered, isLast);
  }
}

/** Candidates of Janus, which may come before the description that they belong to. */
export class CandidateInbox {
  private readonly connection: Pick<RTCPeerConnection, 'remoteDescription' | 'addIceCandidate'>;
  private held: RTCIceCandidateInit[] = [];

  constructor(connection: CandidateInbox['connection']) {
    this.connection = connection;
  }

  /** @param candidate - null: there are no more, which the browser need not know */
  add(candidate: RTCIceCandidateInit | null): void {
    if (!candidate) return;
    if (this.connection.remoteDescription) this.give(candidate);
    else this.held.push(candidate);
  }

  /** There is a remote description now. */
  release(): void {
    for (const candidate of this.held.splice(0)) this.give(candidate);
  }

  private give(candidate: RTCIceCandidateInit): void {
    // One that the browser does not like is one way less.
    this.connection.addIceCandidate(candidate).catch(() => undefined);
  }
}
