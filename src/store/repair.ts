import { higherId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { KvEntry, KvReader, KvStore, KvWrite } from '../platform/ports.ts';
import { flatMap } from '../util/es2019.ts';
import { LOWEST } from './gaps.ts';
import { readStored } from './record-codec.ts';
import type { StoredRecords } from './record-codec.ts';
import { checkConversation, isIdList, isNotice, isObject, isOutboxEntry, isStoredId } from './record-shapes.ts';
import { conversationOfSegment, emptyConversation, isGroupKey, KEYS, peerIdOf, prefixRange } from './schema.ts';
import type { ConversationKey, ConversationRecord } from './schema.ts';
import { readPages, readTail, segmentsIn } from './segment-reader.ts';
import { messagesOf } from './segments.ts';
import { bucketWrites, checkBucket, isStoredConversation } from './table.ts';
import type { TableName } from './table.ts';

/**
 * Looks at all small records, drops those that are damaged, and makes up what can be made up. What is dropped comes from the
 * server again: lists and details are fetched at the start, and messages are asked for where a gap is noted.
 *
 * @returns the records as they are then, and the keys of the damaged ones
 */
export async function readRepaired(kv: KvStore): Promise<{ records: StoredRecords; damaged: string[] }> {
  const stored = await readStored(kv);
  const repairs = [
    ...(await repairConversations(kv, stored.conversations)),
    ...repairTable('users', stored.users),
    ...repairTable('groups', stored.groups),
    ...repairRecords(stored),
  ];
  if (repairs.length === 0) return { records: stored, damaged: [] };
  await kv.commit(flatMap(repairs, ({ writes }) => writes));
  return { records: await readStored(kv), damaged: repairs.map(({ key }) => key) };
}

/** A damaged record, and what takes its place. */
interface Repair {
  key: string;
  writes: readonly KvWrite[];
}

const dropped = (key: string): Repair => ({ key, writes: [{ op: 'delete', key }] });

function repairTable(table: TableName, buckets: readonly KvEntry[]): Repair[] {
  const isRecord = (record: unknown, key: string): record is object => isStoredId(key) && isObject(record);
  return flatMap(buckets, ({ key, value }) => {
    const { records, isDamaged } = checkBucket(value, isRecord);
    return isDamaged ? [{ key, writes: [...dropped(key).writes, ...bucketWrites(table, records)] }] : [];
  });
}

function repairRecords({ outbox, friends, joined, notices, lastMid }: StoredRecords): Repair[] {
  const repairs: Repair[] = [];
  for (const { key, value } of outbox) if (!isOutboxEntry(key, value)) repairs.push(dropped(key));
  const isAbsentOr = (is: boolean, value: unknown): boolean => value === undefined || is;
  if (!isAbsentOr(isIdList(friends), friends)) repairs.push(dropped(KEYS.friends));
  if (!isAbsentOr(isIdList(joined), joined)) repairs.push(dropped(KEYS.groups));
  if (!isAbsentOr(isStoredId(lastMid), lastMid)) repairs.push(dropped(KEYS.lastMid));
  if (!isAbsentOr(Array.isArray(notices) && notices.every(isNotice), notices)) {
    const kept: unknown[] = Array.isArray(notices) ? notices.filter(isNotice) : [];
    repairs.push({ key: KEYS.notices, writes: [{ op: 'put', key: KEYS.notices, value: kept }] });
  }
  return repairs;
}

async function repairConversations(kv: KvReader, buckets: readonly KvEntry[]): Promise<Repair[]> {
  const repairs: Repair[] = [];
  let stored: readonly ConversationKey[] | undefined;
  for (const { key, value } of buckets) {
    const { records, isDamaged } = checkBucket(value, isStoredConversation);
    const checked = records.map(([of, record]) => [of, checkConversation(of, record)] as const);
    if (!isDamaged && checked.every(([, { isWhole }]) => isWhole)) continue;
    const next = new Map<ConversationKey, ConversationRecord | undefined>();
    for (const [of, { valid, isWhole }] of checked)
      next.set(of, isWhole ? { ...emptyConversation(of), ...valid } : await rebuilt(kv, of, valid));
    // A record that is gone left its messages.
    if (isDamaged) stored ??= await storedConversations(kv);
    for (const of of isDamaged ? stored! : [])
      if (of.endsWith(key.slice(-2)) && !next.has(of)) next.set(of, await rebuilt(kv, of, {}));
    const left = flatMap([...next], ([of, record]) => (record ? [[of, record] as const] : []));
    repairs.push({ key, writes: [...dropped(key).writes, ...bucketWrites('conversations', left)] });
  }
  return repairs;
}

async function storedConversations(kv: KvReader): Promise<ConversationKey[]> {
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
