// A store whose index of searches is built: some hundred messages in some dozen conversations, and a clock that rests on command.
import type { SyncedMessage } from '../../../src/model/message.ts';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { Clock, KvStore, KvWrite } from '../../../src/platform/ports.ts';
import { conversationOfSegment, isMessage, prefixRange } from '../../../src/store/schema.ts';
import { matchesTerms, normalizeText, searchTerms } from '../../../src/store/search-terms.ts';
import { unpackItems } from '../../../src/store/segment-record.ts';
import { openStore } from '../../../src/store/store.ts';
import type { Store } from '../../../src/store/store.ts';
import { storedMessage } from './stored-message.ts';

/** Words that texts and searches are made of. */
export const WORDS = [
  'alpha',
  'Alphabet',
  'bet',
  'be',
  'x',
  '12',
  '合同',
  '合',
  '同意',
  '明天',
  'ok',
  'ÄRA',
  '🙂',
  'か',
];

export const KEYS_OF_CONVERSATIONS = Array.from({ length: 90 }, (_, at) => `${at % 3 === 0 ? 'g' : 'r'}${200 + at}`);

/** A long text that has next to nothing in common with others, so that a few dozen fill several shards. */
function longText(seed: number): string {
  let text = '';
  let state = seed + 1;
  for (let i = 0; i < 1200; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    text += String.fromCharCode(0x4e00 + (state % 5000));
  }
  return text;
}

/** A clock whose timers run on command. */
export function createRestingClock() {
  let now = 1_000_000;
  const timers = new Map<number, { at: number; run: () => void }>();
  let last = 0;
  const clock: Clock = {
    now: () => now,
    setTimeout: (run, delayMs) => {
      // Turns of the event loop come by themselves.
      if (delayMs === 0) return setImmediate(run);
      timers.set(++last, { at: now + delayMs, run });
      return last;
    },
    clearTimeout: (timer) => void timers.delete(timer as number),
  };
  /** Runs the next timer. @returns whether there was one within a second and a half */
  const next = (): boolean => {
    const [first] = [...timers].sort(([, a], [, b]) => a.at - b.at);
    if (!first || first[1].at > now + 1500) return false;
    timers.delete(first[0]);
    now = Math.max(now, first[1].at);
    first[1].run();
    return true;
  };
  /** Rests until there is nothing to do any more. */
  const rest = async (): Promise<void> => {
    for (let idle = 0; idle < 10; idle++) {
      await turn();
      if (next()) idle = 0;
    }
  };
  /** How many timers would run while nothing happens. */
  const count = (): number => [...timers.values()].filter(({ at }) => at <= now + 10_000).length;
  return { clock, next, rest, count };
}

const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A database that takes a turn for each call, and ends at one of its commits, before or after that is stored, as in a crash. */
export function createCrashingKv(kv: KvStore) {
  let [left, isStored] = [Infinity, false];
  let isOver = false;
  const commits: (readonly KvWrite[])[] = [];
  const alive = (): KvStore => {
    if (isOver) throw new Error('the process has ended');
    return kv;
  };
  const crashing: KvStore = {
    get: async (key) => turn().then(async () => alive().get(key)),
    range: async (range) => turn().then(async () => alive().range(range)),
    commit: async (batch) => {
      await turn();
      alive();
      commits.push(batch);
      if (left-- > 0) return kv.commit(batch);
      isOver = true;
      if (isStored) await kv.commit(batch);
      throw new Error('the process ends');
    },
    close: async () => undefined,
  };
  return {
    kv: crashing,
    commits,
    isOver: () => isOver,
    /** Ends it at once, or at the commit after so many. */
    crash: (after: number | undefined, stored = false) => {
      if (after === undefined) isOver = true;
      else [left, isStored] = [after, stored];
    },
  };
}

/** The keys of the index in a database. */
export const indexKeys = async (kv: KvStore): Promise<string[]> =>
  (await kv.range(prefixRange('i/'))).map(({ key }) => key);

/** What a search must find, from a look at every message of a database. */
export async function scanned(kv: KvStore, text: string, keyStart: string, limit: number): Promise<string[]> {
  const terms = searchTerms(text);
  const hits: { key: string; message: SyncedMessage }[] = [];
  for (const { key, value } of await kv.range(prefixRange(`s/${keyStart}`))) {
    for (const item of unpackItems(value)) {
      if (isMessage(item) && item.type === 'text' && matchesTerms(normalizeText(item.content), terms))
        hits.push({ key: conversationOfSegment(key), message: item });
    }
  }
  return hits
    .sort((a, b) => Number(b.message.id) - Number(a.message.id) || (a.key < b.key ? 1 : -1))
    .slice(0, limit)
    .map(({ key, message }) => `${key}:${message.id}:${message.content}`);
}

export const found = async (store: Store, text: string, keyStart: string, limit: number): Promise<string[]> =>
  (await store.search(text, keyStart, limit)).map(
    ({ conversation, message }) => `${conversation}:${message.id}:${message.content}`,
  );

export const put = async (
  store: Store,
  key: string,
  messages: readonly SyncedMessage[],
  when: 'now' | 'later' | 'ahead' = 'now',
): Promise<void> => store.update(async (tx) => tx.messages.put(key, messages), when);

let template: Promise<KvStore> | undefined;

/** A copy of a database with 90 conversations, of which some have several segments. Its index is not built yet. */
export async function filledKv(): Promise<KvStore> {
  template ??= fill();
  const kv = await createMemoryKvProvider().open('user');
  await kv.commit(
    (await (await template).range({ from: '', to: '\uffff' })).map((entry): KvWrite => ({ op: 'put', ...entry })),
  );
  return kv;
}

async function fill(): Promise<KvStore> {
  const kv = await createMemoryKvProvider().open('user');
  const store = await openStore(kv);
  for (const [at, key] of KEYS_OF_CONVERSATIONS.entries()) {
    const count = at % 30 === 7 ? 200 : 1 + (at % 3);
    await put(
      store,
      key,
      Array.from({ length: count }, (_, i) =>
        storedMessage(1000 + i * 100 + at, {
          content: i === 0 ? longText(at) : `${WORDS[(at + i) % WORDS.length]} ${WORDS[(at * i) % WORDS.length]}`,
        }),
      ),
    );
  }
  return kv;
}
