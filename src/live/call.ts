import type { FlooClient, FlooError } from '../index.ts';
import type { Call, CallEndReason, CallQuality, Calls, CallState, LocalMedia, RemoteMedia } from '../rtc/index.ts';
import { createCallElements } from './call-elements.ts';
import type { CallElements } from './call-elements.ts';
import { keepFields } from './equal.ts';
import type { Hub } from './hub.ts';
import { createLive } from './live.ts';
import type { Live } from './live.ts';

/** The call of the user, as a screen shows it. */
export interface CallView {
  /** `im.calls`, which starts calls. Undefined on a server, and before there is a client. */
  readonly calls: Calls | undefined;
  /** The call that rings or goes on, and after its end still that one. Null when there was none, or it was dismissed. */
  readonly call: Call | null;
  /** Where it is. Undefined without a call. */
  readonly state: CallState | undefined;
  /** Why it ended. Undefined before. */
  readonly reason: CallEndReason | undefined;
  /** The other user's id, as decimal text. Undefined without a call. */
  readonly peer: string | undefined;
  /** Who called. Undefined without a call. */
  readonly direction: Call['direction'] | undefined;
  /** Whether it is a video call. */
  readonly video: boolean;
  /** Whether another tab of the user has it. It can be ended from here, and has no media here. */
  readonly isInOtherTab: boolean;
  /** How long it has been connected, or was, in whole seconds. */
  readonly seconds: number;
  /** How good the connection is. */
  readonly quality: CallQuality;
  /** What the user sends. */
  readonly local: LocalMedia;
  /** What the other side sends. */
  readonly remote: RemoteMedia;
  /** Whether the browser plays no sound before {@link CallActions.resumeAudio}. */
  readonly isAudioBlocked: boolean;
  /** Why it failed, or what failed in it last while it went on. */
  readonly error: FlooError | undefined;
}

/** What a call screen does besides the methods of the call. */
export interface CallActions {
  /** Plays sound that the browser has blocked. Call it from a click. */
  resumeAudio(): Promise<void>;
  /** Forgets a call that has ended, so that its screen closes. It does nothing while a call goes on. */
  dismiss(): void;
}

type LiveCall = Live<CallView> & CallActions & Pick<CallElements, 'createRefs'>;

const EMPTY: CallView = {
  ...{ calls: undefined, call: null, state: undefined, reason: undefined, error: undefined },
  ...{ peer: undefined, direction: undefined, video: false, isInOtherTab: false, seconds: 0, quality: 'good' },
  local: { camera: null, microphone: null, screen: null, isMicrophoneOn: false },
  remote: { video: null, audio: null, screen: null, isCameraOff: false },
  isAudioBlocked: false,
};

const SECOND_MS = 1000;

/** @throws Error when the client has no calls */
export function mustHaveCalls(client: FlooClient): void {
  if (!client.calls) throw new Error('useCall needs a client with the option rtc: calls() of flooim/rtc');
}

// Without the option `rtc` there are none.
const callsOf = (client: FlooClient): Calls | undefined => client.calls as Calls | undefined;

/** The call of the user, and the elements that show it. */
export function liveCall(hub: Hub): LiveCall {
  const elements = createCallElements();
  let call: Call | null = null;
  let failure: FlooError | undefined;
  let isAudioBlocked = false;
  let second: ReturnType<typeof setTimeout> | undefined;
  let bound: readonly (() => void)[] = [];
  let unbindCalls: (() => void) | undefined;

  const update = (): void => {
    if (call?.state === 'ended') isAudioBlocked = false;
    live.update();
    clearTimeout(second);
    if (call?.state === 'connected' || call?.state === 'reconnecting')
      second = setTimeout(update, SECOND_MS - (call.durationMs % SECOND_MS));
  };
  const show = (next: Call | null): void => {
    bound.forEach((unbind) => unbind());
    call = next;
    failure = undefined;
    isAudioBlocked = false;
    bound = next
      ? [
          ...(['state', 'tracks', 'peerCamera', 'quality'] as const).map((event) => next.on(event, update)),
          next.on('audioBlocked', () => setBlocked(true)),
          next.on('error', (error) => {
            failure = error;
            update();
          }),
        ]
      : [];
    elements.show(next);
    update();
  };
  const setBlocked = (is: boolean): void => {
    isAudioBlocked = is;
    update();
  };
  const live = createLive<CallView>(hub, {
    empty: EMPTY,
    read: (client) => {
      const calls = callsOf(client);
      const now = call ?? calls?.current;
      return { ...EMPTY, calls, ...(now && viewOf(now, failure)), isAudioBlocked };
    },
    keep: (before, next) =>
      keepFields(before, {
        ...next,
        local: keepFields(before.local, next.local),
        remote: keepFields(before.remote, next.remote),
      }),
    onEvent: (event) => {
      if (event === 'close' || event === 'logout') show(null);
      if (event === 'close') unbindCalls?.();
      const calls = event === 'open' && callsOf(hub.must());
      if (!calls) return;
      // A call that has ended stays on the screen.
      unbindCalls = calls.on('current', (next) => (next ? show(next) : update()));
      show(calls.current);
    },
  });
  return {
    ...live,
    createRefs: elements.createRefs,
    dismiss: () => {
      if (call?.state === 'ended') show(null);
    },
    resumeAudio: async () => {
      if (!isAudioBlocked) return;
      setBlocked(false);
      await call?.resumeAudio();
    },
  };
}

function viewOf(call: Call, failure: FlooError | undefined): Omit<CallView, 'calls' | 'isAudioBlocked'> {
  const { state, reason, peer, direction, video, isInOtherTab, quality, local, remote, error, durationMs } = call;
  return {
    ...{ call, state, reason, peer, direction, video, isInOtherTab, quality, local, remote },
    error: error ?? failure,
    seconds: Math.floor(durationMs / SECOND_MS),
  };
}
