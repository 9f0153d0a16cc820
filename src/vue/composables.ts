import { computed, onMounted, onUnmounted, toValue, watch } from 'vue';
import type { ComputedRef, MaybeRefOrGetter } from 'vue';
import type { ConnectionStatus, ConversationItem, UploadProgress } from '../index.ts';
import { conversationKey, liveConversations, liveUnread } from '../live/conversations.ts';
import type { ConversationRef } from '../live/conversations.ts';
import type { Fetched } from '../live/fetched.ts';
import type { Hub } from '../live/hub.ts';
import { liveMessages } from '../live/messages.ts';
import type { MessagesActions, MessagesOptions, MessagesState } from '../live/messages.ts';
import { liveSearch } from '../live/search.ts';
import type { Found, SearchOptions } from '../live/search.ts';
import { createSender, liveUploads } from '../live/sending.ts';
import type { Sender } from '../live/sending.ts';
import { liveConnection, liveSession } from '../live/session.ts';
import type { SessionActions, SessionState } from '../live/session.ts';
import { liveTyping } from '../live/typing.ts';
import { refsOf, useHub, useLive, useShared } from './context.ts';
import type { Refs } from './context.ts';

/** A conversation, or a ref or getter of one. Undefined: none is chosen. */
export type MaybeConversation = MaybeRefOrGetter<ConversationRef | undefined>;

/** What belongs to a conversation: made again when that is another one, not when its object is. */
export function useOf<Source>(
  make: (hub: Hub, conversation: ConversationRef | undefined) => Source,
  conversation: MaybeConversation,
): () => Source {
  const hub = useHub();
  let made: { readonly key: string; readonly source: Source } | undefined;
  return () => {
    const ref = toValue(conversation);
    const key = ref ? conversationKey(ref) : '';
    if (made?.key !== key) made = { key, source: make(hub, ref && { type: ref.type, id: String(ref.id) }) };
    return made.source;
  };
}

/**
 * Returns the state of the connection, for a status line. `stateText` of `flooim/error-texts` has a sentence for it.
 *
 * @example
 * import { computed } from 'vue';
 * import { stateText } from 'flooim/error-texts';
 * import { useConnection } from 'flooim/vue';
 *
 * const connection = useConnection();
 * export const line = computed(() => stateText(connection.value, 'en'));
 */
export function useConnection(): ComputedRef<ConnectionStatus> {
  return useShared(liveConnection);
}

/**
 * Returns who is logged in, and the functions that change it.
 *
 * @example
 * import { useSession } from 'flooim/vue';
 *
 * const { login, isLoggedIn, error } = useSession();
 * const isRight = await login({ name: 'alice', password: 'demo1234' });
 * console.log(isRight, isLoggedIn.value, error.value?.reason);
 */
export function useSession(): Refs<SessionState> & SessionActions {
  const session = useHub().of(liveSession);
  const { login, logout } = session;
  return { ...refsOf(useLive<SessionState>(() => session)), login, logout };
}

/**
 * Returns the conversation list, newest activity first. A row whose content has not changed stays the same object.
 *
 * @example
 * import { h } from 'vue';
 * import { conversationKey, useConversations } from 'flooim/vue';
 *
 * const conversations = useConversations();
 * export const rows = () => conversations.value.map((row) => h('li', { key: conversationKey(row) }, row.content));
 */
export function useConversations(): ComputedRef<readonly ConversationItem[]> {
  return useShared(liveConversations);
}

/**
 * Returns the number of unread messages of a conversation, or of all conversations of the list.
 *
 * @param conversation - the conversation, or a ref or getter of it; absent: all
 * @example
 * import { useUnread } from 'flooim/vue';
 *
 * const total = useUnread();
 * console.log(total.value);
 */
export const useUnread = (conversation?: MaybeConversation): ComputedRef<number> =>
  useLive(useOf(liveUnread, conversation));

/**
 * Returns the messages of a conversation with those that are on their way, live, and reads older pages.
 *
 * @param conversation - the conversation, or a ref or getter of it
 * @param options - how they are read
 * @example
 * import { useMessages } from 'flooim/vue';
 *
 * const props = defineProps<{ id: number }>();
 * const { messages, hasMore, loadOlder } = useMessages(() => ({ type: 'roster', id: props.id }));
 * if (hasMore.value) await loadOlder();
 * console.log(messages.value.length);
 */
export function useMessages(
  conversation: MaybeConversation,
  options: MessagesOptions = {},
): Refs<MessagesState> & MessagesActions {
  const source = useOf((hub, ref) => liveMessages(hub, ref, options.pageSize), conversation);
  return {
    ...refsOf(useLive<MessagesState>(source)),
    loadOlder: async () => source().loadOlder(),
    markRead: () => source().markRead(),
  };
}

/**
 * Returns the functions that send to a conversation. What is sent shows in `useMessages` at once.
 *
 * @param conversation - the conversation, or a ref or getter of it; undefined: `send` throws
 * @example
 * import { useSend } from 'flooim/vue';
 *
 * const { send, typed } = useSend({ type: 'roster', id: 6597478514688 });
 * typed();
 * send('hello');
 */
export function useSend(conversation: MaybeConversation): Sender {
  const sender = useOf(createSender, conversation);
  // Whoever leaves a chat has stopped typing in it.
  watch(sender, (_now, before) => before.stopped());
  onUnmounted(() => sender().stopped());
  return {
    send: (message) => sender().send(message),
    mention: (message) => sender().mention(message),
    retry: (mid) => sender().retry(mid),
    discard: async (mid) => sender().discard(mid),
    typed: () => sender().typed(),
    stopped: () => sender().stopped(),
  };
}

/**
 * Returns the files that are being uploaded for messages, with their progress. `discard` of {@link useSend} cancels one.
 *
 * @example
 * import { useUploads } from 'flooim/vue';
 *
 * const uploads = useUploads();
 * for (const { mid, percent } of uploads.value) console.log(mid, percent);
 */
export function useUploads(): ComputedRef<readonly UploadProgress[]> {
  return useShared(liveUploads);
}

/**
 * Returns whether the user of a chat is typing. In groups nobody signals it.
 *
 * @param conversation - the conversation, or a ref or getter of it
 * @example
 * import { useTyping } from 'flooim/vue';
 *
 * const isTyping = useTyping({ type: 'roster', id: 6597478514688 });
 * console.log(isTyping.value);
 */
export const useTyping = (conversation: MaybeConversation): ComputedRef<boolean> =>
  useLive(useOf(liveTyping, conversation));

/**
 * Searches messages, users and groups while the user types. The answer to the last words counts; until it is there, what was
 * found before stays.
 *
 * @param query - words that all have to occur, or a ref or getter of them
 * @param options - where to look for messages
 * @example
 * import { ref } from 'vue';
 * import { useSearch } from 'flooim/vue';
 *
 * const query = ref('');
 * const { messages, isLoading } = useSearch(query);
 * console.log(messages.value.length, isLoading.value);
 */
export function useSearch(
  query: MaybeRefOrGetter<string>,
  options: SearchOptions = {},
): Refs<Found & Omit<Fetched<Found>, 'data'>> {
  const search = liveSearch(useHub(), options);
  const state = useLive(() => search);
  onMounted(() => watch(() => toValue(query), search.setQuery, { immediate: true }));
  return refsOf(
    computed(() => {
      const { data, ...rest } = state.value;
      return { ...data, ...rest };
    }),
  );
}
