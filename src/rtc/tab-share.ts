import type { CallPort } from '../call-port.ts';
import type { TabChannel, Timer } from '../platform/ports.ts';
import type { CallOffer, SharedCall } from './call-model.ts';
import { randomText } from './random-text.ts';

/** A tab that has a call says so; one that is silent for longer is gone. */
const BEAT_MS = 2000;
/** Only one of several tabs does a thing: who waits the shortest. */
const ONE_TAB_WITHIN_MS = 200;
const TAB_ID_LENGTH = 8;

type TabMessage =
  /** The tab that has the call says where it is, and that it is alive. */
  | { readonly type: 'call'; readonly tab: string; readonly call: SharedCall }
  /** A call rings, for a tab that has just opened. */
  | { readonly type: 'rings'; readonly offer: CallOffer }
  /** A tab has opened. */
  | { readonly type: 'hello' }
  /** The user ends the call in a tab that does not have it. */
  | { readonly type: 'hangUp'; readonly callId: string }
  /** A tab has done what only one has to do. */
  | { readonly type: 'done'; readonly what: string };

interface TabShareDeps {
  readonly port: CallPort;
  /** The call that this tab has. */
  own(): SharedCall | undefined;
  /** The call that rings in all tabs. */
  ringing(): CallOffer | undefined;
  onCall(call: SharedCall, tab: string): void;
  onRings(offer: CallOffer): void;
  onHangUp(callId: string): void;
}

/** All tabs of a user show the call that one of them has. */
export class TabShare {
  /** Names this tab among those of the user. */
  tab = '';
  private readonly deps: TabShareDeps;
  private channel: TabChannel | undefined;
  private beat: Timer | undefined;
  /** What this tab is about to do, unless another one does it first. */
  private readonly planned = new Map<string, Timer>();

  constructor(deps: TabShareDeps) {
    this.deps = deps;
  }

  /** Somebody is logged in. */
  open(): void {
    if (this.channel) return;
    this.channel = this.deps.port.openChannel((message) => this.handle(message as TabMessage));
    if (!this.channel) return;
    this.tab = randomText(TAB_ID_LENGTH);
    this.post({ type: 'hello' });
  }

  close(): void {
    const { clock } = this.deps.port;
    this.stopBeat();
    for (const timer of this.planned.values()) clock.clearTimeout(timer);
    this.planned.clear();
    this.channel?.close();
    this.channel = undefined;
  }

  /** The call that this tab has is new, has changed or has ended. */
  share(call: SharedCall): void {
    this.stopBeat();
    this.post({ type: 'call', tab: this.tab, call });
    if (!this.channel || call.state === 'ended') return;
    this.beat = this.deps.port.clock.setTimeout(() => {
      const own = this.deps.own();
      if (own) this.share(own);
    }, BEAT_MS);
  }

  askToHangUp(callId: string): void {
    this.post({ type: 'hangUp', callId });
  }

  /** Does something in one tab only, soon. */
  inOneTab(what: string, run: () => void): void {
    if (!this.channel) return run();
    const wait = Math.floor((crypto.getRandomValues(new Uint8Array(1))[0]! / 256) * ONE_TAB_WITHIN_MS);
    const timer = this.deps.port.clock.setTimeout(() => {
      this.planned.delete(what);
      this.post({ type: 'done', what });
      run();
    }, wait);
    this.planned.set(what, timer);
  }

  private post(message: TabMessage): void {
    this.channel?.post(message);
  }

  private handle(message: TabMessage): void {
    const { deps } = this;
    if (message.type === 'call') return deps.onCall(message.call, message.tab);
    if (message.type === 'rings') return deps.onRings(message.offer);
    if (message.type === 'hangUp') return deps.onHangUp(message.callId);
    if (message.type === 'done') return this.forgetPlan(message.what);
    const [own, offer] = [deps.own(), deps.ringing()];
    if (own) this.share(own);
    else if (offer) this.post({ type: 'rings', offer });
    return undefined;
  }

  private forgetPlan(what: string): void {
    const timer = this.planned.get(what);
    if (timer !== undefined) this.deps.port.clock.clearTimeout(timer);
    this.planned.delete(what);
  }

  private stopBeat(): void {
    if (this.beat !== undefined) this.deps.port.clock.clearTimeout(this.beat);
    this.beat = undefined;
  }
}
