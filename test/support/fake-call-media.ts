/** The media of calls as a test plays it: for clients in Node and in pages. */
import type { CallsPlugin } from '../../src/call-port.ts';
import { createCallsEngine } from '../../src/rtc/calls-engine.ts';
import type { MediaSupport } from '../../src/rtc/calls-engine.ts';
import type { CallMedia, CallMediaListener, CallRoom, CallsMedia } from '../../src/rtc/call-media.ts';
import type { Calls } from '../../src/rtc/calls.ts';
import type { LocalMedia } from '../../src/rtc/media-types.ts';

export const RING_MS = 60_000;

/** Media that does what a test says. */
export interface FakeMedia extends CallMedia {
  readonly listener: CallMediaListener;
  /** What was asked of it. */
  readonly log: string[];
  /** What elements show now. */
  readonly shown: Map<HTMLMediaElement, string>;
  isClosed: boolean;
}

/** What all media of a client does. */
export interface MediaPlan {
  readonly made: FakeMedia[];
  /** Steps that fail, by their names. */
  readonly failures: Partial<Record<'takeDevices' | 'makeRoom' | 'join', Error>>;
  /** Whether this page can make calls. */
  isSupported: boolean;
  /** Steps that wait for this. */
  gate: Promise<void> | undefined;
}

export const createPlan = (): MediaPlan => ({ made: [], failures: {}, isSupported: true, gate: undefined });

const STREAM = {} as MediaStream;

function createFakeMedia(listener: CallMediaListener, plan: MediaPlan): FakeMedia {
  const log: string[] = [];
  const shown = new Map<HTMLMediaElement, string>();
  const local: LocalMedia = { camera: null, microphone: null, screen: null, isMicrophoneOn: false };
  const does = async (step: keyof MediaPlan['failures'], entry: string): Promise<void> => {
    log.push(entry);
    await plan.gate;
    const failure = plan.failures[step];
    if (failure) throw failure;
  };
  const change = (to: Partial<LocalMedia>): void => {
    Object.assign(local, to);
    listener.onTracks();
  };
  const media: FakeMedia = {
    listener,
    log,
    shown,
    isClosed: false,
    get local() {
      return { ...local };
    },
    remote: { video: null, audio: null, screen: null },
    takeDevices: async ({ video }) => {
      await does('takeDevices', `devices ${video ? 'video' : 'audio'}`);
      Object.assign(local, { camera: video ? STREAM : null, microphone: STREAM, isMicrophoneOn: true });
    },
    makeRoom: async () => {
      await does('makeRoom', 'makes a room');
      return { room: '4711', pin: 'the pin', secret: 'the secret' };
    },
    join: async ({ room, pin }: CallRoom) => does('join', `joins ${room} ${pin}`),
    setMicrophone: async (to) => change({ isMicrophoneOn: to !== false }),
    setCamera: async (to) => change({ camera: to === false ? null : STREAM }),
    setSpeaker: async () => undefined,
    shareScreen: async (hasSecondPicture) => void log.push(`screen ${hasSecondPicture ? 'beside' : 'instead'}`),
    stopSharing: () => undefined,
    attach: (element, what) => {
      log.push(`shows ${what}`);
      shown.set(element, what);
      return () => {
        log.push(`hides ${what}`);
        shown.delete(element);
      };
    },

    resumeAudio: async () => undefined,
    stats: async () => ({}),
    close: () => {
      log.push('closes');
      shown.clear();
      media.isClosed = true;
    },
  };
  plan.made.push(media);
  return media;
}

/** The media of all calls of a client. */
export const fakeCallsMedia = (plan: MediaPlan): CallsMedia => ({
  open: (listener) => createFakeMedia(listener, plan),
  handleOnline: () => undefined,
  handleSignal: () => undefined,
});

/** No device comes or goes. */
export const fakeDevices = (plan: MediaPlan): MediaSupport => ({
  isSupported: () => plan.isSupported,
  listDevices: async () => [],
  watchDevices: () => () => undefined,
});

/** Calls on fake media, for the option `rtc`. */
export const fakeCalls = (plan: MediaPlan): CallsPlugin<Calls> => ({
  create: (port) =>
    createCallsEngine({
      ...{ port, page: undefined, ringMs: RING_MS, support: fakeDevices(plan) },
      media: fakeCallsMedia(plan),
    }),
});
