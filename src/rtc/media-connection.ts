import type { CallPort } from '../call-port.ts';
import type { FlooError } from '../errors.ts';
import type { Timer } from '../platform/ports.ts';
import type { CallMediaListener, CallRoom } from './call-media.ts';
import { resolveConfiguration } from './ice-servers.ts';
import type { IceOptions } from './ice-servers.ts';
import { janusCode, NO_ROOM } from './janus-errors.ts';
import { MediaRepair } from './media-repair.ts';
import type { Outgoing } from './publisher.ts';
import { drawRoom } from './room.ts';
import { RoomStay } from './room-stay.ts';
import type { RoomStayListener } from './room-stay.ts';
import type { RemoteTracks } from './subscriber.ts';

/** A shorter loss of the client's connection costs a call nothing: media has its own way. */
const OFFLINE_MS = 3000;
/** Who is in the room by then and sends nothing may have no devices. A user who is asked for them may need as long. */
const SILENT_MS = 10_000;

type Listener = Pick<
  CallMediaListener,
  'onUp' | 'onBroken' | 'onHealed' | 'onLost' | 'onPeerLeft' | 'onPeerBack' | 'onError'
> & {
  onRemoteTracks(tracks: RemoteTracks): void;
};

export interface MediaConnectionDeps {
  readonly port: CallPort;
  readonly ice: IceOptions;
  readonly listener: Listener;
  /** What to send now. */
  outgoing(): Outgoing;
  /** Most bits a second of the picture. */
  maxBitrate(): number | undefined;
}

/** The way of a call's media to the room and back. It repairs itself. */
export class MediaConnection {
  private readonly deps: MediaConnectionDeps;
  private readonly repair: MediaRepair;
  private stay: RoomStay | undefined;
  private opening: Promise<RoomStay> | undefined;
  private room: CallRoom | undefined;
  /** It was made here. */
  private made: CallRoom | undefined;
  private wasUp = false;
  private hasPeer = false;
  private hadPeer = false;
  private isOnline = true;
  /** The client's connection was lost for long, or what was missed meanwhile is not known. */
  private isUnheard = false;
  private offline: Timer | undefined;
  private silence: Timer | undefined;
  /** Nothing came for long: who is in the room is the other side, even if nothing comes. */
  private isCountingSilent = false;
  private isTrying = false;
  private isClosed = false;

  constructor(deps: MediaConnectionDeps) {
    const { listener } = deps;
    this.deps = deps;
    this.repair = new MediaRepair(deps.port.clock, {
      onBroken: () => listener.onBroken(),
      onHealed: () => {
        this.stay?.sendKeyFrame().catch(() => undefined); // the browser's own next one comes seconds later
        listener.onHealed();
      },
      tryAgain: () => void this.tryAgain(),
    });
  }

  /** Media flows. */
  get isUp(): boolean {
    return this.stay?.isUp === true;
  }

  get connections(): RoomStay['connections'] | undefined {
    return this.stay?.connections;
  }

  async makeRoom(): Promise<CallRoom> {
    const drawn = drawRoom();
    const stay = await this.opened();
    this.made = drawn;
    const room = this.deps.port.parseId(await stay.makeRoom(drawn)) ?? drawn.room;
    this.made = { ...drawn, room };
    return this.made;
  }

  async join(room: CallRoom): Promise<void> {
    this.room = room;
    const stay = await this.opened();
    await stay.join(room, this.deps.outgoing());
  }

  /** Sends what there is to send now. */
  async send(): Promise<void> {
    if (this.room) await this.stay?.send(this.deps.outgoing());
  }

  handleOnline(isOnline: boolean): void {
    if (this.isClosed) return;
    this.isOnline = isOnline;
    this.stopOffline();
    // What was said meanwhile may be lost, the session too.
    if (isOnline) void (this.wasUp ? this.tryAgain() : this.probe());
    else this.offline = this.deps.port.clock.setTimeout(() => this.setUnheard(true), OFFLINE_MS);
  }

  /** A signal for this connection, or for another one. */
  handleSignal(content: string): void {
    this.stay?.handleSignal(content);
  }

  /** Ends it. @returns the room that was made here, unless Janus has destroyed it */
  async close(): Promise<CallRoom | undefined> {
    const { made, stay } = this;
    this.isClosed = true;
    this.stopOffline();
    this.stopSilence();
    this.repair.close();
    return (await stay?.close(made)) ? undefined : made;
  }

  private async opened(): Promise<RoomStay> {
    this.opening ??= this.openStay();
    return this.opening;
  }

  private async openStay(): Promise<RoomStay> {
    const { port, ice, maxBitrate } = this.deps;
    try {
      const mediaServer = port.mediaServer();
      if (mediaServer === undefined) throw port.createError('ServerRtcNotOpen', 'the servers have no media server');
      const configuration = await resolveConfiguration(ice, port);
      if (this.isClosed) throw port.createError('UserCancel', 'the call has ended');
      const deps = { port, mediaServer, configuration, maxBitrate: maxBitrate() };
      const stay: RoomStay = new RoomStay(
        deps,
        this.stayListener(() => stay),
      );
      this.stay = stay;
      await stay.open();
      return stay;
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  private stayListener(stay: () => RoomStay): RoomStayListener {
    const { port, listener } = this.deps;
    return {
      onState: () => this.update(),
      onPeer: (isThere) => this.setPeer(isThere),
      onTracks: (tracks) => {
        if (!this.isClosed) listener.onRemoteTracks(tracks);
      },
      onEnded: () => this.endStay(stay()),
      onKicked: () => listener.onLost(port.createError('UserPermissionDenied', 'the user was put out of the call')),
      onError: (error) => this.handleFailure(error),
    };
  }

  private drop(): void {
    if (this.isClosed) return;
    void this.stay?.close();
    this.stay = undefined;
    this.opening = undefined;
  }

  private update(): void {
    if (this.isClosed) return;
    const { port, listener } = this.deps;
    const { stay, wasUp } = this;
    if (wasUp) {
      if (this.isUp && !this.isUnheard) this.repair.heals();
      else this.repair.breaks(!stay || stay.isFailed || this.isUnheard);
    } else if (stay?.isUp) {
      if (this.hasPeer) this.comeUp();
      else this.silence ??= port.clock.setTimeout(() => void this.countSilent(), SILENT_MS);
    } else if (stay?.isFailed)
      listener.onLost(port.createError('ServerConnectFailed', 'there is no way to the media server'));
  }

  private comeUp(): void {
    this.wasUp = true;
    this.stopSilence();
    this.deps.listener.onUp();
  }

  /** The own side is up, and nothing comes. */
  private async countSilent(): Promise<void> {
    this.isCountingSilent = true;
    await this.stay?.countSilent().catch((error: unknown) => this.handleFailure(error as FlooError));
  }

  private setPeer(isThere: boolean): void {
    if (isThere === this.hasPeer || this.isClosed) return;
    this.hasPeer = isThere;
    if (!isThere) this.deps.listener.onPeerLeft();
    else if (this.hadPeer) this.deps.listener.onPeerBack();
    this.hadPeer = true;
  }

  private setUnheard(isUnheard: boolean): void {
    this.isUnheard = isUnheard;
    if (this.wasUp) this.update();
  }

  /** Janus has ended the session, or a connection of it. */
  private endStay(stay: RoomStay): void {
    if (stay !== this.stay) return;
    const { port, listener } = this.deps;
    // It stays until the call ends: it may destroy the room.
    if (this.room && !this.wasUp)
      return listener.onLost(port.createError('ServerConnectFailed', 'the media server has ended the session'));
    this.drop();
    if (this.wasUp) this.update();
    else void this.opened().catch(() => undefined); // `join` tries again
    return undefined;
  }

  /** Looks, before media flows, whether the session is still there. */
  private async probe(): Promise<void> {
    const { opening } = this;
    try {
      await (await opening)?.check();
    } catch (error) {
      // Another failure is no news: the next request meets it, too.
      if (isGone(error) && this.stay && opening === this.opening && !this.isClosed) this.endStay(this.stay);
    }
  }

  private async tryAgain(): Promise<void> {
    if (!this.isOnline || this.isTrying) return;
    this.isTrying = true;
    const failure = await this.attempt().then(
      () => undefined,
      (error: unknown) => error as FlooError,
    );
    this.isTrying = false;
    if (failure) this.handleFailure(failure);
    else this.setUnheard(false);
  }

  /** Another way for the stay that there is; without it, or when it is gone, everything anew in the same room. */
  private async attempt(): Promise<void> {
    const { stay } = this;
    const { ice, port } = this.deps;
    try {
      // A credential may have expired.
      if (stay && !stay.isUp) await stay.restart(await resolveConfiguration(ice, port));
      if (stay) {
        await stay.check();
        return;
      }
    } catch (error) {
      if (!isGone(error)) throw error;
      this.drop();
    }
    try {
      await this.join(this.room!);
      if (this.isCountingSilent) await this.stay?.countSilent();
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  private handleFailure(error: FlooError): void {
    if (this.isClosed) return;
    const { listener } = this.deps;
    if (janusCode(error) === NO_ROOM) listener.onLost(error);
    else if (isGone(error)) {
      if (this.stay) this.endStay(this.stay);
    } else if (error.reason !== 'ServerNotReachable' && (this.isUp || !this.wasUp)) listener.onError(error);
    if (this.wasUp) this.update(); // the next try follows
  }

  private stopSilence(): void {
    if (this.silence !== undefined) this.deps.port.clock.clearTimeout(this.silence);
  }

  private stopOffline(): void {
    if (this.offline !== undefined) this.deps.port.clock.clearTimeout(this.offline);
  }
}

/** Whether the session is gone, or a handle of it. */
const isGone = (error: unknown): boolean => (error as Partial<FlooError>).reason === 'ServerNeedReconnected';
