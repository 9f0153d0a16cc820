import { useMemo } from 'react';
import { liveCall, mustHaveCalls } from '../live/call.ts';
import type { CallActions, CallView } from '../live/call.ts';
import type { CallElementRefs } from '../live/call-elements.ts';
import { useClient, useHub, useLive } from './provider.ts';

/**
 * Returns the call that rings or goes on, also one that another tab has, and the references for the elements that show it. It
 * throws in the rendering when the client has no option `rtc`.
 *
 * @example
 * import { createElement } from 'react';
 * import { useCall } from 'flooim/react';
 *
 * export function CallScreen() {
 *   const { call, state, direction, seconds, remoteRef } = useCall();
 *   if (!call || state === 'ended') return null;
 *   const answer = createElement('button', { onClick: () => void call.accept() }, 'Answer');
 *   return createElement(
 *     'section',
 *     null,
 *     createElement('video', { ref: remoteRef, playsInline: true }),
 *     state === 'ringing' && direction === 'incoming' ? answer : `${seconds} s`,
 *     createElement('button', { onClick: () => call.hangUp() }, 'Hang up'),
 *   );
 * }
 */
export function useCall(): CallView & CallActions & CallElementRefs {
  const client = useClient();
  if (client) mustHaveCalls(client);
  const source = useHub().of(liveCall);
  const refs = useMemo(() => source.createRefs(), [source]);
  const { dismiss, resumeAudio } = source;
  return { ...useLive(source), ...refs, dismiss, resumeAudio };
}
