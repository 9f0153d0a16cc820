import { FlooError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import type { KvEntry, KvStore, KvWrite } from '../platform/ports.ts';
import { LOWEST, previousId } from './gaps.ts';
import { emptyConversation, isMessage, KEYS, prefixRange, SCHEMA_VERSION, textKeyOf } from './schema.ts';
import type { ConversationRecord, OutboxEntry, StoredItem } from './schema.ts';
import { searchText } from './search-text.ts';
import { packItems, unpackItems } from './segment-record.ts';

/** Records read for a batch: half a megabyte or so of messages, and as much again to be written. */
const RECORDS_AT_ONCE = 16;

/** @returns what a database holds from its first day on. */
export type Seed = () => readonly KvWrite[];

/**
 * Brings a database to {@link SCHEMA_VERSION}. Its version is written last, so what is interrupted is done again, and doing
 * it again changes nothing.
 *
 * @throws FlooError DbOperationFailed when a newer release wrote it.
 */
export async function migrate(kv: KvStore, seed: Seed = () => []): Promise<void> {
  const version = (await kv.get(KEYS.schema)) as number | undefined;
  if (version === SCHEMA_VERSION) return;
  if (version !== undefined && !(version < SCHEMA_VERSION))
    throw new FlooError(
      'DbOperationFailed',
      `the database is of version ${version}, this release reads ${SCHEMA_VERSION}`,
    );
  const known = await kv.range({ ...prefixRange('c/'), limit: 1 });
  const last: KvWrite = { op: 'put', key: KEYS.schema, value: SCHEMA_VERSION };
  // Absent in version 1, and in what is new; that has next to nothing to be upgraded.
  await upgradeFrom1(kv);
  await kv.commit([...(known.length === 0 ? seed() : []), last]);
}

async function upgradeFrom1(kv: KvStore): Promise<void> {
  const oldest = new Map<string, Id>();
  await rewrite(kv, 's/', ({ key, value }) => {
    // Packed already when this was interrupted.
    const items = Array.isArray(value) ? (value as StoredItem[]) : unpackItems(value);
    const conversation = key.split('/')[1]!;
    const first = items.find(isMessage);
    // Segments ascend: the first message met is the oldest.
    if (first && !oldest.has(conversation)) oldest.set(conversation, first.id);
    return [
      { key, value: packItems(items) },
      { key: textKeyOf(key), value: searchText(items) },
    ];
  });
  await rewrite(kv, 'c/', ({ key, value }) => {
    const conversation = key.slice(2);
    const first = oldest.get(conversation);
    const record: ConversationRecord = {
      ...emptyConversation(conversation),
      gaps: first ? [[LOWEST, previousId(first)]] : [],
      ...(value as Partial<ConversationRecord>),
    };
    return [{ key, value: record }];
  });
  await rewrite(kv, 'o/', ({ key, value }) => {
    const entry = value as Omit<OutboxEntry, 'createdAt'>;
    const createdAt = Number(entry.message?.timestamp) || Math.floor(Number(entry.mid) / 1024);
    // Whether it left was not written down then.
    return [{ key, value: { createdAt, tried: true, ...entry } }];
  });
}

/** Puts what becomes of every record whose key starts so. */
async function rewrite(kv: KvStore, prefix: string, change: (entry: KvEntry) => KvEntry[]): Promise<void> {
  const range = prefixRange(prefix);
  for (;;) {
    const entries = await kv.range({ ...range, limit: RECORDS_AT_ONCE });
    if (entries.length > 0) await kv.commit(entries.flatMap(change).map((entry) => ({ op: 'put', ...entry })));
    if (entries.length < RECORDS_AT_ONCE) return;
    range.from = `${entries[entries.length - 1]!.key}\0`;
  }
}
