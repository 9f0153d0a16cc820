import type { CallPort } from '../call-port.ts';
import type { FlooError } from '../errors.ts';
import type { Timer } from '../platform/ports.ts';
import { CallElements } from './call-elements.ts';
import { nextStep } from './call-machine.ts';
import type { CallEffect, CallEvent } from './call-machine.ts';
import type { CallMedia, CallMediaListener, CallRoom, CallsMedia } from './call-media.ts';
import type { HangUpContent } from './call-messages.ts';
import { durationOf, nextDeadline, nowOf } from './call-model.ts';
import type { CallModel, CallOffer, SharedCall } from './call-model.ts';
import type { CallRecords } from './call-records.ts';
import { CallSender } from './call-sender.ts';
import type { CallEvents } from './call-types.ts';
import type { MediaOptions } from './media-types.ts';
import { Listeners } from './listeners.ts';

/** Which devices a call uses. */
export interface Devices {
  readonly video: boolean;
  readonly media: MediaOptions;
}

/** An app of the deployed kind hangs up by itself when it is asked to. */
export interface HangUpByApp {
  hangUp(content: HangUpContent, peerDrop: boolean): void;
}

export interface LiveCallDeps {
  readonly port: CallPort;
  readonly media: Pick<CallsMedia, 'open'>;
  /** The page, which may be left. Undefined where there is none. */
  readonly page: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> | undefined;
  readonly records: CallRecords;
  isOnline(): boolean;
  /** @throws FlooError `ServerRtcNotOpen` where no calls can be made */
  mustHaveCalls(): void;
  /** @returns false when another tab of the user has a call */
  take(): Promise<boolean>;
  busyError(): FlooError;
  /** Asks the tab that has the call to end it. */
  askTab(callId: string): void;
  /** It has changed. */
  onChange(call: LiveCall): void;
}

/** One call: runs its state machine, and does what that says. */
export class LiveCall {
  readonly events: Listeners<CallEvents>;
  readonly elements = new CallElements();
  readonly sender: CallSender;
  model: CallModel;
  /** Undefined while nobody has answered here, and after the end. */
  media: CallMedia | undefined;
  isPeerCameraOff = false;
  canShowScreen = false;
  /** Set for a call of an app of the deployed kind. */
  byApp: HangUpByApp | undefined;
  /** Its media is, or was, in this tab. */
  isHere = false;
  private readonly deps: LiveCallDeps;
  private devices: Devices;
  private room: CallRoom | undefined;
  private timer: Timer | undefined;
  private readonly waiting: CallEvent[] = [];
  private isStepping = false;
  /** The page is being left. */
  private isLeft = false;
  private answering: Promise<void> | undefined;
  private readonly ended: Promise<void>;
  private resolveEnded: () => void = () => undefined;

  constructor(deps: LiveCallDeps, model: CallModel, devices: Devices, offer?: CallOffer) {
    this.deps = deps;
    this.model = model;
    this.devices = devices;
    this.sender = new CallSender(deps);
    this.events = new Listeners(deps.port.logger);
    this.ended = new Promise((resolve) => (this.resolveEnded = resolve));
    if (offer) this.follow(offer);
    this.schedule();
  }

  get durationMs(): number {
    return durationOf(this.model, this.deps.port.clock.now());
  }

  /** What other tabs show of it. */
  get shared(): SharedCall {
    const { id, peer, direction, video, state, reason, startedAt, connectedAt } = this.model;
    return { id, peer, direction, video, state, reason, startedAt, connectedAt, durationMs: this.durationMs };
  }

  /** Something happens. What happens meanwhile waits. */
  dispatch(event: CallEvent): void {
    this.waiting.push(event);
    if (this.isStepping) return;
    this.isStepping = true;
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) this.step(next);
    this.isStepping = false;
  }

  /** Takes the devices, makes the room and calls. It resolves when the server has the call. */
  async offer(isGivenUp: () => boolean): Promise<void> {
    try {
      if (!(await this.orEnd(this.deps.take()))) throw this.deps.busyError();
      if (!this.answering) await this.prepare(isGivenUp);
    } catch (error) {
      // The call of the other side may have taken the place of this one.
      if (this.answering) return this.answering;
      this.dispatch({ type: 'refused', error: error as FlooError });
      throw error;
    }
    return this.answering;
  }

  /** Accepts it. It resolves when it was answered, or has ended without a failure. */
  async accept(devices: Devices): Promise<void> {
    if (this.model.state === 'ended' || this.model.isInOtherTab) return;
    // It rings on: it can be declined here, or answered elsewhere.
    this.deps.mustHaveCalls();
    // The tab that has a call says what it is.
    if (!(await this.deps.take())) return;
    if (this.model.state === 'ringing') this.devices = devices;
    this.dispatch({ type: 'accept' });
    await this.answering;
  }

  setPeerCamera(isOn: boolean): void {
    if (this.isPeerCameraOff === !isOn) return;
    this.isPeerCameraOff = !isOn;
    this.events.emit('peerCamera', isOn);
  }

  /** Says to the other side whether the camera is on. */
  sayCamera(): void {
    if (this.model.connectedAt === undefined || !this.media || this.byApp) return;
    this.sender.sayCamera(this.model, this.media.local.camera !== null);
  }

  private step(event: CallEvent): void {
    const previous = this.model;
    const { call, effects } = nextStep(previous, event, nowOf(this.deps.port));
    this.model = call;
    if (call.reason === 'failed' && !call.error)
      this.model = { ...call, error: this.deps.port.createError('ServerTimeOut', 'the call did not connect') };
    this.schedule();
    for (const effect of effects) this.perform(effect, previous);
    if (call.quality !== previous.quality) this.events.emit('quality', call.quality);
    if (call.state !== previous.state) this.events.emit('state', call.state);
    if (call !== previous) this.deps.onChange(this);
    if (call.state === 'ended') this.resolveEnded();
  }

  private perform(effect: CallEffect, previous: CallModel): void {
    switch (effect.type) {
      case 'hangUp':
        if (this.byApp) return this.byApp.hangUp(effect.content, effect.peerDrop);
        this.sender.hangUp(previous, effect);
        // Before the requests for the end of the room: of what a page says while it is left, the first words get out.
        return this.isLeft ? this.deps.port.flush() : undefined;
      case 'record':
        return this.sender.record(previous, effect.content);
      case 'join':
        this.media!.join(this.room!).catch((error: unknown) =>
          this.dispatch({ type: 'failed', error: error as FlooError }),
        );
        return undefined;
      case 'answer':
        this.answering = this.answer();
        // Whoever accepted waits for it. After a call of both sides nobody does.
        return void this.answering.catch(() => undefined);
      case 'pickUp':
        return this.pickUp();
      case 'sayCamera':
        return this.model.video && this.media?.local.camera === null ? this.sayCamera() : undefined;
      case 'become':
        return this.follow(effect.offer);
      case 'askTab':
        return this.deps.askTab(this.model.id);
      case 'release':
        return this.release();
    }
  }

  private pickUp(): void {
    const { id } = this.model;
    const { acknowledged } = this.sender.pickUp(this.model, this.byApp !== undefined);
    acknowledged.then(
      (message) => this.model.id === id && this.dispatch({ type: 'ownPickup', message: message.id, isThisTab: true }),
      (error: unknown) => this.model.id === id && this.dispatch({ type: 'failed', error: error as FlooError }),
    );
  }

  private async prepare(isGivenUp: () => boolean): Promise<void> {
    const media = this.openMedia();
    await this.orEnd(media.takeDevices(this.devices));
    const room = await this.orEnd(media.makeRoom());
    if (isGivenUp()) this.dispatch({ type: 'abandon' });
    if (this.model.state === 'ended') throw this.endError();
    if (this.media === media) await this.orEnd(this.sendOffer(room));
  }

  private async sendOffer(room: CallRoom): Promise<void> {
    this.room = room;
    const { acknowledged } = this.sender.ring(this.model, room, this.byApp !== undefined);
    this.dispatch({ type: 'offered' });
    await acknowledged;
  }

  private async answer(): Promise<void> {
    // After a call of both sides it may be another tab that has it.
    if (!(await this.deps.take())) this.dispatch({ type: 'refused', error: this.deps.busyError() });
    const { state, error: refusal } = this.model;
    if (refusal) throw refusal;
    if (state === 'ended') return;
    const media = this.openMedia();
    try {
      await this.orEnd(media.takeDevices(this.devices));
      if (this.media === media) await this.orEnd(media.join(this.room!));
      if (this.media === media) this.dispatch({ type: 'joined' });
    } catch (error) {
      if (this.media === media) this.dispatch({ type: 'failed', error: error as FlooError });
      if (this.model.reason === 'failed') throw error;
    }
  }

  private openMedia(): CallMedia {
    const media: CallMedia = this.deps.media.open(this.listenerFor(() => this.media === media));
    this.media = media;
    this.isHere = true;
    this.elements.show(media);
    this.deps.page?.addEventListener('pagehide', this.onPageHide);
    return media;
  }

  private listenerFor(isNow: () => boolean): CallMediaListener {
    const happens = (event: CallEvent): void => (isNow() ? this.dispatch(event) : undefined);
    const emits = <Name extends keyof CallEvents>(event: Name, payload: CallEvents[Name]): void =>
      isNow() ? this.events.emit(event, payload) : undefined;
    return {
      onUp: () => happens({ type: 'up' }),
      onBroken: () => happens({ type: 'broken' }),
      onHealed: () => happens({ type: 'healed' }),
      onLost: (error) => happens({ type: 'lost', error }),
      onPeerLeft: () => happens({ type: 'peerLeft' }),
      onPeerBack: () => happens({ type: 'peerBack' }),
      onQuality: (quality) => happens({ type: 'quality', quality }),
      onTracks: () => emits('tracks', undefined),
      onAudioBlocked: () => emits('audioBlocked', undefined),
      // A device may fail before the app has the call.
      onError: (error) => (isNow() ? this.events.emitOrKeep('error', error) : undefined),
    };
  }

  /** The other side hears of it when the socket takes what is said in this turn; else it notices after 5 s that nobody is there. */
  private readonly onPageHide = (): void => {
    this.isLeft = true;
    this.dispatch({ type: 'pageHide' });
  };

  private follow({ room, pin, canShowScreen }: CallOffer): void {
    this.room = { room, pin, secret: undefined };
    this.canShowScreen = canShowScreen;
  }

  private release(): void {
    this.deps.page?.removeEventListener('pagehide', this.onPageHide);
    this.media?.close();
    this.media = undefined;
  }

  /** One timer, for the deadline that comes first. */
  private schedule(): void {
    const { clock } = this.deps.port;
    if (this.timer !== undefined) clock.clearTimeout(this.timer);
    const at = nextDeadline(this.model);
    this.timer =
      at === undefined
        ? undefined
        : clock.setTimeout(() => this.dispatch({ type: 'time' }), Math.max(0, at - clock.now()));
  }

  /** What a promise gives, unless the call ends before. */
  private async orEnd<Value>(promise: Promise<Value>): Promise<Value> {
    const end = this.ended.then((): never => {
      throw this.endError();
    });
    return Promise.race([promise, end]);
  }

  private endError(): FlooError {
    return this.model.error ?? this.deps.port.createError('UserCancel', `the call has ended: ${this.model.reason}`);
  }
}
