import { ConversationOperationType, MessageBodyContentType, MessageBodyType, MessageOperationType } from 'flooim/wire';
import type { AppData } from '../model/app-data.ts';
import { SYSTEM_UID, toXid } from '../model/ids.ts';
import { statusFor } from '../model/messages.ts';
import type { StoredMessage } from '../model/messages.ts';
import { idList, xidShape } from './answer-shapes.ts';
import { DONE } from './answer.ts';
import { mustBeMember, mustFindUser } from './guards.ts';
import { flag, id, int, list, messageId, object, oneOf, optional, text } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, POST_PUT, route } from './route.ts';
import type { Call, Route } from './route.ts';

const MOST_MESSAGES = 1000;
const TYPES = Object.keys(MessageBodyContentType);
const STATUSES = ['UNREAD', 'DELIVERED', 'READ'] as const;
/** The sender of what a user does by REST is none of its devices. */
const NO_DEVICE = 0;

const conversation = { conversation_id: id('A user or a group.') };

const messageShape = object({
  msg_id: messageId('The message.'),
  from_xid: xidShape,
  to_xid: xidShape,
  content: text('Its text.'),
  ctype: oneOf(TYPES, 'Its kind.'),
  ext: optional(text('JSON for apps.')),
  config: optional(text('JSON for clients.')),
  attachment: optional(text('JSON of the file or place.')),
  status: oneOf(STATUSES, 'Whether it was read.'),
  timestamp: int('When, in ms since 1970.'),
});

/** Conversations without a socket: history, unread counts, marks, and which are at the top. */
export const conversationRoutes: readonly Route[] = [
  route({
    methods: GET,
    path: '/message/conversation',
    summary: 'A page of the history of a conversation, newest first.',
    answers: object({
      is_last: flag('Whether nothing is older.'),
      next_msg_id: messageId('Where the next page starts; 0 after the last one.'),
      messages: list(messageShape, 'The messages.'),
    }),
    refuses: [10000, 20002],
    query: {
      opposite_id: id('A user or a group.'),
      msg_id_start: messageId('Messages before this one; 0 starts with the newest.'),
      limit: int('Most messages of the page.', { min: 1, max: MOST_MESSAGES }),
    },
    handle(call, { opposite_id, msg_id_start, limit }) {
      const { app, user } = call;
      mustHave(call, opposite_id);
      const { messages, more } = app.messages.page(app.historyView(user.id, opposite_id), msg_id_start, limit);
      const next_msg_id = more ? messages.at(-1)!.id : 0n;
      return { data: { is_last: !more, next_msg_id, messages: messages.map((one) => historyRow(one, user.id)) } };
    },
  }),
  route({
    methods: ['DELETE'],
    path: '/message/conversation',
    summary: 'Clears a conversation for the caller, on all its devices.',
    query: conversation,
    refuses: [10000, 20002],
    handle(call, { conversation_id }) {
      mustHave(call, conversation_id);
      const operation = { type: ConversationOperationType.DELETE_EVERYWHERE, xid: toXid(conversation_id) };
      call.messaging.deleteConversation(call.app, senderOf(call), operation);
      return DONE;
    },
  }),
  route({
    methods: GET,
    path: '/message/unread',
    summary: 'The conversations of the caller that have unread messages.',
    answers: list(
      object({
        conversation_id: object({ uid: id('A user or a group.') }),
        num: int('Number of unread messages.', { min: 1 }),
      }),
    ),
    handle({ app, user }) {
      const rows = app.messages
        .conversationsOf(user.id)
        .map((uid) => ({ conversation_id: { uid }, num: unreadIn(app, user.id, uid) }));
      return { data: rows.filter(({ num }) => num > 0) };
    },
  }),
  route({
    methods: POST_PUT,
    path: '/message/recall',
    summary: 'Takes a message back.',
    body: { ...conversation, msg_id: messageId('The message.') },
    handle: (call, { conversation_id, msg_id }) => operate(call, MessageOperationType.RECALL, conversation_id, msg_id),
  }),
  route({
    methods: GET,
    path: '/message/ack',
    summary: 'Marks a message as read, or all of a conversation.',
    query: {
      conversation_id: optional(conversation.conversation_id),
      msg_id: optional(messageId('The message. All, if there is none.')),
      device_sn: optional(int('Has no effect.')),
    },
    handle(call, { conversation_id: uid, msg_id }) {
      if (uid === undefined) throw new RestError(10002, 'conversation_id is required');
      if (msg_id !== undefined) return operate(call, MessageOperationType.READ_ACK, uid, msg_id);
      const newest = call.app.messages.newestId(call.app.historyView(call.user.id, uid));
      return newest === 0n ? DONE : operate(call, MessageOperationType.READ_ALL, uid, newest);
    },
  }),
  ...[true, false].map((pins) =>
    route({
      methods: POST_PUT,
      path: pins ? '/user/conversation/pin' : '/user/conversation/unpin',
      summary: pins ? "Puts a conversation at the top of the caller's list." : 'Takes it from the top again.',
      body: conversation,
      handle({ user }, { conversation_id }) {
        const others = (user.pinned ?? []).filter((one) => one !== conversation_id);
        user.pinned = pins ? [...others, conversation_id] : others;
        return DONE;
      },
    }),
  ),
  route({
    methods: GET,
    path: '/user/conversation/pin_list',
    summary: "The conversations at the top of the caller's list.",
    answers: object({ conversation_ids: idList('The conversations.') }),
    handle: ({ user }) => ({ data: { conversation_ids: user.pinned ?? [] } }),
  }),
];

function mustHave(call: Call, uid: number): void {
  if (call.app.groups.isGroupId(uid)) mustBeMember(call, uid);
  else if (uid !== SYSTEM_UID) mustFindUser(call.app, uid);
}

const senderOf = ({ user }: Call): { userId: number; device: number } => ({ userId: user.id, device: NO_DEVICE });

/** READ_ALL goes to oneself, everything else to the conversation. */
function operate(call: Call, type: number, uid: number, mid: bigint): typeof DONE {
  const { app, messaging, user } = call;
  const result = messaging.send(app, {
    from: senderOf(call),
    toId: type === MessageOperationType.READ_ALL ? user.id : uid,
    body: {
      type: MessageBodyType.OPER,
      ctype: MessageBodyContentType.COMMAND,
      operation: { type, mid: String(mid), xid: toXid(uid) },
    },
  });
  if (!result.ok) throw new RestError(10002, result.reason);
  return DONE;
}

function unreadIn(app: AppData, userId: number, uid: number): number {
  const { messages } = app.messages.page(app.historyView(userId, uid), 0n, Infinity);
  return messages.filter(({ fromId, readBy }) => fromId !== userId && !readBy.has(userId)).length;
}

function historyRow(message: StoredMessage, viewerId: number): object {
  const { id: msg_id, fromId, fromDevice, toId, timestamp, body } = message;
  return {
    msg_id,
    from_xid: { uid: fromId, device_sn: fromDevice },
    to_xid: { uid: toId, device_sn: 0 },
    content: body.content ?? '',
    ctype: TYPES.find((name) => MessageBodyContentType[name as keyof typeof MessageBodyContentType] === body.ctype),
    ext: body.ext,
    config: body.config,
    attachment: body.attachment,
    status: STATUSES[statusFor(message, viewerId)],
    timestamp,
  };
}
