import { parseId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { KvWrite } from '../platform/ports.ts';
import type { DeployedStorage } from '../session/deployed-storage.ts';
import { conversationKey, emptyConversation, KEYS } from '../store/schema.ts';
import type { ConversationKey, ConversationRecord } from '../store/schema.ts';
import { newTable } from '../store/table.ts';
import { flatMap } from '../util/es2019.ts';
import { parseLosslessJson } from '../util/lossless-json.ts';

/** The first records of a user's new database: conversations, drafts, friends and groups as the deployed SDK kept them. */
export function importDeployed(deployed: DeployedStorage, uid: Id): KvWrite[] {
  const list = (name: string): unknown[] => parseList(deployed.text(uid, name));
  const conversations = new Map<ConversationKey, ConversationRecord>();
  for (const item of list('recent_store')) {
    const record = toConversation(item);
    // The list has the newest entry first: a later one with the same key is older.
    const key = record && conversationKey(record.type, record.id);
    if (key && !conversations.has(key)) conversations.set(key, record);
  }
  const writes = newTable('conversations', conversations);
  for (const [key, name] of [
    [KEYS.friends, 'roster_lists'],
    [KEYS.groups, 'group_lists'],
  ] as const) {
    const ids = new Set(flatMap(list(name), (id) => parseId(id) ?? []));
    if (ids.size > 0) writes.push({ op: 'put', key, value: [...ids] });
  }
  return writes;
}

/** The list in a text of the form `{"data":[…]}` or `[…]`; an empty one for anything else. */
function parseList(text = ''): unknown[] {
  try {
    const value = parseLosslessJson(text) as { data?: unknown } | null;
    const list = value?.data ?? value;
    return Array.isArray(list) ? list : [];
  } catch {
    // Another version wrote it, or a full disk cut it off.
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

/** Milliseconds since 1970 as a decimal string, `''` for none. A `Long` was stored as its two halves. */
function time(value: unknown): string {
  const { low, high } = Object(value) as { low?: unknown; high?: unknown };
  const whole = typeof low === 'number' && typeof high === 'number' ? high * 2 ** 32 + (low >>> 0) : value;
  return parseId(whole) ?? '';
}
