import type { CallPort, CallsEngine } from '../call-port.ts';
import type { Id } from '../model/ids.ts';
import { CallCenter } from './call-center.ts';
import type { CallCenterDeps } from './call-center.ts';
import { readRecord } from './call-records.ts';
import type { Call } from './call-types.ts';
import type { Calls } from './calls.ts';
import type { MediaDevice } from './media-types.ts';
import { createRtcCalls } from './rtc-manage.ts';

/** The devices of this browser. */
export interface MediaSupport {
  isSupported(): boolean;
  listDevices(kind?: MediaDevice['kind']): Promise<MediaDevice[]>;
  /** @returns a function that ends it */
  watchDevices(onChange: () => void): () => void;
}

interface EngineDeps extends Omit<CallCenterDeps, 'mustHaveCalls'> {
  readonly support: MediaSupport;
}

/** Both interfaces of the calls of one client: `im.calls` and `im.rtcManage`. */
export function createCallsEngine(deps: EngineDeps): CallsEngine<Calls> {
  const { port, support } = deps;
  const center = new CallCenter({ ...deps, mustHaveCalls: () => mustHaveCalls(port, support) });
  let unwatch: (() => void) | undefined;
  const emitDevices = (): void =>
    void support.listDevices().then((devices) => center.events.emit('devicesChanged', devices), port.reportError);
  const calls: Calls = {
    get isSupported() {
      return support.isSupported();
    },
    get current() {
      return center.current;
    },
    start: async (options) => startCall(center, port, options),
    devices: async (kind) => support.listDevices(kind),
    readRecord: (message) => readRecord(port, message),
    on: (event, handler) => {
      if (event === 'devicesChanged') unwatch ??= support.watchDevices(emitDevices);
      return center.events.on(event, handler);
    },
  };
  return {
    calls,
    rtcManage: createRtcCalls(center, port),
    handleSignal: (content) => deps.media.handleSignal(content),
    handleMessage: (message) => center.handleMessage(message),
    handleOnline: (isOnline) => center.handleOnline(isOnline),
    handleSessionEnd: () => center.handleSessionEnd(),
    dispose: () => {
      center.handleSessionEnd();
      unwatch?.();
    },
  };
}

async function startCall(
  center: CallCenter,
  port: CallPort,
  { uid, video = false, media = {} }: Parameters<Calls['start']>[0],
): Promise<Call> {
  const self = port.self();
  if (self === undefined) throw port.createError('UserNotLogin', 'nobody is logged in');
  const peer = port.parseId(uid);
  if (peer === undefined || peer === '0' || peer === self)
    throw port.createError('InvalidParam', 'uid: the id of another user');
  return center.start({ id: callIdOf(self, port), peer, video, media });
}

/** @throws FlooError `ServerRtcNotOpen` when this page, or the server, has no calls */
function mustHaveCalls(port: CallPort, support: MediaSupport): void {
  if (!support.isSupported())
    throw port.createError('ServerRtcNotOpen', 'no WebRTC, or no secure page', { details: { support: false } });
  if (port.mediaServer() === undefined) throw port.createError('ServerRtcNotOpen', 'the app has no media server');
}

/** As deployed clients make it. */
const callIdOf = (self: Id, port: CallPort): string => `${self}_${port.clock.now()}`;
