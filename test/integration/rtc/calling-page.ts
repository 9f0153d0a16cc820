/** What runs in the pages of the tests of calls: a client that can call, for the test to drive, and what can be counted around it. */
import { createClient } from '../../../src/entries/browser.ts';
import type { FlooClient, FlooError } from '../../../src/entries/browser.ts';
import { calls } from '../../../src/rtc/index.ts';
import type { Call, CallRecord, Calls, IceOptions, MediaDevice } from '../../../src/rtc/index.ts';
import { createDeployedApp } from './deployed-app.ts';
import type { DeployedApp } from './deployed-app.ts';

/** Connections that are open and tracks that were captured. What is over is not kept, because heaps are compared. */
const connections = new Set<RTCPeerConnection>();
const captured = new Set<MediaStreamTrack>();

window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    connections.add(this);
  }
  override close(): void {
    connections.delete(this);
    super.close();
  }
};
for (const name of ['getUserMedia', 'getDisplayMedia'] as const) {
  const capture = navigator.mediaDevices[name].bind(navigator.mediaDevices);
  navigator.mediaDevices[name] = async (wanted) => {
    const stream = await capture(wanted);
    for (const track of stream.getTracks()) captured.add(track);
    return stream;
  };
}

const violations: string[] = [];
addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  violations.push(`${violatedDirective} ${blockedURI}`),
);

/** Media goes by way of a TURN server only. */
export interface ByTurn {
  readonly url: string;
  readonly username: string;
  /** The app's function gives them one after the other, and the last one again and again. A single one is given without a function. */
  readonly credentials: readonly string[];
}

export interface Login {
  readonly dnsServer: string;
  readonly name: string;
  readonly password: string;
  readonly ringTimeoutMs?: number;
  readonly turn?: ByTurn;
}

/** How often the app was asked for a credential. */
let asked = 0;

function iceOf(turn: ByTurn | undefined): IceOptions {
  if (!turn) return { iceServers: [] };
  const { url: urls, username, credentials } = turn;
  const serversWith = (credential: string | undefined) => [{ urls, username, credential }] as RTCIceServer[];
  const next = async () => serversWith(credentials[Math.min(asked++, credentials.length - 1)]);
  return { iceServers: credentials.length > 1 ? next : serversWith(credentials[0]), iceTransportPolicy: 'relay' };
}

/** What a test sees of a call. */
export type CallView = Pick<Call, 'id' | 'peer' | 'direction' | 'video' | 'state' | 'reason' | 'durationMs'>;

const viewOf = ({ id, peer, direction, video, state, reason, durationMs }: Call): CallView => ({
  ...{ id, peer, direction, video, state, reason, durationMs },
});

let im: FlooClient & { readonly calls: Calls };
let deployed: DeployedApp | undefined;
/** Rooms that call messages named. */
const rooms = new Set<string>();
/** Messages that are records. */
const recorded = new Set<string>();
const ended: CallView[] = [];
const errors: string[] = [];
/** The events of calls: states, qualities and failures that a call survived. */
const heard: string[] = [];
let rung = 0;

/** What has come so far, over all connections that are open. */
async function countIncoming(): Promise<{ frames: number; audioPackets: number; width: number; energy: number }> {
  const incoming = { frames: 0, audioPackets: 0, width: 0, energy: 0 };
  for (const connection of connections)
    (await connection.getStats()).forEach((report: Record<string, unknown>) => {
      if (report['type'] !== 'inbound-rtp') return;
      incoming.frames += Number(report['framesDecoded'] ?? 0);
      incoming.width = Math.max(incoming.width, Number(report['frameWidth'] ?? 0));
      if (report['kind'] !== 'audio') return;
      incoming.audioPackets += Number(report['packetsReceived']);
      incoming.energy += Number(report['totalAudioEnergy'] ?? 0);
    });
  return incoming;
}

const pause = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

function listen(call: Call): void {
  call.on('state', (state) => heard.push(state));
  call.on('quality', (quality) => heard.push(quality));
  call.on('peerCamera', (isOn) => heard.push(`camera ${isOn ? 'on' : 'off'}`));
  call.on('error', ({ reason, details }) => heard.push(`${reason} ${String(details?.['device'])}`));
}

const page = {
  violations,
  heard,
  countIncoming,
  /** The call of now. */
  call: (): Call => im.calls.current!,
  async login({ dnsServer, name, password, ringTimeoutMs, turn }: Login): Promise<string> {
    im = createClient({
      ...{ dnsServer, autoLogin: false, logLevel: 'error' },
      rtc: calls({ ...iceOf(turn), ...(ringTimeoutMs !== undefined && { ringTimeoutMs }) }),
    });
    im.on('onRosterRTCMessage', (message) => {
      const { id, config } = message;
      if (im.calls.readRecord(message)) recorded.add(id);
      if (config?.['roomId'] !== undefined) rooms.add(String(config['roomId']));
    });
    im.calls.on('incomingCall', () => rung++);
    im.calls.on('current', (call) => call && listen(call));
    im.calls.on('callEnded', (call) => {
      ended.push(viewOf(call));
      if (call.error) errors.push(call.error.reason);
    });
    await im.login({ name, password });
    return String(im.userManage.getUid());
  },
  /** Resolves with the call, or with the reason for which there is none. */
  start: async (uid: string, video: boolean): Promise<string> =>
    im.calls.start({ uid, video }).then(
      ({ id }) => id,
      (error: unknown) => (error as FlooError).reason,
    ),
  accept: async (): Promise<void> => im.calls.current?.accept(),
  decline: (): void => im.calls.current?.decline(),
  hangUp: (): void => im.calls.current?.hangUp(),
  setCamera: async (isOn: boolean): Promise<void> => im.calls.current?.setCamera(isOn),
  /** Resolves with the reason for which the screen is not shared, if there is one. */
  shareScreen: async (): Promise<string | undefined> =>
    im.calls.current!.shareScreen().then(
      () => undefined,
      (error: unknown) => (error as FlooError).reason,
    ),
  stopSharing: (): void => im.calls.current?.stopSharing(),
  isPeerCameraOff: (): boolean | undefined => im.calls.current?.remote.isCameraOff,
  current: (): CallView | undefined => (im.calls.current ? viewOf(im.calls.current) : undefined),
  /** Reasons of the errors of calls that failed. */
  errors: (): string[] => errors,
  /** Why the calls so far ended, oldest first. */
  reasons: (): string[] => ended.map(({ reason }) => String(reason)),
  rung: (): number => rung,
  asked: (): number => asked,
  /** Of which kinds the ways are that media takes from here. */
  async ways(): Promise<string[]> {
    const kinds: string[] = [];
    for (const connection of connections) {
      const reports = new Map<string, Record<string, string>>();
      (await connection.getStats()).forEach((report: Record<string, string>) => reports.set(report['id']!, report));
      for (const { type, selectedCandidatePairId } of reports.values()) {
        if (type !== 'transport') continue;
        const pair = reports.get(selectedCandidatePairId ?? '');
        kinds.push(String(reports.get(pair?.['localCandidateId'] ?? '')?.['candidateType']));
      }
    }
    return kinds;
  },
  /** The time when the first frame of a call was decoded. */
  async firstPicture(): Promise<number> {
    while ((await countIncoming()).frames === 0) await pause();
    return Date.now();
  },
  records: (uid: string): CallRecord[] =>
    im.rosterManage
      .getRosterMessageByRid(uid)
      .map((message) => im.calls.readRecord(message))
      .filter((record) => record !== null),
  /** How many records have come, from either side. */
  recorded: (): number => recorded.size,
  /** Rooms that call messages have named. */
  rooms: (): string[] => [...rooms],
  /** The same, since the last time. */
  takeRooms(): string[] {
    const taken = [...rooms];
    rooms.clear();
    return taken;
  },
  /** Connections that are open, and tracks that are live. */
  left() {
    for (const track of captured) if (track.readyState === 'ended') captured.delete(track);
    return { connections: connections.size, tracks: captured.size };
  },
  devices: async (kind: MediaDevice['kind']): Promise<MediaDevice[]> => im.calls.devices(kind),
  /** The name under which each connection looks for its way. A restarted or new one has another. */
  names: () =>
    [...connections].map(({ localDescription }) => /a=ice-ufrag:(\S+)/.exec(localDescription?.sdp ?? '')?.[1]),
  logout: async (): Promise<void> => im.logout(),
  /** Uses only what the deployed SDK has from here on. */
  get deployed(): DeployedApp {
    return (deployed ??= createDeployedApp(im));
  },
};

export type CallPage = typeof page;

declare global {
  interface Window {
    callPage: CallPage;
  }
}

window.callPage = page;
