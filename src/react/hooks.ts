import { useEffect, useMemo } from 'react';
import type { ConnectionStatus, ConversationItem, UploadProgress } from '../index.ts';
import { liveConversations, liveUnread } from '../live/conversations.ts';
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
import { useHub, useLive, useShared } from './provider.ts';

/**
 * What belongs to a conversation: made again when that is another one, not when its object is.
 *
 * @param make - a function of the module, so that it is the same in each rendering
 */
export function useOf<Source, Param>(
  make: (hub: Hub, conversation: ConversationRef | undefined, param: Param) => Source,
  conversation: ConversationRef | undefined,
  param: Param,
): Source {
  const hub = useHub();
  const type = conversation?.type;
  const id = conversation && String(conversation.id);
  return useMemo(() => make(hub, type && id ? { type, id } : undefined, param), [hub, make, type, id, param]);
}

/**
 * Returns the state of the connection, for a status line. `stateText` of `flooim/error-texts` has a sentence for it.
 *
 * @example
 * import { createElement } from 'react';
 * import { stateText } from 'flooim/error-texts';
 * import { useConnection } from 'flooim/react';
 *
 * export const StatusLine = () => createElement('p', { role: 'status' }, stateText(useConnection(), 'en'));
 */
export const useConnection = (): ConnectionStatus => useShared(liveConnection);

/**
 * Returns who is logged in, and the functions that change it.
 *
 * @example
 * import { createElement } from 'react';
 * import { useSession } from 'flooim/react';
 *
 * export function LogInButton() {
 *   const { login, isLoggingIn, error } = useSession();
 *   const onClick = () => void login({ name: 'alice', password: 'demo1234' });
 *   return createElement('button', { onClick, disabled: isLoggingIn }, error ? error.reason : 'Log in');
 * }
 */
export function useSession(): SessionState & SessionActions {
  const session = useHub().of(liveSession);
  const { login, logout } = session;
  return { ...useLive(session), login, logout };
}

/**
 * Returns the conversation list, newest activity first. A row whose content has not changed stays the same object, so a
 * memoized component of a row is rendered only when its row changes.
 *
 * @example
 * import { createElement } from 'react';
 * import { conversationKey, useConversations } from 'flooim/react';
 *
 * export function Inbox() {
 *   const rows = useConversations().map((row) => createElement('li', { key: conversationKey(row) }, row.content));
 *   return createElement('ul', null, rows);
 * }
 */
export const useConversations = (): readonly ConversationItem[] => useShared(liveConversations);

/**
 * Returns the number of unread messages of a conversation, or of all conversations of the list.
 *
 * @param conversation - the conversation; absent: all
 * @example
 * import { createElement } from 'react';
 * import { useUnread } from 'flooim/react';
 *
 * export const Badge = () => createElement('span', null, useUnread());
 */
export const useUnread = (conversation?: ConversationRef): number =>
  useLive(useOf(liveUnread, conversation, undefined));

/**
 * Returns the messages of a conversation with those that are on their way, live, and reads older pages.
 *
 * @param conversation - the conversation; undefined: no messages
 * @param options - how they are read
 * @example
 * import { createElement } from 'react';
 * import { messageKey, useMessages } from 'flooim/react';
 *
 * export function Chat({ id }: { id: number }) {
 *   const { messages, loadOlder, hasMore } = useMessages({ type: 'roster', id });
 *   const older = createElement('button', { onClick: () => void loadOlder(), disabled: !hasMore }, 'Older messages');
 *   const rows = messages.map((message) => createElement('li', { key: messageKey(message) }, message.content));
 *   return createElement('section', null, older, createElement('ol', null, rows));
 * }
 */
export function useMessages(
  conversation: ConversationRef | undefined,
  options: MessagesOptions = {},
): MessagesState & MessagesActions {
  const source = useOf(liveMessages, conversation, options.pageSize);
  const { loadOlder, markRead } = source;
  return { ...useLive(source), loadOlder, markRead };
}

/**
 * Returns the functions that send to a conversation. What is sent shows in `useMessages` at once.
 *
 * @param conversation - the conversation; undefined: `send` throws
 * @example
 * import { createElement } from 'react';
 * import { useSend } from 'flooim/react';
 *
 * export function Composer({ id }: { id: number }) {
 *   const { send, typed } = useSend({ type: 'roster', id });
 *   const action = (form: FormData) => void send(String(form.get('text')));
 *   return createElement('form', { action }, createElement('input', { name: 'text', onChange: typed }));
 * }
 */
export function useSend(conversation: ConversationRef | undefined): Sender {
  const sender = useOf(createSender, conversation, undefined);
  // Whoever leaves a chat has stopped typing in it.
  useEffect(() => sender.stopped, [sender]);
  return sender;
}

/**
 * Returns the files that are being uploaded for messages, with their progress. `discard` of {@link useSend} cancels one.
 *
 * @example
 * import { createElement } from 'react';
 * import { useUploads } from 'flooim/react';
 *
 * export const Uploads = () => useUploads().map(({ mid, percent }) => createElement('progress', { key: mid, value: percent, max: 100 }));
 */
export const useUploads = (): readonly UploadProgress[] => useShared(liveUploads);

/**
 * Returns whether the user of a chat is typing. In groups nobody signals it.
 *
 * @param conversation - the conversation
 * @example
 * import { createElement } from 'react';
 * import { useTyping } from 'flooim/react';
 *
 * export const Typing = ({ id }: { id: number }) =>
 *   createElement('p', { role: 'status' }, useTyping({ type: 'roster', id }) ? 'typing …' : '');
 */
export const useTyping = (conversation: ConversationRef | undefined): boolean =>
  useLive(useOf(liveTyping, conversation, undefined));

/**
 * Searches messages, users and groups while the user types. The answer to the last words counts; until it is there, what was
 * found before stays.
 *
 * @param query - words that all have to occur
 * @param options - where to look for messages
 * @example
 * import { createElement, useState } from 'react';
 * import { useSearch } from 'flooim/react';
 *
 * export function Search() {
 *   const [query, setQuery] = useState('');
 *   const { messages } = useSearch(query);
 *   const field = createElement('input', { value: query, onChange: ({ target }) => setQuery(target.value) });
 *   return createElement('label', null, field, messages.length);
 * }
 */
export function useSearch(query: string, options: SearchOptions = {}): Found & Omit<Fetched<Found>, 'data'> {
  const hub = useHub();
  const { type, limit } = options;
  const id = options.id && String(options.id);
  const search = useMemo(() => liveSearch(hub, { id, type, limit }), [hub, id, type, limit]);
  useEffect(() => search.setQuery(query), [search, query]);
  const { data, ...state } = useLive(search);
  return { ...data, ...state };
}
