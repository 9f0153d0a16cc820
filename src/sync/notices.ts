import type { GroupInfo } from '../model/group.ts';
import { idNumber, SYSTEM_ID } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { GroupNoticePayload, NoticeMeta, NoticePayload } from '../model/notice.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { conversationKey } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import { parseJsonObject } from '../util/lossless-json.ts';
import { GroupNoticeType as G, MetaNameSpace, RosterNoticeType as R } from '../wire/enums.ts';
import { clearConversation } from './clear-conversation.ts';
import { keepGroupNotice, keepRosterNotice } from './kept-notices.ts';
import { toGroupNotice, toRosterNotice } from './message-mapper.ts';
import type { ReceivedMeta } from './message-mapper.ts';
import type { SyncEvent } from './sync-events.ts';

/** Applies a notice: it changes the lists and the details it carries, and removes conversations that the user is out of. */
export async function applyNotice(tx: StoreTransaction, meta: ReceivedMeta, self: Id): Promise<SyncEvent[]> {
  const drop = async (key?: ConversationKey): Promise<SyncEvent[]> =>
    key ? dropConversation(tx, key, meta.id, self) : [];
  switch (meta.ns) {
    case MetaNameSpace.ROSTER_NOTICE:
      return [...(await drop(applyRosterNotice(tx, toRosterNotice(meta), self))), { type: 'roster-notice', meta }];
    case MetaNameSpace.GROUP_NOTICE:
      return [...(await drop(applyGroupNotice(tx, toGroupNotice(meta), self))), { type: 'group-notice', meta }];
    case MetaNameSpace.USER_NOTICE:
      return [{ type: 'user-notice', meta }];
    default:
      // INFO and PUSH have no effect here; signals of calls have left the page before; anything else is newer than this client.
      return [];
  }
}

/** @returns the conversation to remove */
function applyRosterNotice(tx: StoreTransaction, meta: NoticeMeta, self: Id): ConversationKey | undefined {
  const { type, from, to, content } = meta.payload;
  const isOwn = from.uid === self;
  const peer = peerOf(meta.payload, self);
  keepRosterNotice(tx, meta, self);
  switch (type) {
    case R.ADDED:
      if (to.length === 1 && to[0]!.uid === self) tx.addFriend(peer);
      break;
    case R.ACCEPTED:
      if (isOwn ? to[0] : to.some(({ uid }) => uid === self)) tx.addFriend(peer);
      break;
    case R.REMOVED:
      if (!isOwn || !to[0]) break;
      tx.removeFriend(peer);
      return conversationKey('roster', peer);
    case R.INFO_UPDATED:
    case R.MUTED:
    case R.UNMUTED: {
      const info = type === R.INFO_UPDATED ? parseJsonObject(content) : { mute_notification: type === R.MUTED };
      tx.putUsers([{ ...info, user_id: idNumber(peer) }]);
    }
  }
  return undefined;
}

/** @returns the conversation to remove */
function applyGroupNotice(
  tx: StoreTransaction,
  meta: NoticeMeta<GroupNoticePayload>,
  self: Id,
): ConversationKey | undefined {
  const { payload } = meta;
  const group = payload.gid.uid;
  const { isOurs, isOut } = groupMove(payload, self);
  keepGroupNotice(tx, meta, self, isOurs && isOut);
  const info = changedInfo(payload);
  if (info) tx.putGroupInfos([info]);
  if (!isOurs) return undefined;
  if (isOut) tx.removeGroup(group);
  else tx.addGroup(group);
  return isOut ? conversationKey('group', group) : undefined;
}

/** Removes the messages of a conversation up to a notice. */
async function dropConversation(tx: StoreTransaction, key: ConversationKey, upTo: Id, self: Id): Promise<SyncEvent[]> {
  const before = tx.conversation(key);
  if (!(await clearConversation(tx, key, upTo, self)) || !before) return [];
  const isRead = before.unread + before.undelivered <= 0;
  return isRead ? [{ type: 'list' }] : [{ type: 'unread', key }, { type: 'list' }];
}

/** The other side of a notice between friends. */
export const peerOf = ({ from, to }: NoticePayload, self: Id): Id =>
  (from.uid === self ? to[0]?.uid : from.uid) ?? SYSTEM_ID;

/** Who joins or leaves a group by a notice. */
interface GroupMove {
  /** Every member, the notice's `from`, or the users in its `to`. */
  who: 'all' | 'from' | 'to';
  direction: 'in' | 'out';
}

const GROUP_MOVES: { readonly [type in number]?: GroupMove } = {
  [G.CREATED]: { who: 'all', direction: 'in' },
  [G.DESTROYED]: { who: 'all', direction: 'out' },
  [G.JOINED]: { who: 'from', direction: 'in' },
  [G.LEAVED]: { who: 'from', direction: 'out' },
  [G.APPLY_ACCEPTED]: { who: 'to', direction: 'in' },
  [G.INVITE_ACCEPTED]: { who: 'from', direction: 'in' },
  [G.KICKED]: { who: 'to', direction: 'out' },
  [G.BLOCKED]: { who: 'to', direction: 'out' },
};

/**
 * Who joins or leaves a group by a notice.
 *
 * @returns `ids`: the users that the notice names; `isOurs`: the user is one of those who move; `isOut`: they leave
 */
export function groupMove(
  { type, from, to }: NoticePayload,
  self: Id,
): { ids: readonly Id[]; isOurs: boolean; isOut: boolean } {
  const move = GROUP_MOVES[type];
  if (!move) return { ids: [], isOurs: false, isOut: false };
  const isOut = move.direction === 'out';
  if (move.who === 'all') return { ids: [], isOurs: true, isOut };
  const ids = (move.who === 'from' ? [from] : to).map(({ uid }) => uid);
  return { ids, isOurs: ids.includes(self), isOut };
}

/** The details of the group that a notice carries; undefined when it has none, or only a member's card. */
export function changedInfo({ type, gid, content }: GroupNoticePayload): GroupInfo | undefined {
  if (type !== G.INFO_UPDATED) return undefined;
  const { property, ...fields } = parseJsonObject(content) ?? {};
  return property === 'display_name' ? undefined : { ...fields, group_id: idNumber(gid.uid) };
}
