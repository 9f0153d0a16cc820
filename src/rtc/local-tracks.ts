import type { CallPort } from '../call-port.ts';
import type { FlooError } from '../errors.ts';
import type { LocalMedia, MediaOptions } from './media-types.ts';
import { CapturedDevice } from './captured-device.ts';
import { deviceError, mediaDevices, watchDevices } from './devices.ts';
import type { Outgoing } from './publisher.ts';

const WIDTH = 640;
const HEIGHT = 360;

export interface LocalTracksDeps {
  readonly port: CallPort;
  /** Sends what `outgoing` has now. */
  send(): Promise<void>;
  onTracks(): void;
  onError(error: FlooError): void;
}

/** What the user sends: a microphone, a camera and a screen. */
export class LocalTracks {
  private readonly deps: LocalTracksDeps;
  private readonly microphone: CapturedDevice;
  private readonly camera: CapturedDevice;
  private readonly stopWatching: () => void;
  private options: MediaOptions = {};
  private screen: MediaStream | null = null;
  /** The other side shows it beside the camera. */
  private isScreenApart = false;
  /** There is a way for the camera's picture. */
  private hasPicture = false;
  private sent: Promise<void> = Promise.resolve();
  private last: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  constructor(deps: LocalTracksDeps) {
    this.deps = deps;
    const { port, onError } = deps;
    const onTrack = (): void => this.change();
    const wishes = (): MediaTrackConstraints => {
      const { width = WIDTH, height = HEIGHT } = this.options;
      return { width: { ideal: width }, height: { ideal: height } };
    };
    this.microphone = new CapturedDevice({ port, kind: 'microphone', wishes: () => ({}), onTrack, onError });
    this.camera = new CapturedDevice({ port, kind: 'camera', wishes, onTrack, onError });
    this.stopWatching = watchDevices(() => {
      for (const device of [this.microphone, this.camera]) void this.run(async () => device.returnToChosen());
    });
  }

  get media(): LocalMedia {
    const { microphone, camera, screen } = this;
    return {
      ...{ camera: camera.stream, microphone: microphone.stream, screen },
      isMicrophoneOn: microphone.track?.enabled === true,
    };
  }

  /** The camera's stream, also while it is off. */
  get preview(): MediaStream {
    return this.camera.own;
  }

  /** Most bits a second of the picture. */
  get maxBitrate(): number | undefined {
    return this.options.maxBitrate;
  }

  outgoing(): Outgoing {
    const { microphone, camera, isScreenApart, hasPicture } = this;
    const screen = this.screen?.getTracks()[0];
    return {
      // A camera that is off keeps its way; without a microphone the room knows that no sound comes.
      audio: microphone.track ?? undefined,
      video: hasPicture ? ((isScreenApart ? undefined : screen) ?? camera.track) : undefined,
      screen: isScreenApart ? screen : undefined,
    };
  }

  /**
   * Takes the devices. Of two, one is enough.
   *
   * @throws FlooError when there is none
   */
  async take(video: boolean, options: MediaOptions): Promise<void> {
    const { microphone, camera } = this;
    this.options = options;
    this.hasPicture = video;
    microphone.chosen = options.microphone;
    camera.chosen = options.camera;
    if (video && (await this.takeBoth())) return;
    const failures: FlooError[] = [];
    const wanted = video ? [microphone, camera] : [microphone];
    for (const device of wanted) await device.take().catch((error: unknown) => failures.push(error as FlooError));
    if (failures.length === wanted.length || this.isClosed) throw failures[0]!;
    failures.forEach(this.deps.onError);
  }

  async setMicrophone(to: boolean | string): Promise<void> {
    const { microphone } = this;
    await this.run(async () => {
      if (typeof to === 'string') await microphone.take(to);
      else if (!to && this.options.releaseMicrophone) microphone.release();
      else if (microphone.track) {
        // The device stays on: a headset would change its mode, and the first word would be cut off.
        microphone.track.enabled = to;
        this.deps.onTracks();
      } else if (to) await microphone.take();
      await this.sent;
    });
  }

  async setCamera(to: boolean | string): Promise<void> {
    const { camera } = this;
    await this.run(async () => {
      if (to === false) camera.release();
      else if (typeof to === 'string' || !camera.track) {
        this.hasPicture = true;
        await camera.take(to === true ? undefined : to);
      }
      await this.sent;
    });
  }

  async shareScreen(isApart: boolean): Promise<void> {
    const { port } = this.deps;
    if (!isApart && !this.hasPicture) throw port.createError('GeneralError', 'the other side shows no picture');
    // The browser shows its prompt only while it handles a click, so it does not wait its turn.
    const screen = await this.captureScreen();
    await this.run(async () => {
      if (this.isClosed) {
        stopAll(screen);
        throw port.createError('UserCancel', 'the call has ended');
      }
      this.endScreen();
      this.screen = screen;
      this.isScreenApart = isApart;
      screen.getTracks()[0]!.onended = () => this.stopSharing();
      this.change();
      await this.sent.catch((error: unknown) => {
        this.stopSharing();
        throw error;
      });
    });
  }

  stopSharing(): void {
    if (!this.screen) return;
    this.endScreen();
    this.change();
  }

  close(): void {
    this.isClosed = true;
    this.stopWatching();
    this.microphone.close();
    this.camera.close();
    this.endScreen();
  }

  /** Asks for both at once, which is one question to the user. @returns whether there are both */
  private async takeBoth(): Promise<boolean> {
    const { microphone, camera } = this;
    const devices = mediaDevices();
    const stream = await devices
      ?.getUserMedia({ ...microphone.constraints(), ...camera.constraints() })
      .catch(() => undefined); // each by itself says what is wrong
    if (!stream) return false;
    if (this.isClosed) stopAll(stream);
    microphone.use(stream.getAudioTracks()[0]!);
    camera.use(stream.getVideoTracks()[0]!);
    return true;
  }

  private async captureScreen(): Promise<MediaStream> {
    const { port } = this.deps;
    const devices = mediaDevices();
    // Phones have no such thing.
    if (!devices?.getDisplayMedia) throw port.createError('NotFound', 'this browser shares no screen');
    try {
      return await devices.getDisplayMedia({ video: true });
    } catch (cause) {
      throw deviceError(port, 'screen', cause);
    }
  }

  private endScreen(): void {
    if (this.screen) stopAll(this.screen);
    this.screen = null;
  }

  private change(): void {
    if (this.isClosed) return;
    this.deps.onTracks();
    this.sent = this.deps.send();
    this.sent.catch((error: unknown) => {
      if (!this.isClosed) this.deps.onError(error as FlooError);
    });
  }

  /** One change of a device after another. */
  private async run(task: () => Promise<void>): Promise<void> {
    const result = this.last.then(task);
    this.last = result.catch(() => undefined); // whoever asked for it hears of it
    return result;
  }
}

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) {
    track.onended = null;
    track.stop();
  }
}
