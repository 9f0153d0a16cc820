import type { CallPort } from '../call-port.ts';
import type { FlooError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import type { CallEndReason, CallState } from './call-types.ts';
import type { CallQuality } from './media-types.ts';

/** What limits a state, or a trouble in it. */
export type Deadline = 'ring' | 'connect' | 'repair' | 'offline' | 'peerLeft' | 'still' | 'tab';

const LIMIT_MS = {
  /** From the pickup until media flows. */
  connect: 30_000,
  /** For all repairs of one loss. */
  repair: 30_000,
  /** Without a connection to the servers, while media may still flow. */
  offline: 3000,
  /** From the moment when the other side left the room, for a word of it. */
  peerLeft: 5000,
  /** After the media noticed, within ten seconds, that nothing comes: the call ends before 45 s of that. */
  still: 34_000,
  /** From the end of the tab that has the call, for its last word. */
  tab: 500,
} as const;

/** An incoming call rings a little longer than the caller waits. */
const INCOMING_EXTRA_MS = 5000;

/** What somebody who calls sends. */
export interface CallOffer {
  readonly id: string;
  readonly peer: Id;
  readonly video: boolean;
  readonly room: Id;
  readonly pin: string;
  readonly canShowScreen: boolean;
  readonly isDeployed: boolean;
  /** When it was sent, ms since 1970 by the server's clock. */
  readonly startedAt: number;
}

/** All that decides what happens next in a call: plain data. Times are those of the port's clock, unless they say otherwise. */
export interface CallModel {
  readonly id: string;
  readonly peer: Id;
  readonly direction: 'outgoing' | 'incoming';
  readonly video: boolean;
  readonly state: CallState;
  readonly reason: CallEndReason | undefined;
  readonly error: FlooError | undefined;
  /** By the server's clock. */
  readonly startedAt: number;
  /** By the server's clock. */
  readonly connectedAt: number | undefined;
  readonly connectedSince: number | undefined;
  /** How long it was connected when it ended. */
  readonly durationMs: number;
  readonly quality: CallQuality;
  /** Another tab of the user has the media. */
  readonly isInOtherTab: boolean;
  /** How long the caller waits for an answer. */
  readonly ringMs: number;
  /** The message that rings has been sent. Before that, nobody knows of the call. */
  readonly isOffered: boolean;
  /** The pickup has been sent, or came. */
  readonly isAnswered: boolean;
  readonly isUp: boolean;
  readonly isBroken: boolean;
  readonly isOffline: boolean;
  /** The server's id of this tab's pickup, and of another device's. */
  readonly ownPickup: Id | undefined;
  readonly otherPickup: Id | undefined;
  /** A call of the same peer, who called at the same time. */
  readonly parked: CallOffer | undefined;
  readonly deadlines: Readonly<Partial<Record<Deadline, number>>>;
}

/** The part of a call that its tab says to the others. */
export type SharedCall = Pick<
  CallModel,
  'id' | 'peer' | 'direction' | 'video' | 'state' | 'reason' | 'startedAt' | 'connectedAt' | 'durationMs'
>;

/** Both clocks, now. */
export interface Now {
  readonly clock: number;
  readonly server: number;
}

export const nowOf = ({ clock, serverNow }: Pick<CallPort, 'clock' | 'serverNow'>): Now => ({
  clock: clock.now(),
  server: serverNow(),
});

type Given = 'id' | 'peer' | 'direction' | 'video' | 'startedAt' | 'ringMs' | 'isOffered';

const NEW: Omit<CallModel, Given> = {
  state: 'ringing',
  reason: undefined,
  error: undefined,
  connectedAt: undefined,
  connectedSince: undefined,
  durationMs: 0,
  quality: 'good',
  isInOtherTab: false,
  isAnswered: false,
  isUp: false,
  isBroken: false,
  isOffline: false,
  ownPickup: undefined,
  otherPickup: undefined,
  parked: undefined,
  deadlines: {},
};

/** A call that the user makes. Nobody knows of it yet. */
export const outgoingCall = (
  call: Pick<CallModel, 'id' | 'peer' | 'video' | 'ringMs'> & { readonly startedAt: number },
): CallModel => ({ ...NEW, ...call, direction: 'outgoing', isOffered: false });

/** A call that rings here. */
export function incomingCall(offer: CallOffer, ringMs: number, now: Now): CallModel {
  const { id, peer, video, startedAt } = offer;
  const waited = Math.max(0, now.server - startedAt);
  const ring = now.clock + ringMs + INCOMING_EXTRA_MS - waited;
  return { ...NEW, id, peer, video, startedAt, ringMs, direction: 'incoming', isOffered: true, deadlines: { ring } };
}

/** A call that another tab has. */
export const callOfOtherTab = (shared: SharedCall, now: Now): CallModel =>
  mirrorOf({ ...NEW, ...shared, ringMs: 0, isOffered: true }, shared, now);

/** How long a call has been connected, or was. */
export const durationOf = ({ state, connectedSince, durationMs }: CallModel, clock: number): number =>
  state === 'ended' || connectedSince === undefined ? durationMs : Math.max(0, Math.round(clock - connectedSince));

/** The next moment at which a call asks for the event `time`; undefined when none. */
export function nextDeadline({ deadlines }: CallModel): number | undefined {
  const all = Object.values(deadlines);
  return all.length === 0 ? undefined : Math.min(...all);
}

/** A call as the tab that has it says. */
export function mirrorOf(call: CallModel, shared: SharedCall, now: Now): CallModel {
  const isConnected = shared.connectedAt !== undefined;
  return {
    ...call,
    ...shared,
    isInOtherTab: true,
    connectedSince: isConnected ? now.clock - shared.durationMs : undefined,
    deadlines: {},
  };
}

/** Adds a deadline. One that is set stays as it is. */
export const withDeadline = (call: CallModel, name: keyof typeof LIMIT_MS, now: Now): CallModel => ({
  ...call,
  deadlines: { [name]: now.clock + LIMIT_MS[name], ...call.deadlines },
});

/** Takes a deadline away. */
export function without(call: CallModel, name: Deadline): CallModel {
  const { [name]: _, ...deadlines } = call.deadlines;
  return { ...call, deadlines };
}
