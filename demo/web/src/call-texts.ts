import type { Call, CallEndReason, CallRecord } from 'flooim/rtc';
import { playTime } from './format.ts';

const REASONS: Readonly<Record<CallEndReason, string>> = {
  hungUp: 'You hung up.',
  peerHungUp: 'The other side hung up.',
  canceled: 'You gave up.',
  peerCanceled: 'The caller gave up.',
  declined: 'You declined.',
  peerDeclined: 'Declined.',
  busy: 'Busy: the other one is in another call.',
  timeout: 'Nobody answered.',
  missed: 'You missed the call.',
  answeredElsewhere: 'You answered on another device.',
  declinedElsewhere: 'You declined on another device.',
  peerDropped: 'The other side is gone.',
  connectionLost: 'The connection was lost.',
  failed: 'The call failed.',
  loggedOut: 'You are logged out.',
};

/** Why a call ended, in plain words. */
export function reasonText({ reason, durationMs }: Call): string {
  const text = reason ? REASONS[reason] : '';
  return durationMs > 0 ? `${text} You talked for ${playTime(durationMs / 1000)}.` : text;
}

/** How a call is, in plain words. */
export function stateText({ state, direction, video, durationMs, quality, remote, isInOtherTab }: Call): string {
  const kind = video ? 'video call' : 'call';
  if (state === 'ringing') return direction === 'incoming' ? `Incoming ${kind}…` : 'Ringing…';
  if (isInOtherTab) return 'The call is in another tab.';
  if (state === 'connecting') return 'Connecting…';
  if (state === 'reconnecting') return 'The connection is broken, and is being repaired…';
  const facts = [
    playTime(durationMs / 1000),
    quality === 'poor' && 'the connection is poor',
    quality === 'lost' && 'nothing comes from the other side',
    remote.isCameraOff && 'the other camera is off',
  ];
  return facts.filter(Boolean).join(', ');
}

/** One line for a call in a chat. */
export function recordText({ isOwn, outcome, durationMs }: CallRecord): string {
  switch (outcome) {
    case 'answered':
      return `Call, ${playTime((durationMs ?? 0) / 1000)}`;
    case 'interrupted':
      return `Call, interrupted after ${playTime((durationMs ?? 0) / 1000)}`;
    case 'busy':
      return isOwn ? 'Call not answered: busy' : 'Missed call while you were in another one';
    case 'declined':
      return isOwn ? 'Call declined' : 'You declined a call';
    case 'canceled':
    case 'timeout':
      return isOwn ? 'Call not answered' : 'Missed call';
  }
}
