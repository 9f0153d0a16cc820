import { MessageBodyContentType, MessageBodyType, MessageOperationType, UserNoticeType } from 'flooim/wire';
import type { IMessageBody } from 'flooim/wire';
import type { SendResult } from '../messaging/send-result.ts';
import { SYSTEM_UID, toXid } from '../model/ids.ts';
import { DONE } from './answer.ts';
import type { Answer } from './answer.ts';
import { mustFindUser } from './guards.ts';
import { flag, id, ids, int, list, messageId, object, optional, text } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, POST, POST_PUT, route } from './route.ts';
import type { Call, Route } from './route.ts';
import { addFriend } from './routes-roster.ts';

const TO_GROUPS = 2;
/** How long a send with a known `transaction_id` is answered like the first one and sends nothing. */
const SAME_TRANSACTION_MS = 60_000;
const NO_CONTENT_TYPE = 8;

/** `content_type` → operation, for messages that are operations. */
const OPERATIONS: Readonly<Record<number, number>> = {
  9: MessageOperationType.READ_ACK,
  10: MessageOperationType.RECALL,
  11: MessageOperationType.APPEND,
  12: MessageOperationType.REPLACE,
};

/** Endpoints that need an admin token. Most of them set up tests. */
export const adminRoutes: readonly Route[] = [
  route({
    methods: POST,
    path: '/user/add_roster',
    summary: 'Makes users friends without an application.',
    refuses: [10000],
    access: 'admin',
    body: { list: ids('The users.') },
    handle(call, { list: users }) {
      for (const userId of users) mustFindUser(call.app, userId);
      for (const userId of users) if (!call.app.roster.areFriends(call.user.id, userId)) addFriend(call, userId);
      return DONE;
    },
  }),
  route({
    methods: GET,
    path: '/user/rosters',
    summary: 'The friends of a user, with their names.',
    answers: list(object({ user_id: id('The friend.'), name: text('Name of the account.') })),
    access: 'admin',
    handle({ app, user }) {
      const rows = app.roster
        .friendsOf(user.id)
        .map((friend) => ({ user_id: friend, name: app.users.get(friend)?.username }));
      return { data: rows };
    },
  }),
  ...[true, false].map((frozen) =>
    route({
      methods: ['PUT'],
      path: frozen ? '/user/disable' : '/user/enable',
      summary: frozen ? 'Freezes users: they are logged out and cannot log in.' : 'Lets frozen users log in again.',
      refuses: [10000],
      access: 'admin',
      body: { list: ids('The users.') },
      handle({ app, notices }, { list: users }) {
        for (const user of users.map((userId) => mustFindUser(app, userId))) {
          user.frozen = frozen;
          if (frozen) notices.user(app, user.id, UserNoticeType.FROZEN);
        }
        return DONE;
      },
    }),
  ),
  route({
    methods: POST_PUT,
    path: '/message/send',
    summary: 'Sends a message to users or groups.',
    beside: { msg_ids: optional(list(messageId(), 'The message, if there is one receiver.')) },
    refuses: [10000],
    access: 'admin',
    body: {
      targets: ids('Users, or groups.'),
      type: int('1 to users, 2 to groups.', { min: 1, max: TO_GROUPS }),
      content_type: int(
        '0 text, 1 picture, 2 voice, 3 video, 4 file, 5 location, 6 command, 7 forward; operations: 9 read, 10 recall, 11 append, 12 replace.',
        { min: 0, max: 12 },
      ),
      content: optional(text('The text.')),
      ext: optional(text('JSON for apps.')),
      config: optional(text('JSON for clients, such as mentions.')),
      attachment: optional(text('JSON of the file or place.')),
      from_user_id: optional(id('The sender; else the system.')),
      online_only: optional(flag('Whether it reaches only devices that are online.')),
      related_mid: optional(messageId('The message that an operation is for.')),
      transaction_id: optional(id('The same number within a minute sends nothing again.')),
    },
    handle(call, { targets, type, from_user_id = SYSTEM_UID, online_only, transaction_id, ...content }) {
      const { app, now } = call;
      const before = transaction_id === undefined ? undefined : app.transactions.get(transaction_id);
      if (before && now - before.at < SAME_TRANSACTION_MS) return sent(before.msgIds);
      if (from_user_id !== SYSTEM_UID) mustFindUser(app, from_user_id);
      if (targets.some((toId) => app.groups.isGroupId(toId) !== (type === TO_GROUPS)))
        throw new RestError(10002, 'targets do not fit type');
      const body = toBody(from_user_id, content);
      const msgIds = targets.map((toId) => send(call, from_user_id, toId, body, online_only ?? false));
      if (transaction_id !== undefined) app.transactions.set(transaction_id, { at: now, msgIds });
      return sent(msgIds);
    },
  }),
];

/** The answer has message ids only if there is one receiver. */
function sent(msgIds: readonly bigint[]): Answer {
  return msgIds.length === 1 ? { data: true, msg_ids: msgIds } : DONE;
}

interface Content {
  content_type: number;
  content?: string | undefined;
  ext?: string | undefined;
  config?: string | undefined;
  attachment?: string | undefined;
  related_mid?: bigint | undefined;
}

function toBody(
  fromUserId: number,
  { content_type, content = '', ext, config, attachment, related_mid }: Content,
): IMessageBody {
  if (content_type === NO_CONTENT_TYPE) throw new RestError(10002, 'content_type');
  if (content_type === MessageBodyContentType.TEXT && content === '') throw new RestError(10002, 'content is required');
  const operation = OPERATIONS[content_type];
  if (operation !== undefined && related_mid === undefined) throw new RestError(10002, 'related_mid is required');
  return {
    content,
    ...(ext !== undefined && { ext }),
    ...(config !== undefined && { config }),
    ...(attachment !== undefined && { attachment }),
    ...(fromUserId === SYSTEM_UID && { is_system: true }),
    ...(operation === undefined
      ? { ctype: content_type }
      : {
          type: MessageBodyType.OPER,
          ctype: MessageBodyContentType.COMMAND,
          operation: { type: operation, mid: String(related_mid) },
        }),
  };
}

function send({ app, messaging }: Call, userId: number, toId: number, body: IMessageBody, onlineOnly: boolean): bigint {
  const aimed = body.operation ? { ...body, operation: { ...body.operation, xid: toXid(toId) } } : body;
  const result: SendResult = messaging.send(app, { from: { userId, device: 0 }, toId, body: aimed, onlineOnly });
  if (!result.ok) throw new RestError(10002, result.reason);
  return result.id;
}
