/**
 * Calls between two users: the subpath `flooim/rtc`. It runs in browsers. Nothing happens when it is loaded, so a server that renders
 * pages can load it.
 *
 * @module
 */
import type { CallsPlugin } from '../call-port.ts';
import { createCallsEngine } from './calls-engine.ts';
import type { Calls } from './calls.ts';
import { createCallsMedia } from './create-call-media.ts';
import { areCallsSupported, listDevices, watchDevices } from './devices.ts';
import type { IceOptions } from './ice-servers.ts';

export type { Call, CallEndReason, CallEvents, CallState } from './call-types.ts';
export type { CallRecord, Calls, CallsEvents } from './calls.ts';
export type { CallQuality, CallStats, LocalMedia, MediaDevice, MediaOptions, RemoteMedia } from './media-types.ts';
export type { IceOptions } from './ice-servers.ts';

/** Options of {@link calls}. */
export interface CallsOptions extends IceOptions {
  /**
   * How long a call of this user rings, in ms.
   *
   * @default 60000
   */
  ringTimeoutMs?: number;
}

const DEFAULT_RING_MS = 60_000;

/**
 * Makes the calls of a client, for its option `rtc`.
 *
 * @param options - all defaults when absent
 * @example
 * import { createClient } from 'flooim';
 * import { calls } from 'flooim/rtc';
 *
 * const im = createClient({ appid: 'my-app', rtc: calls() });
 * im.calls.on('incomingCall', (call) => call.accept());
 */
export function calls({ ringTimeoutMs: ringMs = DEFAULT_RING_MS, ...ice }: CallsOptions = {}): CallsPlugin<Calls> {
  return {
    create: (port) =>
      createCallsEngine({
        port,
        media: createCallsMedia(port, ice),
        page: typeof window === 'undefined' ? undefined : window,
        ringMs,
        support: { isSupported: areCallsSupported, listDevices, watchDevices },
      }),
  };
}
