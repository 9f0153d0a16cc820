import { vi } from 'vitest';
import { wrongly } from '../../support/fakes.ts';

export class FakeTrack extends EventTarget {
  readyState: 'live' | 'ended' = 'live';
  enabled = true;
  onended: (() => void) | null = null;
  readonly kind: 'audio' | 'video';
  readonly deviceId: string;

  constructor(kind: 'audio' | 'video', deviceId: string) {
    super();
    this.kind = kind;
    this.deviceId = deviceId;
  }

  getSettings(): { deviceId: string } {
    return { deviceId: this.deviceId };
  }

  stop(): void {
    this.readyState = 'ended';
  }

  /** The device is gone. */
  end(): void {
    this.stop();
    this.onended?.();
  }
}

export class FakeStream {
  private readonly tracks: FakeTrack[];

  constructor(tracks: FakeTrack[] = []) {
    this.tracks = [...tracks];
  }

  getTracks(): FakeTrack[] {
    return [...this.tracks];
  }

  getAudioTracks(): FakeTrack[] {
    return this.tracks.filter(({ kind }) => kind === 'audio');
  }

  getVideoTracks(): FakeTrack[] {
    return this.tracks.filter(({ kind }) => kind === 'video');
  }

  addTrack(track: FakeTrack): void {
    if (!this.tracks.includes(track)) this.tracks.push(track);
  }

  removeTrack(track: FakeTrack): void {
    const at = this.tracks.indexOf(track);
    if (at >= 0) this.tracks.splice(at, 1);
  }
}

interface FakeSender {
  track: FakeTrack | null;
  readonly transport: { state: string; onstatechange: (() => void) | null };
  replaceTrack(track: FakeTrack | null): Promise<void>;
}

interface FakeTransceiver {
  mid: string | null;
  direction: string;
  readonly sender: FakeSender;
  readonly receiver: { readonly track: FakeTrack };
}

export class FakeConnection {
  static readonly all: FakeConnection[] = [];
  iceConnectionState = 'new';
  remoteDescription: object | null = null;
  isClosed = false;
  offers = 0;
  restarts = 0;
  readonly candidates: object[] = [];
  readonly configurations: object[] = [];
  readonly transceivers: FakeTransceiver[] = [];
  readonly transport: FakeSender['transport'] = { state: 'connected', onstatechange: null };
  onicecandidate: ((event: { candidate: object | null }) => void) | null = null;
  oniceconnectionstatechange: (() => void) | null = null;

  constructor(configuration: object = {}) {
    this.setConfiguration(configuration);
    FakeConnection.all.push(this);
  }

  setConfiguration(configuration: object): void {
    this.configurations.push(configuration);
  }

  static open(): FakeConnection[] {
    return FakeConnection.all.filter(({ isClosed }) => !isClosed);
  }

  /** The way to the media server is like this now. */
  become(state: string): void {
    this.iceConnectionState = state;
    this.oniceconnectionstatechange?.();
  }

  addTransceiver(from: FakeTrack | 'audio' | 'video', { direction }: { direction: string }): FakeTransceiver {
    const kind = typeof from === 'string' ? from : from.kind;
    const transceiver: FakeTransceiver = {
      mid: String(this.transceivers.length),
      direction,
      sender: {
        track: typeof from === 'string' ? null : from,
        transport: this.transport,
        replaceTrack: async (track) => {
          transceiver.sender.track = track;
        },
      },
      receiver: { track: new FakeTrack(kind, '') },
    };
    this.transceivers.push(transceiver);
    return transceiver;
  }

  /** Janus closes its side. */
  closeByPeer(): void {
    this.transport.state = 'closed';
    this.transport.onstatechange?.();
  }

  getSenders(): FakeSender[] {
    return this.transceivers.map(({ sender }) => sender);
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }

  async createOffer(options?: { iceRestart?: boolean }): Promise<object> {
    this.mustOpen();
    this.offers++;
    if (options?.iceRestart) this.restarts++;
    return { type: 'offer', sdp: 'v=0 secret' };
  }

  async createAnswer(): Promise<object> {
    this.mustOpen();
    return { type: 'answer', sdp: 'v=0 secret' };
  }

  async setLocalDescription(): Promise<void> {
    this.mustOpen();
  }

  async setRemoteDescription(description: { type: string }): Promise<void> {
    this.mustOpen();
    if (description.type === 'offer' && this.transceivers.length === 0)
      for (const kind of ['audio', 'video'] as const) this.addTransceiver(kind, { direction: 'recvonly' });
    this.remoteDescription = description;
  }

  async addIceCandidate(candidate: object): Promise<void> {
    this.candidates.push(candidate);
  }

  async getStats(): Promise<Map<string, object>> {
    return new Map();
  }

  close(): void {
    this.isClosed = true;
    this.iceConnectionState = 'closed';
  }

  private mustOpen(): void {
    if (this.isClosed) throw new Error('v=0 secret: the connection is closed');
  }
}

const failure = (name: string): Error => Object.assign(new Error(name), { name });

/** The devices of a browser, and what it gives. */
export class FakeDevices extends EventTarget {
  cameras = ['front', 'back'];
  microphones = ['headset'];
  /** Names of errors for the next captures, by kind of device. */
  readonly failures: { camera: string[]; microphone: string[]; screen: string[] } = {
    camera: [],
    microphone: [],
    screen: [],
  };
  readonly captured: FakeTrack[] = [];
  readonly asked: MediaStreamConstraints[] = [];

  live(): FakeTrack[] {
    return this.captured.filter(({ readyState }) => readyState === 'live');
  }

  async enumerateDevices(): Promise<object[]> {
    const list = (kind: string, ids: string[]): object[] =>
      ids.map((deviceId) => ({ deviceId, kind, label: `the ${deviceId}` }));
    return [...list('videoinput', this.cameras), ...list('audioinput', this.microphones)];
  }

  async getUserMedia(wanted: MediaStreamConstraints): Promise<FakeStream> {
    this.asked.push(wanted);
    const tracks = [
      ...(wanted.audio ? [this.capture('microphone', wanted.audio)] : []),
      ...(wanted.video ? [this.capture('camera', wanted.video)] : []),
    ];
    this.captured.push(...tracks);
    return new FakeStream(tracks);
  }

  async getDisplayMedia(): Promise<FakeStream> {
    const name = this.failures.screen.shift();
    if (name) throw failure(name);
    const track = new FakeTrack('video', 'screen');
    this.captured.push(track);
    return new FakeStream([track]);
  }

  private capture(kind: 'camera' | 'microphone', wanted: true | MediaTrackConstraints): FakeTrack {
    const name = this.failures[kind].shift();
    if (name) throw failure(name);
    const there = kind === 'camera' ? this.cameras : this.microphones;
    const exact = wanted === true ? undefined : (wanted.deviceId as { exact: string } | undefined)?.exact;
    if (there.length === 0) throw failure('NotFoundError');
    if (exact !== undefined && !there.includes(exact)) throw failure('OverconstrainedError');
    return new FakeTrack(kind === 'camera' ? 'video' : 'audio', exact ?? there[0]!);
  }
}

/** Puts the globals of a browser in place, until `vi.unstubAllGlobals`. */
export function stubBrowser(): FakeDevices {
  const devices = new FakeDevices();
  FakeConnection.all.length = 0;
  vi.stubGlobal('navigator', { mediaDevices: devices });
  vi.stubGlobal('RTCPeerConnection', FakeConnection);
  vi.stubGlobal('MediaStream', FakeStream);
  return devices;
}

/** What the browser gave, as the code sees it. */
export const asTrack = (track: FakeTrack): MediaStreamTrack => wrongly(track);
