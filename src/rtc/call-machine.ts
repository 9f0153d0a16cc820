import type { FlooError } from '../errors.ts';
import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { HangUpContent } from './call-messages.ts';
import { durationOf, incomingCall, mirrorOf, without, withDeadline } from './call-model.ts';
import type { CallModel, CallOffer, Deadline, Now, SharedCall } from './call-model.ts';
import type { CallEndReason } from './call-types.ts';
import type { CallQuality } from './media-types.ts';

/** What happens to a call. */
export type CallEvent =
  | { readonly type: 'offered' | 'accept' | 'joined' | 'decline' | 'hangUp' | 'pageHide' | 'abandon' | 'sessionEnd' }
  /** The server, or a device, refused before anybody was called. */
  | { readonly type: 'refused'; readonly error: FlooError }
  | { readonly type: 'failed'; readonly error: FlooError }
  | { readonly type: 'peerPickup' | 'ownHangUp' | 'parkedEnded' }
  | { readonly type: 'ownPickup'; readonly message: Id; readonly isThisTab: boolean }
  | { readonly type: 'peerHangUp'; readonly content: HangUpContent; readonly peerDrop: boolean }
  /** The peer calls, too. */
  | { readonly type: 'counterOffer'; readonly offer: CallOffer; readonly ownStays: boolean }
  | { readonly type: 'up' | 'broken' | 'healed' | 'peerLeft' | 'peerBack' | 'online' | 'offline' | 'time' }
  | { readonly type: 'lost'; readonly error: FlooError }
  | { readonly type: 'quality'; readonly quality: CallQuality }
  /** The tab that has the call says what it knows. */
  | { readonly type: 'shared'; readonly call: SharedCall }
  | { readonly type: 'tabGone' };

/** What has to be done, in this order. */
export type CallEffect =
  /** Send a hangup, and a record of the same words when `isRecorded`. */
  | {
      readonly type: 'hangUp';
      readonly callId: string;
      readonly content: HangUpContent;
      readonly peerDrop: boolean;
      readonly isRecorded: boolean;
    }
  | { readonly type: 'record'; readonly content: HangUpContent }
  /** `join` the own room; `answer`: devices, then the caller's room; `sayCamera`, if it is off; `release` everything. */
  | { readonly type: 'join' | 'answer' | 'pickUp' | 'sayCamera' | 'release' | 'askTab' }
  /** This call goes on as that one. */
  | { readonly type: 'become'; readonly offer: CallOffer };

/** A call after an event, and what has to be done. */
export interface CallStep {
  readonly call: CallModel;
  readonly effects: readonly CallEffect[];
}

/** The state machine of a call. An ended call stays as it is. */
export function nextStep(call: CallModel, event: CallEvent, now: Now): CallStep {
  if (call.state === 'ended') return { call, effects: [] };
  if (event.type === 'sessionEnd') return finish(call, 'loggedOut', now);
  if (event.type === 'shared') return onShared(call, event.call, now);
  if (call.isInOtherTab) return inOtherTab(call, event, now);
  return onUser(call, event, now) ?? onPeer(call, event, now) ?? onMedia(call, event, now) ?? stay(call);
}

function onUser(call: CallModel, event: CallEvent, now: Now): CallStep | undefined {
  const { state, direction } = call;
  switch (event.type) {
    case 'offered':
      return stay({ ...call, isOffered: true, deadlines: { ring: now.clock + call.ringMs } });
    case 'refused':
      return finish(call, 'failed', now, { error: event.error });
    case 'accept':
      if (state !== 'ringing' || direction !== 'incoming') return stay(call);
      return { call: connecting(call, now), effects: [{ type: 'answer' }] };
    case 'joined':
      if (state !== 'connecting' || direction !== 'incoming') return stay(call);
      return pickedUp(call, now);
    case 'decline':
      if (state !== 'ringing' || direction !== 'incoming') return stay(call);
      return finish(call, 'declined', now, { hangUp: 'rejected' });
    case 'pageHide':
      // Another device, or tab, may still answer it.
      if (state === 'ringing' && direction === 'incoming') return finish(call, 'missed', now);
      return hangUp(call, now);
    case 'hangUp':
      return hangUp(call, now);
    case 'abandon':
      return finish(call, 'hungUp', now);
    case 'failed':
      return finish(call, 'failed', now, { error: event.error, hangUp: wordsOf(call, now, 'canceled') });
    default:
      return undefined;
  }
}

function onPeer(call: CallModel, event: CallEvent, now: Now): CallStep | undefined {
  const { state, direction, parked } = call;
  switch (event.type) {
    case 'peerPickup':
      if (state !== 'ringing' || direction !== 'outgoing' || !call.isOffered) return stay(call);
      return { call: connecting({ ...call, isAnswered: true }, now), effects: [{ type: 'join' }] };
    case 'peerHangUp':
      if (event.content === 'busy' && parked && state === 'ringing') return become(call, parked, now, true);
      return finish(call, reasonOf(call, event.content), now, { ...(!event.peerDrop && { record: event.content }) });
    case 'counterOffer':
      if (state !== 'ringing' || direction !== 'outgoing') return stay(call);
      // Before this call was offered, there is only the other one.
      return event.ownStays && call.isOffered ? stay({ ...call, parked: event.offer }) : become(call, event.offer, now);
    case 'parkedEnded':
      return stay({ ...call, parked: undefined });
    case 'ownHangUp':
      return state === 'ringing' && direction === 'incoming' ? finish(call, 'declinedElsewhere', now) : stay(call);
    case 'ownPickup':
      return direction === 'incoming' ? onOwnPickup(call, event, now) : stay(call);
    default:
      return undefined;
  }
}

function onMedia(call: CallModel, event: CallEvent, now: Now): CallStep | undefined {
  switch (event.type) {
    case 'up':
      return upIfReady({ ...call, isUp: true }, now);
    case 'broken':
      return stay(repairing({ ...call, isBroken: true }, now));
    case 'healed':
      return stay(repairing({ ...call, isBroken: false }, now));
    case 'offline':
      return stay(call.isOffline ? call : withDeadline(call, 'offline', now));
    case 'online':
      return stay(repairing(without({ ...call, isOffline: false }, 'offline'), now));
    case 'peerLeft':
      return stay(withDeadline(call, 'peerLeft', now));
    case 'peerBack':
      return stay(without(call, 'peerLeft'));
    case 'quality': {
      const next = { ...call, quality: event.quality };
      return stay(event.quality === 'lost' ? withDeadline(next, 'still', now) : without(next, 'still'));
    }
    case 'lost':
      if (call.connectedAt !== undefined) return dropped(call, 'connectionLost', now);
      return finish(call, 'failed', now, { error: event.error, hangUp: wordsOf(call, now, 'canceled') });
    case 'time':
      return onTime(call, now);
    default:
      return undefined;
  }
}

/** The first deadline that has passed decides; each leaves a call in which it is gone. */
function onTime(call: CallModel, now: Now): CallStep {
  const due = (name: Deadline): boolean => (call.deadlines[name] ?? Infinity) <= now.clock;
  if (due('ring')) {
    if (call.direction === 'outgoing') return finish(call, 'timeout', now, { hangUp: 'timeout' });
    return finish(call, 'missed', now);
  }
  if (due('connect')) return finish(call, 'failed', now, { hangUp: 'timeout' });
  if (due('repair')) return dropped(call, 'connectionLost', now);
  if (due('peerLeft') || due('still')) return dropped(call, 'peerDropped', now);
  return stay(due('offline') ? repairing(without({ ...call, isOffline: true }, 'offline'), now) : call);
}

/** A call without media here: the tab that has it says what happens to it. */
function inOtherTab(call: CallModel, { type }: CallEvent, now: Now): CallStep {
  if (type === 'hangUp') return { call, effects: [{ type: 'askTab' }] };
  // Its last word, if there was one, comes by another way than the news of its end.
  if (type === 'tabGone') return stay(withDeadline(call, 'tab', now));
  // It has closed its connections by its end. The other side notices that.
  if (type === 'time' && (call.deadlines.tab ?? Infinity) <= now.clock) return finish(call, 'connectionLost', now);
  return stay(call);
}

function onShared(call: CallModel, shared: SharedCall, now: Now): CallStep {
  return { call: mirrorOf(call, shared, now), effects: call.isInOtherTab ? [] : [{ type: 'release' }] };
}

/** Two devices may have answered. The pickup that the server had first counts. */
function onOwnPickup(call: CallModel, event: { message: Id; isThisTab: boolean }, now: Now): CallStep {
  const next = { ...call, [event.isThisTab ? 'ownPickup' : 'otherPickup']: event.message };
  if (next.otherPickup === undefined) return stay(next);
  const isOthers = next.ownPickup === undefined ? !next.isAnswered : compareIds(next.otherPickup, next.ownPickup) < 0;
  return isOthers ? finish(next, 'answeredElsewhere', now) : stay(next);
}

function hangUp(call: CallModel, now: Now): CallStep {
  const { state, direction } = call;
  if (state !== 'ringing') return finish(call, 'hungUp', now, { hangUp: wordsOf(call, now, 'canceled') });
  return direction === 'incoming'
    ? finish(call, 'declined', now, { hangUp: 'rejected' })
    : finish(call, 'canceled', now, { hangUp: 'canceled' });
}

/** The other side is gone, or this side is: who notices it writes the record. */
const dropped = (call: CallModel, reason: CallEndReason, now: Now): CallStep =>
  finish(call, reason, now, { hangUp: wordsOf(call, now, 'canceled'), peerDrop: true });

/** What a hangup says: how long it was connected; before that, who gave up. */
const wordsOf = (call: CallModel, now: Now, callers: HangUpContent): HangUpContent =>
  call.connectedAt !== undefined ? durationOf(call, now.clock) : call.direction === 'incoming' ? 'rejected' : callers;

function reasonOf({ state, direction }: CallModel, content: HangUpContent): CallEndReason {
  if (state !== 'ringing') return 'peerHungUp';
  if (direction === 'incoming') return content === 'timeout' ? 'missed' : 'peerCanceled';
  return content === 'busy' ? 'busy' : 'peerDeclined';
}

interface Ending {
  readonly error?: FlooError;
  /** Words of the hangup to send. None is sent for a call of which nobody knows. */
  readonly hangUp?: HangUpContent;
  readonly peerDrop?: boolean;
  /** Words of the record, when the other side has hung up. */
  readonly record?: HangUpContent;
}

function finish(call: CallModel, reason: CallEndReason, now: Now, ending: Ending = {}): CallStep {
  const { error, hangUp: content, peerDrop = false, record } = ending;
  const isCaller = call.direction === 'outgoing';
  const effects: CallEffect[] = [];
  if (content !== undefined && call.isOffered)
    effects.push({ type: 'hangUp', callId: call.id, content, peerDrop, isRecorded: isCaller || peerDrop });
  if (record !== undefined && isCaller) effects.push({ type: 'record', content: record });
  effects.push({ type: 'release' });
  const durationMs = durationOf(call, now.clock);
  return { call: { ...call, state: 'ended', reason, error, durationMs, parked: undefined, deadlines: {} }, effects };
}

/** Both called. This call gives way, without a record, and the other one is accepted at once. */
function become(call: CallModel, offer: CallOffer, now: Now, isRefused = false): CallStep {
  const effects: CallEffect[] = [];
  if (call.isOffered && !isRefused && !offer.isDeployed)
    effects.push({ type: 'hangUp', callId: call.id, content: 'canceled', peerDrop: false, isRecorded: false });
  return {
    call: connecting(incomingCall(offer, call.ringMs, now), now),
    effects: [...effects, { type: 'release' }, { type: 'become', offer }, { type: 'answer' }],
  };
}

const connecting = (call: CallModel, now: Now): CallModel => ({
  ...call,
  state: 'connecting',
  parked: undefined,
  deadlines: withDeadline(without(call, 'ring'), 'connect', now).deadlines,
});

/** A call is connected when it was answered and media flows. */
function upIfReady(call: CallModel, now: Now): CallStep {
  if (call.state !== 'connecting' || !call.isUp || !call.isAnswered) return stay(call);
  const connected: CallModel = {
    ...without(call, 'connect'),
    ...{ state: 'connected', connectedAt: now.server, connectedSince: now.clock },
  };
  return { call: repairing(connected, now), effects: [{ type: 'sayCamera' }] };
}

function pickedUp(call: CallModel, now: Now): CallStep {
  const { call: next, effects } = upIfReady({ ...call, isAnswered: true }, now);
  return { call: next, effects: [{ type: 'pickUp' }, ...effects] };
}

function repairing(call: CallModel, now: Now): CallModel {
  const isTroubled = call.isBroken || call.isOffline;
  if (call.state === 'connected' && isTroubled) return withDeadline({ ...call, state: 'reconnecting' }, 'repair', now);
  if (call.state === 'reconnecting' && !isTroubled) return without({ ...call, state: 'connected' }, 'repair');
  return call;
}

const stay = (call: CallModel): CallStep => ({ call, effects: [] });
