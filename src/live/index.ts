// What both framework entries export besides their hooks.
export type { CallActions, CallView } from './call.ts';
export type { CallElementRef, CallElementRefs } from './call-elements.ts';
export { conversationKey } from './conversations.ts';
export type { ConversationRef } from './conversations.ts';
export { messageKey } from './messages.ts';
export type { MessagesActions, MessagesOptions, MessagesState } from './messages.ts';
export type { RequestActions } from './contacts.ts';
export type { Fetched, LiveFetched } from './fetched.ts';
export type { Live } from './live.ts';
export type { Profile } from './profiles.ts';
export type { Found, SearchOptions } from './search.ts';
export type { Sender } from './sending.ts';
export type { Credentials, SessionActions, SessionState } from './session.ts';
export type { TypingSignal } from './typing.ts';
