import type { CallPort } from '../call-port.ts';
import type { FlooError } from '../errors.ts';
import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { ArrivedMessage } from '../model/message.ts';
import { CallInbox } from './call-inbox.ts';
import type { CallsMedia } from './call-media.ts';
import { endMessage } from './call-messages.ts';
import { callOfOtherTab, incomingCall, nowOf, outgoingCall } from './call-model.ts';
import type { CallModel, CallOffer, SharedCall } from './call-model.ts';
import { CallRecords } from './call-records.ts';
import { createCall } from './call.ts';
import type { Call } from './call-types.ts';
import type { CallsEvents } from './calls.ts';
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
  private readonly inbox: CallInbox;
  /** The call that rings, goes on or is being made. */
  live: LiveCall | undefined;
  private offer: CallOffer | undefined;
  current: Call | null = null;
  private isOnline = false;

  constructor(deps: CallCenterDeps) {
    const { port } = deps;
    this.deps = deps;
    this.events = new Listeners(port.logger);
    this.records = new CallRecords(port);
    this.bell = new Doorbell({
      port,
      onRing: (offer) => this.ring(offer),
      onMissed: (offer) => this.missed(offer),
    });
    this.inbox = new CallInbox({ port, records: this.records, bell: this.bell, live: () => this.live });
    this.tabs = new TabShare({
      port,
      own: () => (this.live?.isHere && this.current ? this.live.shared : undefined),
      ringing: () => (this.isRinging() ? this.offer : undefined),
      onCall: (call) => this.handleShared(call),
      onRings: (offer) => (this.live ? undefined : this.ring(offer)),
      onHangUp: (callId) =>
        this.live?.isHere && this.live.model.id === callId ? this.live.dispatch({ type: 'hangUp' }) : undefined,
      onGone: () => this.live?.dispatch({ type: 'tabGone' }),
    });
  }

  /** Calls somebody, or accepts the call of whom rings here. It resolves when the server has the call, or the answer. */
  async start({ id, peer, byApp, isGivenUp = () => false, ...devices }: NewCall): Promise<Call> {
    const { port, ringMs } = this.deps;
    const { live: active, current } = this;
    if (active && current && active.model.peer === peer && this.isRinging() && !byApp) {
      await active.accept(devices);
      if (active.model.state === 'ringing') throw this.busyError();
      return current;
    }
    if (active) throw this.busyError();
    this.deps.mustHaveCalls();
    const model = outgoingCall({ id, peer, video: devices.video, ringMs, startedAt: port.serverNow() });
    const live = this.openLive(model, devices);
    this.setByApp(live, byApp);
    this.live = live;
    try {
      await live.offer(isGivenUp);
    } catch (error) {
      // Another tab may show a call by now.
      this.tabs.ask();
      throw error;
    }
    return this.show(live);
  }

  /** Rings at once: the app has decided that, or another tab. */
  ring(offer: CallOffer): void {
    const { live: active } = this;
    const { peer } = offer;
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
        content: model.connectedAt ? active.durationMs : 'canceled',
        peerDrop: false,
      });
    }
    const live = this.openLive(
      incomingCall(offer, this.deps.ringMs, nowOf(this.deps.port)),
      { video: offer.video, media: {} },
      offer,
    );
    this.live = live;
    this.offer = offer;
    this.events.emit('incomingCall', this.show(live));
  }

  /** The hangups of a call are sent by the app. */
  setByApp(live: LiveCall, byApp: HangUpByApp | undefined): void {
    live.byApp = byApp;
    if (byApp) this.inbox.expectHangUpByApp(live.model.id);
  }

  busyError(): FlooError {
    return this.deps.port.createError('ServerBusy', 'the user is in a call', { details: { local: true } });
  }

  handleMessage(message: ArrivedMessage): void {
    this.inbox.handle(message);
  }

  handleOnline(isOnline: boolean): void {
    this.isOnline = isOnline;
    if (isOnline) this.tabs.open();
    this.deps.media.handleOnline(isOnline);
    this.live?.dispatch({ type: isOnline ? 'online' : 'offline' });
    this.records.handleOnline(isOnline);
  }

  handleSessionEnd(): void {
    this.live?.dispatch({ type: 'sessionEnd' });
    this.bell.close();
    this.records.close();
    this.tabs.close();
  }

  /** The user has this call in another tab. */
  private handleShared(call: SharedCall): void {
    const { live: active } = this;
    if (active) {
      if (active.model.isInOtherTab || active.model.id === call.id) active.dispatch({ type: 'shared', call });
    } else if (call.state !== 'ended') {
      this.live = this.openLive(callOfOtherTab(call, nowOf(this.deps.port)), { video: call.video, media: {} });
      this.show(this.live);
    }
  }

  private openLive(model: CallModel, devices: Devices, offer?: CallOffer): LiveCall {
    return new LiveCall(
      {
        ...{ port: this.deps.port, media: this.deps.media, page: this.deps.page, records: this.records },
        isOnline: () => this.isOnline,
        mustHaveCalls: this.deps.mustHaveCalls,
        take: async () => {
          const isHeld = await this.tabs.take();
          // The call may have ended meanwhile.
          if (!this.live) this.tabs.release();
          return isHeld;
        },
        busyError: () => this.busyError(),
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
    const isVisible = live === this.live && this.current !== null;
    if (isVisible && live.isHere && !live.model.isInOtherTab) this.tabs.share(live.shared);
    if (!isOver || live !== this.live) return;
    this.live = undefined;
    this.tabs.release();
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
    const model = this.live?.model;
    return model?.state === 'ringing' && model.direction === 'incoming';
  }

  private missed(offer: CallOffer): void {
    const model = {
      ...incomingCall(offer, this.deps.ringMs, nowOf(this.deps.port)),
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
    this.tabs.inOneTab(`busy ${callId}`, () => {
      // Another tab may have the call that this one was making.
      if (this.isRinging() || this.live?.isHere) this.deps.port.sendMessage(peer, endMessage('hangup', end));
    });
  }
}
