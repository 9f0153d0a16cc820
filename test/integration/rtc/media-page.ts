/** What runs in the pages of the tests of media: a client whose calls are only their media, for the test to drive. */
import { createClient } from '../../../src/entries/browser.ts';
import type { CallPort, CallsEngine } from '../../../src/entries/browser.ts';
import type { CallMedia, CallMediaListener, CallsMedia } from '../../../src/rtc/call-media.ts';
import { createCallsMedia } from '../../../src/rtc/create-call-media.ts';

const connections: RTCPeerConnection[] = [];
const captured: MediaStreamTrack[] = [];
const heard: string[] = [];

window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    connections.push(this);
  }
};
for (const name of ['getUserMedia', 'getDisplayMedia'] as const) {
  const capture = navigator.mediaDevices[name].bind(navigator.mediaDevices);
  navigator.mediaDevices[name] = async (wanted) => {
    const stream = await capture(wanted);
    captured.push(...stream.getTracks());
    return stream;
  };
}

const listener: CallMediaListener = {
  onUp: () => void heard.push('up'),
  onBroken: () => void heard.push('broken'),
  onHealed: () => void heard.push('healed'),
  onLost: ({ reason }) => void heard.push(`lost ${reason}`),
  onPeerLeft: () => void heard.push('peer left'),
  onPeerBack: () => void heard.push('peer back'),
  onTracks: () => undefined,
  onQuality: (quality) => void heard.push(`quality ${quality}`),
  onAudioBlocked: () => void heard.push('audio blocked'),
  onError: ({ reason, message }) => void heard.push(`error ${reason} ${message}`),
};

let calls: CallsMedia;
let media: CallMedia | undefined;
let isOnline = false;

const nothing = (): undefined => undefined;
const engine: Omit<CallsEngine<object>, 'calls'> = {
  rtcManage: {
    ...{ initRTCEngine: nothing, joinRoom: nothing, leaveRoom: nothing, publish: nothing, unPublish: nothing },
    ...{ subscribe: nothing, unSubscribe: nothing, muteLocalAudio: nothing, muteLocalVideo: nothing },
    ...{ muteRemoteAudio: nothing, muteRemoteVideo: nothing, destroy: nothing },
    ...{ getJanusObject: () => null, getPublishHandler: () => null, getSubscribeHandler: () => null },
    getInCallStatus: () => false,
  },
  handleSignal: (content) => calls.handleSignal(content),
  handleMessage: nothing,
  handleOnline: (is) => {
    isOnline = is;
    calls.handleOnline(is);
  },
  handleSessionEnd: nothing,
  dispose: nothing,
};

/** What has come so far, over all connections that are open. */
async function countIncoming(): Promise<{ frames: number; audioPackets: number; width: number }> {
  const incoming = { frames: 0, audioPackets: 0, width: 0 };
  for (const connection of connections.filter(({ connectionState }) => connectionState !== 'closed'))
    (await connection.getStats()).forEach((report: Record<string, unknown>) => {
      if (report['type'] !== 'inbound-rtp') return;
      incoming.frames += Number(report['framesDecoded'] ?? 0);
      incoming.width = Math.max(incoming.width, Number(report['frameWidth'] ?? 0));
      if (report['kind'] === 'audio') incoming.audioPackets += Number(report['packetsReceived']);
    });
  return incoming;
}

const page = {
  heard,
  captured,
  connections,
  countIncoming,
  async login(dnsServer: string, name: string, password: string) {
    const client = createClient({
      dnsServer,
      logLevel: 'debug',
      rtc: {
        create: (port: CallPort) => {
          calls = createCallsMedia(port, { iceServers: [] });
          return { ...engine, calls: {} };
        },
      },
    });
    await client.login({ name, password });
    return client;
  },
  open() {
    media = calls.open(listener);
  },
  isOnline: () => isOnline,
  get media(): CallMedia {
    return media!;
  },
  /** Connections that are open, and tracks that are live. */
  left: () => ({
    connections: connections.filter(({ connectionState }) => connectionState !== 'closed').length,
    tracks: captured.filter(({ readyState }) => readyState === 'live').length,
  }),
  /** The names under which each connection looks for its way. A restart changes them. */
  ways: () =>
    connections
      .filter(({ connectionState }) => connectionState !== 'closed')
      .map(({ localDescription }) => /a=ice-ufrag:(\S+)/.exec(localDescription?.sdp ?? '')?.[1]),
};

export type MediaPage = typeof page;

declare global {
  interface Window {
    page: MediaPage;
  }
}

window.page = page;
