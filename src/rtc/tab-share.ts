import type { CallPort } from '../call-port.ts';
import type { TabChannel, TabLock, Timer } from '../platform/ports.ts';
import type { CallOffer, SharedCall } from './call-model.ts';
import { randomText } from './random-text.ts';

/** All tabs have come to what only one of them does by then, also those in the background. */
const ONE_TAB_MS = 10_000;
const TAB_ID_LENGTH = 8;
/** Whoever has it has the call of the user. */
const CALL_LOCK = 'call';

type TabMessage =
  /** The tab that has the call says where it is. */
  | { readonly type: 'call'; readonly tab: string; readonly call: SharedCall }
  /** A call rings, for a tab that has just opened. */
  | { readonly type: 'rings'; readonly offer: CallOffer }
  /** A tab has opened, or wants to know again. */
  | { readonly type: 'hello' }
  /** The user ends the call in a tab that does not have it. */
  | { readonly type: 'hangUp'; readonly callId: string };

interface TabShareDeps {
  readonly port: CallPort;
  /** The call that this tab has. */
  own(): SharedCall | undefined;
  /** The call that rings in all tabs. */
  ringing(): CallOffer | undefined;
  onCall(call: SharedCall): void;
  onRings(offer: CallOffer): void;
  onHangUp(callId: string): void;
  /** The tab that had the call is gone: closed, or crashed. */
  onGone(): void;
}

/**
 * All tabs of a user show the call that one of them has. A lock decides which. Each tab has another one as long as it lives, which
 * those that show its call wait for.
 */
export class TabShare {
  private readonly deps: TabShareDeps;
  private tab = '';
  private channel: TabChannel | undefined;
  private alive: TabLock | undefined;
  private call: TabLock | undefined;
  private watched: { readonly tab: string; readonly lock: TabLock | undefined } | undefined;
  /** What this tab, or another one, has just done for all. */
  private readonly done = new Map<TabLock, Timer>();

  constructor(deps: TabShareDeps) {
    this.deps = deps;
  }

  /** Somebody is logged in. */
  open(): void {
    if (this.channel) return;
    this.channel = this.deps.port.openChannel((message) => this.handle(message as TabMessage));
    if (!this.channel) return;
    this.tab = randomText(TAB_ID_LENGTH);
    this.alive = this.lock(this.tab, 'wait');
    this.ask();
  }

  close(): void {
    this.release();
    this.unwatch();
    this.alive?.release();
    for (const [lock, timer] of this.done) {
      this.deps.port.clock.clearTimeout(timer);
      lock.release();
    }
    this.done.clear();
    this.channel?.close();
    this.channel = undefined;
  }

  /** This tab is to have a call, until `release`. @returns false when another tab has one */
  async take(): Promise<boolean> {
    // What this tab has just given back may be on its way: it has arrived with the answer.
    return (await this.tryToTake()) || this.tryToTake();
  }

  release(): void {
    this.call?.release();
    this.call = undefined;
  }

  /** The call that this tab has is new, has changed or has ended. */
  share(call: SharedCall): void {
    this.post({ type: 'call', tab: this.tab, call });
  }

  /** Asks what the other tabs show. */
  ask(): void {
    this.post({ type: 'hello' });
  }

  askToHangUp(callId: string): void {
    this.post({ type: 'hangUp', callId });
  }

  /** Does something in one tab only. */
  inOneTab(what: string, run: () => void): void {
    const lock = this.lock(what, 'try');
    if (!lock) return run();
    void lock.isHeld.then((isHeld) => (isHeld && this.done.has(lock) ? run() : undefined));
    const timer = this.deps.port.clock.setTimeout(() => {
      this.done.delete(lock);
      lock.release();
    }, ONE_TAB_MS);
    this.done.set(lock, timer);
  }

  private async tryToTake(): Promise<boolean> {
    const lock = (this.call ??= this.lock(CALL_LOCK, 'try'));
    const isHeld = (await lock?.isHeld) ?? true;
    if (!isHeld && this.call === lock) this.call = undefined;
    return isHeld;
  }

  /** Undefined where there are no tabs. */
  private lock(name: string, how: 'try' | 'wait'): TabLock | undefined {
    return this.channel && this.deps.port.lock(name, how);
  }

  private post(message: TabMessage): void {
    this.channel?.post(message);
  }

  private handle(message: TabMessage): void {
    const { deps } = this;
    if (message.type === 'rings') return deps.onRings(message.offer);
    if (message.type === 'hangUp') return deps.onHangUp(message.callId);
    if (message.type === 'call') {
      if (message.call.state === 'ended') this.unwatch();
      else this.watch(message.tab);
      return deps.onCall(message.call);
    }
    const [own, offer] = [deps.own(), deps.ringing()];
    if (own) this.share(own);
    else if (offer) this.post({ type: 'rings', offer });
    return undefined;
  }

  private watch(tab: string): void {
    if (this.watched?.tab === tab) return;
    this.unwatch();
    const lock = this.lock(tab, 'wait');
    this.watched = { tab, lock };
    void lock?.isHeld.then((isHeld) => {
      if (!isHeld) return;
      // Other tabs wait for it, too.
      this.unwatch();
      this.deps.onGone();
    });
  }

  private unwatch(): void {
    this.watched?.lock?.release();
    this.watched = undefined;
  }
}
