import type { CallPort } from '../call-port.ts';
import type { FlooError } from '../errors.ts';
import { deviceError, isInUse, listDevices, mediaDevices } from './devices.ts';

/** Ways a camera looks, which stand for a device id. */
const FACING = ['user', 'environment'];

export interface CapturedDeviceDeps {
  readonly port: CallPort;
  readonly kind: 'camera' | 'microphone';
  /** What is asked for beside the device. */
  wishes(): MediaTrackConstraints;
  /** Another track, or none. */
  onTrack(): void;
  onError(error: FlooError): void;
}

/** The camera or microphone of a call. Its stream stays the same object while the device is another. */
export class CapturedDevice {
  /** The device that was chosen. Undefined: any. */
  chosen: string | undefined;
  private readonly deps: CapturedDeviceDeps;
  /** It has the track while the device is on. */
  readonly own = new MediaStream();
  private isClosed = false;

  constructor(deps: CapturedDeviceDeps) {
    this.deps = deps;
  }

  get track(): MediaStreamTrack | null {
    return this.own.getTracks()[0] ?? null;
  }

  /** Null while the device is off. */
  get stream(): MediaStream | null {
    return this.track ? this.own : null;
  }

  /** What to ask the browser for. */
  constraints(choice = this.chosen): MediaStreamConstraints {
    const { kind, wishes } = this.deps;
    const facing = choice ?? 'user';
    const isFacing = choice === undefined || FACING.includes(facing);
    const which = isFacing ? kind === 'camera' && { facingMode: facing } : { deviceId: { exact: facing } };
    const all = { ...wishes(), ...which };
    return kind === 'camera' ? { video: all } : { audio: all };
  }

  /**
   * Takes a device in the place of the one before.
   *
   * @throws FlooError as `deviceError` names it; the one before goes on
   */
  async take(choice = this.chosen): Promise<void> {
    const before = this.track;
    const stream = await this.capture(choice);
    this.chosen = choice;
    this.use(stream.getTracks()[0]!, before?.enabled ?? true);
  }

  /** Uses a track in the place of the one before, which is released. */
  use(track: MediaStreamTrack, isOn = true): void {
    if (this.isClosed) {
      track.stop();
      throw this.deps.port.createError('UserCancel', 'the call has ended');
    }
    this.remove();
    track.enabled = isOn;
    track.onended = () => void this.replace();
    this.own.addTrack(track);
    this.deps.onTrack();
  }

  /** Releases the device. */
  release(): void {
    if (!this.track) return;
    this.remove();
    this.deps.onTrack();
  }

  close(): void {
    this.isClosed = true;
    this.remove();
  }

  /** Devices came or went: the chosen one may be back. */
  async returnToChosen(): Promise<void> {
    const { chosen, track } = this;
    if (chosen === undefined || !track || track.getSettings().deviceId === chosen) return;
    const devices = await listDevices(this.deps.kind);
    if (devices.some(({ deviceId }) => deviceId === chosen)) await this.take(chosen).catch(this.deps.onError);
  }

  private remove(): void {
    for (const track of this.own.getTracks()) {
      track.onended = null;
      track.stop();
      this.own.removeTrack(track);
    }
  }

  private async capture(choice: string | undefined): Promise<MediaStream> {
    const { port, kind } = this.deps;
    const devices = mediaDevices();
    if (!devices)
      throw port.createError('ServerRtcNotOpen', 'this page has no devices', { details: { support: false } });
    try {
      return await devices.getUserMedia(this.constraints(choice));
    } catch (cause) {
      if (!this.track || !isInUse(cause)) throw deviceError(port, kind, cause);
    }
    const isOn = this.track.enabled;
    this.remove();
    try {
      return await devices.getUserMedia(this.constraints(choice));
    } catch (cause) {
      await devices.getUserMedia(this.constraints()).then(
        (stream) => this.use(stream.getTracks()[0]!, isOn),
        () => this.deps.onTrack(),
      );
      throw deviceError(port, kind, cause);
    }
  }

  /** The device is gone: unplugged, or no longer allowed. Any other takes its place, and the chosen one when it is back. */
  private async replace(): Promise<void> {
    const { port, kind, onError } = this.deps;
    const isOn = this.track?.enabled ?? true;
    this.release();
    try {
      const stream = await mediaDevices()!.getUserMedia(this.constraints(kind === 'camera' ? 'user' : undefined));
      this.use(stream.getTracks()[0]!, isOn);
    } catch (cause) {
      if (!this.isClosed) onError(deviceError(port, kind, cause));
    }
  }
}
