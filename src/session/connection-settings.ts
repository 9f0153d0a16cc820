import type { Clock, TransportName } from '../platform/ports.ts';
import type { BackoffPolicy } from '../util/backoff.ts';
import { Pace } from '../util/pace.ts';

/** Between two heartbeats. */
export const HEARTBEAT_MS = 50_000;
/** A server that is asked for a sign of life gives one within this time, unless the line is slow. */
export const PROBE_TIMEOUT_MS = 5000;

export interface ConnectionSettings {
  transport: TransportName;
  /** Engine.IO protocol of the socket.io transport. */
  engine: 3 | 4;
  deviceInfo: string;
  connectTimeoutMs: number;
  /** Longest time from the provision to its answer. */
  provisionTimeoutMs: number;
  /** Between two UNREAD frames. */
  heartbeatMs: number;
  /** A socket is dead when no byte arrives for this long after a heartbeat. */
  silenceTimeoutMs: number;
  /** A socket is dead when no byte arrives for this long after a question for a sign of life. */
  probeTimeoutMs: number;
  backoff: BackoffPolicy;
}

/** Logins that the app repeats at once must not open thousands of sockets: these at once, then one each interval. */
const EAGER_CONNECTS = 8;
const EAGER_INTERVAL_MS = 250;

/** The pace of the sockets of logins. Other sockets have the pauses of the backoff. */
export const eagerPace = (clock: Clock): Pace => new Pace(clock, EAGER_CONNECTS, EAGER_INTERVAL_MS);

/** A server that says at each session that the servers moved must not be asked without a pause. */
const RESTARTS = 3;
const RESTART_INTERVAL_MS = 10_000;

/** The pace of the sessions that a notice of the server begins again. */
export const restartPace = (clock: Clock): Pace => new Pace(clock, RESTARTS, RESTART_INTERVAL_MS);
