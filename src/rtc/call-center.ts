import type { CallPort } from '../call-port.ts';
import type { FlooError } from '../errors.ts';
import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { ArrivedMessage } from '../model/message.ts';
import type { CallsMedia } from './call-media.ts';
import { endMessage, parseCallMessage } from './call-messages.ts';
import type { CallSignal } from './call-messages.ts';
import { callOfOtherTab, incomingCall, outgoingCall } from './call-model.ts';
import type { CallModel, CallOffer, Now, SharedCall } from './call-model.ts';
import { CallRecords } from './call-records.ts';
import { createCall } from './call.ts';
import type { Call, CallsEvents } from './calls.ts';
import { Listeners } from './listeners.ts';
import { LiveCall } from './live-call.ts';
import type { Devices, HangUpByApp, LiveCallDeps } from './live-call.ts';
import { Doorbell } from './ring-rules.ts';
import { TabShare } from './tab-share.ts';

/** What the calls of a client need. */
export interface CallCenterDeps {
  readonly port: CallPort;
  readonly media: CallsMedia;
  readonly page: LiveCallDeps['page'];
  readonly ringMs: number;
  /** @throws FlooError `ServerRtcNotOpen` when this page, or the server, has no calls */
  mustHaveCalls(): void;
}

/** A call to make. */
export interface NewCall extends Devices {
  readonly id: string;
  readonly peer: Id;
  readonly byApp?: HangUpByApp;
  /** Whether the user gave up while the devices were taken. */
  isGivenUp?(): boolean;
}

/** The calls of one client: one at a time. */
export class CallCenter {
  readonly events: Listeners<CallsEvents>;
  private readonly deps: CallCenterDeps;
  private readonly records: CallRecords;
  private readonly tabs: TabShare;
  private readonly bell: Doorbell;
  /** The call that goes on, or is being made. */
  private active: LiveCall | undefined;
  private offer: CallOffer | undefined;
  current: Call | null = null;
  private isOnline = false;
  /** Calls of apps of the deployed kind, whose hangups the app sends. */
  private readonly byApp = new Set<string>();

  constructor(deps: CallCenterDeps) {
    const { port } = deps;
    this.deps = deps;
    this.events = new Listeners((error) => port.logger.error('a handler of a call failed', error));
    this.records = new CallRecords(port);
    this.bell = new Doorbell({
      port,
      onRing: (offer) => this.ring(offer),
      onMissed: (offer) => this.missed(offer),
    });
    this.tabs = new TabShare({
      port,
      own: () => (this.active?.isHere && this.current ? this.active.shared : undefined),
      ringing: () => (this.isRinging() ? this.offer : undefined),
      onCall: (call, tab) => this.handleShared(call, tab),
      onRings: (offer) => (this.active ? undefined : this.ring(offer)),
      onHangUp: (callId) =>
        this.active?.isHere && this.active.model.id === callId ? this.active.dispatch({ type: 'hangUp' }) : undefined,
    });
  }

  /** The call that goes on, or is being made. */
  get live(): LiveCall | undefined {
    return this.active;
  }

  /** Calls somebody. It resolves when the server has the call. */
  async start({ id, peer, byApp, isGivenUp = () => false, ...devices }: NewCall): Promise<Call> {
    const { port, ringMs } = this.deps;
    if (this.active) throw this.busyError();
    this.deps.mustHaveCalls();
    const model = outgoingCall({ id, peer, video: devices.video, ringMs, startedAt: port.serverNow() });
    const live = this.openLive(model, devices);
    this.setByApp(live, byApp);
    this.active = live;
    try {
      await live.offer(isGivenUp);
    } catch (error) {
      if (this.active === live) this.active = undefined;
      throw error;
    }
    return this.show(live);
  }

  /** Rings at once: the app has decided that, or another tab. */
  ring(offer: CallOffer): void {
    const { active } = this;
    const peer = offer.peer;
    if (active) {
      const { model } = active;
      if (model.id === offer.id || model.isInOtherTab || active.byApp) return;
      if (model.peer === peer && model.direction === 'outgoing' && model.state === 'ringing') {
        const ownStays = compareIds(this.deps.port.self() ?? '0', peer) < 0;
        return active.dispatch({ type: 'counterOffer', offer, ownStays });
      }
      if (model.peer !== peer) return this.sayBusy(offer);
      // The other side would not call if it were still in this call.
      active.dispatch({
        type: 'peerHangUp',
        content: active.model.connectedAt ? active.durationMs : 'canceled',
        peerDrop: false,
      });
    }
    const live = this.openLive(
      incomingCall(offer, this.deps.ringMs, this.now()),
      { video: offer.video, media: {} },
      offer,
    );
    this.active = live;
    this.offer = offer;
    this.events.emit('incomingCall', this.show(live));
  }

  /** The hangups of a call are sent by the app. */
  setByApp(live: LiveCall, byApp: HangUpByApp | undefined): void {
    live.byApp = byApp;
    if (byApp) this.byApp.add(live.model.id);
  }

  busyError(): FlooError {
    return this.deps.port.createError('ServerBusy', 'the user is in a call', { details: { local: true } });
  }

  handleMessage(message: ArrivedMessage): void {
    const signal = parseCallMessage(message, this.deps.port.parseId);
    if (!signal) return;
    if (signal.action === 'record') this.records.note(signal.callId);
    const peer = message.isOwn ? message.to : message.from;
    if (signal.action === 'call') return message.isOwn ? undefined : this.handleOffer(signal, message);
    if (message.isHistory) return;
    if (signal.action !== 'camera') this.bell.handleEnd(signal.callId, message.isOwn ? 'user' : 'peer');
    if (signal.action === 'hangup') this.recordForApp(signal, peer, message.isOwn);
    if (message.isOwn) this.handleOwn(signal, message, peer);
    else this.handlePeer(signal, peer);
  }

  handleOnline(isOnline: boolean): void {
    this.isOnline = isOnline;
    if (isOnline) this.tabs.open();
    this.deps.media.handleOnline(isOnline);
    this.active?.dispatch({ type: isOnline ? 'online' : 'offline' });
    this.records.handleOnline(isOnline);
  }

  handleSessionEnd(): void {
    this.active?.dispatch({ type: 'sessionEnd' });
    this.bell.close();
    this.records.close();
    this.tabs.close();
  }

  private handleOffer(signal: Extract<CallSignal, { action: 'call' }>, message: ArrivedMessage): void {
    const { callId: id, room, pin, video, canShowScreen, isDeployed } = signal;
    const caller = { peer: message.from, canShowScreen, isDeployed };
    this.bell.handleOffer({ id, ...caller, room, pin, video, startedAt: Number(message.timestamp) }, message);
  }

  private handlePeer(signal: CallSignal, peer: Id): void {
    const { active } = this;
    if (active?.model.peer !== peer) return;
    // A deployed peer is busy when it calls, too: its call may have come with this.
    if (signal.action === 'hangup' && signal.content === 'busy') this.bell.decideAbout(peer);
    if (active.model.parked?.id === signal.callId) {
      if (signal.action === 'hangup') active.dispatch({ type: 'parkedEnded' });
      return;
    }
    if (active.model.id !== signal.callId) return;
    if (signal.action === 'camera') active.setPeerCamera(signal.isOn);
    if (signal.action === 'pickup') {
      active.canShowScreen = signal.canShowScreen;
      active.dispatch({ type: 'peerPickup' });
    }
    if (signal.action === 'hangup')
      active.dispatch({ type: 'peerHangUp', content: signal.content, peerDrop: signal.peerDrop });
    // Who writes a record has ended the call, and no second one is written.
    if (signal.action === 'record') active.dispatch({ type: 'peerHangUp', content: signal.content, peerDrop: true });
  }

  /** The hangups of a call by the app are messages like all others. The app may have ended the call when it saw one. */
  private recordForApp(signal: Extract<CallSignal, { action: 'hangup' | 'record' }>, peer: Id, isOwn: boolean): void {
    const { callId, content, peerDrop } = signal;
    if (!this.byApp.delete(callId)) return;
    const self = this.deps.port.self()!;
    const initiator = signal.initiator ?? self;
    // Who noticed that the other side is gone writes the record, and the caller every other one.
    if (peerDrop ? isOwn : initiator === self) this.records.write({ callId, peer, initiator, content, peerDrop });
  }

  /** A message of the user's own, from this tab, another one or another device. */
  private handleOwn(signal: CallSignal, { id: message, clientMid }: ArrivedMessage, peer: Id): void {
    const { active } = this;
    if (active?.model.id !== signal.callId || active.model.peer !== peer || active.hasSent(clientMid)) return;
    if (signal.action === 'pickup') active.dispatch({ type: 'ownPickup', message, isThisTab: false });
    if (signal.action === 'hangup') active.dispatch({ type: active.byApp ? 'abandon' : 'ownHangUp' });
  }

  /** The user has this call in another tab. */
  private handleShared(call: SharedCall, tab: string): void {
    const { active } = this;
    if (!active) {
      if (call.state === 'ended') return;
      this.active = this.openLive(callOfOtherTab(call, this.deps.ringMs, this.now()), { video: call.video, media: {} });
      this.show(this.active);
    } else if (active.model.isInOtherTab) active.dispatch({ type: 'shared', call });
    else if (active.model.id === call.id) this.settleWithTab(active, call, tab);
    // Both began to call at once: this tab's has not rung yet.
    else if (!active.model.isOffered) active.dispatch({ type: 'refused', error: this.busyError() });
  }

  /** The user answered in two tabs at once: one of them has the call. */
  private settleWithTab(active: LiveCall, call: SharedCall, tab: string): void {
    if (active.isHere && this.tabs.tab < tab) this.tabs.share(active.shared);
    else active.dispatch({ type: 'shared', call });
  }

  private openLive(model: CallModel, devices: Devices, offer?: CallOffer): LiveCall {
    return new LiveCall(
      {
        ...{ port: this.deps.port, media: this.deps.media, page: this.deps.page, records: this.records },
        isOnline: () => this.isOnline,
        mustHaveCalls: this.deps.mustHaveCalls,
        askTab: (callId) => this.tabs.askToHangUp(callId),
        onChange: (live) => this.handleChange(live),
      },
      model,
      devices,
      offer,
    );
  }

  private handleChange(live: LiveCall): void {
    const isOver = live.model.state === 'ended';
    const isVisible = live === this.active && this.current !== null;
    if (isVisible && live.isHere && !live.model.isInOtherTab) this.tabs.share(live.shared);
    if (!isOver || live !== this.active) return;
    this.active = undefined;
    if (!isVisible) return;
    const call = this.current!;
    this.current = null;
    this.events.emit('current', null);
    this.events.emit('callEnded', call);
  }

  /** The app sees it from now on. */
  private show(live: LiveCall): Call {
    const call = createCall(live, this.deps.port);
    if (live.model.state === 'ended') {
      this.events.emit('callEnded', call);
      return call;
    }
    this.current = call;
    if (live.isHere) this.tabs.share(live.shared);
    this.events.emit('current', call);
    return call;
  }

  /** Whether somebody calls, and nobody has answered. */
  isRinging(): boolean {
    const model = this.active?.model;
    return model?.state === 'ringing' && model.direction === 'incoming';
  }

  private missed(offer: CallOffer): void {
    const model = {
      ...incomingCall(offer, this.deps.ringMs, this.now()),
      state: 'ended',
      reason: 'missed',
      deadlines: {},
    } as const;
    this.show(this.openLive(model, { video: offer.video, media: {} }));
  }

  /** An app that does not ring by these events rings, and says that the user is busy, by itself. */
  private sayBusy({ id: callId, peer }: CallOffer): void {
    if (this.isRinging() && !this.events.has('incomingCall') && !this.events.has('current')) return;
    const end = { callId, initiator: peer, content: 'busy', peerDrop: false } as const;
    this.tabs.inOneTab(`busy ${callId}`, () => this.deps.port.sendMessage(peer, endMessage('hangup', end)));
  }

  private now(): Now {
    return { clock: this.deps.port.clock.now(), server: this.deps.port.serverNow() };
  }
}
