import { parseId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { KvWrite } from '../platform/ports.ts';
import type { Legacy } from '../session/legacy.ts';
import { conversationKey, emptyConversation, KEYS } from '../store/schema.ts';
import type { ConversationKey, ConversationRecord } from '../store/schema.ts';
import { bucketWrites } from '../store/table.ts';
import { parseLosslessJson } from '../util/lossless-json.ts';

/** What a user's new database begins with: conversations, drafts, friends and groups as the deployed SDK kept them. */
export function legacyWrites(legacy: Legacy, uid: Id): KvWrite[] {
  const list = (name: string): unknown[] => parseList(legacy.text(uid, name));
  const conversations = new Map<ConversationKey, ConversationRecord>();
  for (const item of list('recent_store')) {
    const record = toConversation(item);
    // The newest comes first.
    const key = record && conversationKey(record.type, record.id);
    if (key && !conversations.has(key)) conversations.set(key, record);
  }
  const writes = bucketWrites('conversations', conversations);
  for (const [key, name] of [
    [KEYS.friends, 'roster_lists'],
    [KEYS.groups, 'group_lists'],
  ] as const) {
    const ids = new Set(list(name).flatMap((id) => parseId(id) ?? []));
    if (ids.size > 0) writes.push({ op: 'put', key, value: [...ids] });
  }
  return writes;
}

/** Its arrays are `{"data":[…]}`; nothing in anything else. */
function parseList(text = ''): unknown[] {
  try {
    const value = parseLosslessJson(text) as { data?: unknown } | null;
    const list = value?.data ?? value;
    return Array.isArray(list) ? list : [];
  } catch {
    // Another version's, or cut off by a full disk.
    return [];
  }
}

function toConversation(item: unknown): ConversationRecord | undefined {
  const {
    type,
    id: rawId,
    content,
    ext,
    timestamp,
    hasAt,
    draft,
    draftTimestamp,
  } = Object(item) as Record<string, unknown>;
  const id = parseId(rawId);
  if (!id || (type !== 'roster' && type !== 'group')) return undefined;
  return {
    ...emptyConversation(conversationKey(type, id)),
    content: text(content),
    ext: text(ext),
    timestamp: time(timestamp),
    hasAt: hasAt === true,
    draft: text(draft),
    draftTimestamp: Number(time(draftTimestamp)) || '',
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** ms since 1970; a `Long` was stored as its halves. */
function time(value: unknown): string {
  const { low, high } = Object(value) as { low?: unknown; high?: unknown };
  const whole = typeof low === 'number' && typeof high === 'number' ? high * 2 ** 32 + (low >>> 0) : value;
  return parseId(whole) ?? '';
}
