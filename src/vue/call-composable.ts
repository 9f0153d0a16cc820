import { onMounted, watch } from 'vue';
import type { ComponentPublicInstance } from 'vue';
import { liveCall, mustHaveCalls } from '../live/call.ts';
import type { CallActions, CallView } from '../live/call.ts';
import type { CallElementRef, CallElementRefs } from '../live/call-elements.ts';
import { refsOf, useClient, useHub, useLive } from './context.ts';
import type { Refs } from './context.ts';

/**
 * Shows a part of the call in an element, as `:ref` of a template takes it.
 *
 * @param element - the `video` or `audio` element; null when it goes
 */
export type CallElementBinding = (element: Element | ComponentPublicInstance | null) => void;

/** References for the elements of a call screen, see {@link CallElementRefs}. */
export type CallElementBindings = { readonly [Name in keyof CallElementRefs]: CallElementBinding };

/**
 * Returns the call that rings or goes on, also one that another tab has, and the references for the elements that show it. The
 * component fails when it is mounted and the client has no option `rtc`.
 *
 * @example
 * import { h } from 'vue';
 * import { useCall } from 'flooim/vue';
 *
 * const { call, state, seconds, remoteRef } = useCall();
 * export const screen = () =>
 *   call.value && [
 *     h('video', { ref: remoteRef, playsinline: true }),
 *     h('p', `${state.value} ${seconds.value} s`),
 *     h('button', { onClick: () => call.value?.hangUp() }, 'Hang up'),
 *   ];
 */
export function useCall(): Refs<CallView> & CallActions & CallElementBindings {
  const source = useHub().of(liveCall);
  const client = useClient();
  onMounted(() => watch(client, (now) => now && mustHaveCalls(now), { immediate: true }));
  const { dismiss, resumeAudio } = source;
  const { remoteRef, localRef, screenRef } = source.createRefs();
  const state = useLive<CallView>(() => source);
  return {
    ...refsOf(state),
    ...{ dismiss, resumeAudio },
    ...{ remoteRef: bindingOf(remoteRef), localRef: bindingOf(localRef), screenRef: bindingOf(screenRef) },
  };
}

/** A template passes whatever the reference stands on, here an element that plays. */
const bindingOf =
  (ref: CallElementRef): CallElementBinding =>
  (element) =>
    ref(element as HTMLMediaElement | null);
