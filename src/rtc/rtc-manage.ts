import type { CallPort } from '../call-port.ts';
import type { FlooError } from '../errors.ts';
import type { RtcCalls } from '../managers/rtc-manage.ts';
import { callIsolated } from '../util/call-isolated.ts';
import type { CallCenter, NewCall } from './call-center.ts';
import { handlesOf } from './deployed-handles.ts';
import type { HangUpByApp, LiveCall } from './live-call.ts';

/** What a deployed app passes to `initRTCEngine`. */
interface EngineParams {
  readonly caller?: boolean;
  readonly receiver?: unknown;
  readonly roomId?: unknown;
  readonly pin?: unknown;
  readonly callId?: unknown;
  readonly hasVideo?: boolean;
  readonly hasAudio?: boolean;
  readonly width?: number;
  readonly height?: number;
  attachStream?(stream: MediaStream, kind: 'video' | 'audio', isLocal: boolean): void;
  getThrough?(): void;
  hangupCall?(active?: boolean, timeout?: boolean, peerDrop?: boolean): void;
  getHangUpStatus?(): boolean;
}

const DEFAULT_WIDTH = 360;
const DEFAULT_HEIGHT = 640;

/** `rtcManage`: the same calls, as deployed apps make them. The app rings, and sends the hangups. */
export function createRtcCalls(center: CallCenter, port: CallPort): RtcCalls {
  const report = (error: unknown): void => port.logger.error('a function of initRTCEngine failed', error);
  /** The call that this app makes by these methods. */
  const own = (): LiveCall | undefined => (center.live?.byApp ? center.live : undefined);
  const change = (run: (live: LiveCall) => Promise<void> | undefined): void => {
    const live = own();
    if (live) run(live)?.catch(port.reportError);
  };
  const mute = (kind: 'audio' | 'video', isMuted: boolean): void => {
    for (const track of own()?.media?.remote[kind]?.getTracks() ?? []) track.enabled = !isMuted;
  };
  const end = (): void => own()?.dispatch({ type: 'abandon' });
  return {
    initRTCEngine: (params) => openEngine({ center, port, report }, params),
    // The room is joined when the pickup comes; this is only what deployed apps do then.
    joinRoom: () => own()?.dispatch({ type: 'peerPickup' }),
    leaveRoom: end,
    destroy: end,
    publish: (_type, hasVideo, hasAudio) =>
      change(async ({ media }) => {
        await media?.setCamera(hasVideo);
        await media?.setMicrophone(hasAudio);
      }),
    unPublish: () =>
      change(async ({ media }) => {
        await media?.setCamera(false);
        await media?.setMicrophone(false);
      }),
    // What the other side sends is received without being asked for.
    subscribe: () => undefined,
    unSubscribe: () => undefined,
    muteLocalAudio: (isMuted) => change(({ media }) => media?.setMicrophone(!isMuted)),
    muteLocalVideo: (isMuted) => change(({ media }) => media?.setCamera(!isMuted)),
    muteRemoteAudio: (_stream, isMuted) => mute('audio', isMuted),
    muteRemoteVideo: (_stream, isMuted) => mute('video', isMuted),
    ...handlesOf(own, change),
    getInCallStatus: () => center.live !== undefined && !center.isRinging(),
  };
}

interface EngineDeps {
  readonly center: CallCenter;
  readonly port: CallPort;
  report(error: unknown): void;
}

function openEngine({ center, port, report }: EngineDeps, params: EngineParams): void {
  const run = (callback: () => void): void => callIsolated(callback, undefined, report);
  const hangUp = (timeout = false, peerDrop = false): void => run(() => params.hangupCall?.(true, timeout, peerDrop));
  const byApp = { hangUp: (content: unknown, peerDrop: boolean) => hangUp(content === 'timeout', peerDrop) };
  try {
    const call = mustCall(params, port);
    if (!params.caller) return answerCall({ center, port }, params, call, { byApp, run });
    // It rings in the app, which prefers to call.
    if (center.isRinging()) center.live?.dispatch({ type: 'abandon' });
    const isGivenUp = (): boolean => params.getHangUpStatus?.() === true;
    const starting = center.start({ ...call, byApp, isGivenUp });
    if (center.live?.byApp === byApp) followCall(center.live, params, run);
    starting.catch((error: unknown) => {
      port.reportError(error as FlooError);
      hangUp();
    });
  } catch (error) {
    port.reportError(error as FlooError);
    hangUp();
  }
}

/** @throws FlooError `InvalidParam` */
function mustCall(params: EngineParams, port: CallPort): NewCall {
  const peer = port.parseId(params.receiver);
  const id = String(params.callId ?? '');
  if (peer === undefined || id === '') throw port.createError('InvalidParam', 'a call has a receiver and a callId');
  const { hasVideo: video = true, width, height } = params;
  const media = { width: positive(width, DEFAULT_WIDTH), height: positive(height, DEFAULT_HEIGHT) };
  return { id, peer, video, media };
}

/** @throws FlooError `ServerBusy` when the user is in another call */
function answerCall(
  { center, port }: Pick<EngineDeps, 'center' | 'port'>,
  params: EngineParams,
  { id, peer, video, media }: NewCall,
  { byApp, run }: { byApp: HangUpByApp; run(callback: () => void): void },
): void {
  const room = port.parseId(params.roomId);
  const caller = { peer, canShowScreen: false, isDeployed: true };
  const offer = { id, ...caller, video, pin: String(params.pin ?? ''), startedAt: port.serverNow() };
  // The app may know a call that does not ring here.
  if (room !== undefined && !center.live) center.ring({ ...offer, room });
  const { live } = center;
  if (live?.model.id !== id) throw center.busyError();
  center.setByApp(live, byApp);
  followCall(live, params, run);
  live.accept({ video, media }).catch(port.reportError);
}

/** Calls the app's functions. */
function followCall(live: LiveCall, params: EngineParams, run: (callback: () => void) => void): void {
  const attached = new Set<MediaStream>();
  const attach = (stream: MediaStream | null | undefined, kind: 'video' | 'audio', isLocal: boolean): void => {
    if (!stream || attached.has(stream)) return;
    attached.add(stream);
    run(() => params.attachStream?.(stream, kind, isLocal));
  };
  const attachAll = (): void => {
    attach(live.media?.local.camera, 'video', true);
    attach(live.media?.remote.video, 'video', false);
    attach(live.media?.remote.audio, 'audio', false);
  };
  live.events.on('tracks', attachAll);
  const stop = live.events.on('state', (state) => {
    if (state !== 'connected') return;
    stop();
    if (params.hasAudio === false) live.media?.setMicrophone(false).catch(() => undefined); // there is none
    run(() => params.getThrough?.());
    attachAll();
  });
}

const positive = (value: number | undefined, otherwise: number): number =>
  value !== undefined && value > 0 ? value : otherwise;
