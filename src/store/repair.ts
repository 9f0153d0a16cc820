import { higherId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { KvReader, KvStore, KvWrite } from '../platform/ports.ts';
import { flatMap } from '../util/es2019.ts';
import { LOWEST } from './gaps.ts';
import { readStored } from './record-codec.ts';
import type { StoredRecords } from './record-codec.ts';
import { checkConversation, isIdList, isNotice, isOutboxEntry, isStoredId } from './record-shapes.ts';
import { conversationOfSegment, emptyConversation, isGroupKey, KEYS, peerIdOf, prefixRange } from './schema.ts';
import type { ConversationKey, ConversationRecord } from './schema.ts';
import { readPages, readTail, segmentsIn } from './segment-reader.ts';
import { messagesOf } from './segments.ts';

/**
 * Looks at the small records that are in no table, drops those that are damaged, and makes up what can be made up. What is
 * dropped comes from the server again.
 *
 * @returns the records as they are then, and the keys of the damaged ones
 */
export async function repaired(
  kv: KvStore,
  stored: StoredRecords,
): Promise<{ records: StoredRecords; damaged: string[] }> {
  const repairs = repairRecords(stored);
  if (repairs.length === 0) return { records: stored, damaged: [] };
  await kv.commit(repairs.map(({ write }) => write));
  return { records: await readStored(kv), damaged: repairs.map(({ key }) => key) };
}

/** A damaged record, and what takes its place. */
interface Repair {
  key: string;
  write: KvWrite;
}

const dropped = (key: string): Repair => ({ key, write: { op: 'delete', key } });

function repairRecords({ outbox, friends, joined, notices, lastMid }: StoredRecords): Repair[] {
  const repairs: Repair[] = [];
  for (const { key, value } of outbox) if (!isOutboxEntry(key, value)) repairs.push(dropped(key));
  const isAbsentOr = (is: boolean, value: unknown): boolean => value === undefined || is;
  if (!isAbsentOr(isIdList(friends), friends)) repairs.push(dropped(KEYS.friends));
  if (!isAbsentOr(isIdList(joined), joined)) repairs.push(dropped(KEYS.groups));
  if (!isAbsentOr(isStoredId(lastMid), lastMid)) repairs.push(dropped(KEYS.lastMid));
  if (!isAbsentOr(Array.isArray(notices) && notices.every(isNotice), notices)) {
    const kept: unknown[] = Array.isArray(notices) ? notices.filter(isNotice) : [];
    repairs.push({ key: KEYS.notices, write: { op: 'put', key: KEYS.notices, value: kept } });
  }
  return repairs;
}

/**
 * The records of a damaged bucket of conversations. Those that are gone left their messages.
 *
 * @param lost conversations with messages that belong into this bucket and are in no other
 */
export async function repairConversations(
  kv: KvReader,
  records: readonly (readonly [ConversationKey, ConversationRecord])[],
  lost: readonly ConversationKey[],
): Promise<[ConversationKey, ConversationRecord][]> {
  const repaired = new Map<ConversationKey, ConversationRecord | undefined>();
  for (const [key, record] of records) {
    const { valid, isWhole } = checkConversation(key, record);
    repaired.set(key, isWhole ? { ...emptyConversation(key), ...valid } : await rebuilt(kv, key, valid));
  }
  for (const key of lost) if (!repaired.has(key)) repaired.set(key, await rebuilt(kv, key, {}));
  return flatMap([...repaired], ([key, record]) => (record ? [[key, record]] : []));
}

/** The conversations that have messages. */
export async function storedConversations(kv: KvReader): Promise<ConversationKey[]> {
  const keys = new Set<ConversationKey>();
  for await (const page of readPages(kv, prefixRange('s/')))
    for (const { key } of page) keys.add(conversationOfSegment(key));
  return [...keys];
}

/** The record of a conversation as its messages have it. The server is asked for all of them again. */
async function rebuilt(
  kv: KvReader,
  key: ConversationKey,
  valid: Partial<ConversationRecord>,
): Promise<ConversationRecord | undefined> {
  const messages = messagesOf(await readTail(segmentsIn(kv), key));
  const newest = messages[messages.length - 1];
  const newestId: Id = higherId(valid.newestId ?? '0', newest?.id ?? '0');
  if (newestId === '0' && Object.keys(valid).length === 0) return undefined;
  const unread = messages.filter(
    ({ status, isHistory, from }) =>
      status !== DELIVERY_STATUS.read && !isHistory && (isGroupKey(key) || from === peerIdOf(key)),
  ).length;
  const preview = newest && {
    previewId: newest.id,
    content: newest.type === 'text' ? newest.content : (newest.type ?? ''),
    ext: newest.ext,
    timestamp: newest.timestamp,
  };
  return {
    ...emptyConversation(key),
    ...preview,
    unread,
    ...valid,
    newestId,
    gaps: newestId === '0' ? [] : [[LOWEST, newestId]],
  };
}
