/** Calls of the app, down to the frames: commands, the conversation list, and waiting rows. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { KvProvider } from '../../../src/platform/ports.ts';
import type { SyncEngine } from '../../../src/sync/sync-engine.ts';
import type { SyncEvent } from '../../../src/sync/sync-events.ts';
import type { SyncDown, SyncUp } from '../../../src/wire/index.ts';
import { createFailingProvider } from '../store/failing-store.ts';
import { createEngine, KEY } from './engine-harness.ts';
import { chat, openTestStore, overTheWire, PEER, SELF, TIME, emitted } from './harness.ts';
import type { TestStore } from './harness.ts';

const GROUP_KEY = `g${PEER}`;
const EXPIRY_MS = 1_000_000;
const TEXT = { content: 'hi', type: 'text' } as const;

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Harness extends TestStore {
  engine: SyncEngine;
  /** Client mids, as they were sent. */
  sent: string[];
  frames: SyncUp[];
  events: SyncEvent[];
  setOnline(online: boolean): Promise<void>;
  settle(): Promise<void>;
  answer(mid: string, answer: SyncDown): Promise<void>;
  /** Ids and states of the rows; `+` means that a byte of the row may have left. */
  rows(): string[];
}

async function create({
  online = false,
  provider,
}: { online?: boolean; provider?: KvProvider } = {}): Promise<Harness> {
  const opened = await openTestStore(provider);
  const frames: SyncUp[] = [];
  const sent: string[] = [];
  const events: SyncEvent[] = [];
  let isOnline = online;
  const engine = createEngine(opened, {
    ...{ events, sendExpiryMs: EXPIRY_MS },
    session: {
      send(frame) {
        const up = frame.payload as SyncUp;
        if (isOnline && up.meta) sent.push(up.meta.id!);
        if (isOnline) frames.push(up);
        return isOnline;
      },
      patience: 1,
      caughtUp: () => undefined,
      unresponsive: () => undefined,
    },
  });
  if (online) engine.online();
  const settle = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(0);
  };
  return {
    ...opened,
    engine,
    sent,
    frames,
    events,
    settle,
    async setOnline(value) {
      isOnline = value;
      if (value) engine.online();
      else engine.offline();
      await settle();
    },
    async answer(mid, answer) {
      engine.handleFrame(overTheWire({ command: 1, payload: { client_mid: mid, status: { code: 1 }, ...answer } }));
      await settle();
    },
    rows: () => opened.store.reader.outbox().map(({ mid, state, tried }) => `${mid} ${state}${tried ? '+' : ''}`),
  };
}

async function restart({ provider, engine }: Harness): Promise<Harness> {
  engine.close();
  return create({ provider });
}

const say = async ({ engine, settle }: Harness): Promise<string> => {
  const mid = engine.commands.send(KEY, TEXT);
  await settle();
  return mid;
};

describe('a row that waits for a connection', () => {
  test('too long fails, also in a later run, and is not sent', async () => {
    const first = await create();
    const old = await say(first);
    vi.setSystemTime(TIME + EXPIRY_MS);
    const fresh = await say(first);
    vi.setSystemTime(TIME + EXPIRY_MS + 1);
    const later = await restart(first);
    await later.setOnline(true);
    expect(later.sent).toEqual([fresh]);
    expect(emitted(later.events)).toEqual([`failed ${old} ServerTimeOut`]);
    expect(later.rows()).toEqual([`${old} failed`, `${fresh} queued+`]);
    expect(later.store.reader.outboxEntry(old)!.error).toBe('ServerTimeOut');
  });

  test('too long with an operation emits the failure and is removed', async () => {
    const harness = await create();
    const mid = harness.engine.commands.operate(5, KEY, '5');
    await harness.settle();
    await vi.advanceTimersByTimeAsync(EXPIRY_MS);
    expect(emitted(harness.events)).toEqual([`failed ${mid} ServerTimeOut`]);
    expect(harness.rows()).toEqual([]);
  });

  test('is marked in the store before its first byte leaves', async () => {
    const { provider, batches } = createFailingProvider();
    const harness = await create({ provider });
    const mid = await say(harness);
    expect(harness.rows()).toEqual([`${mid} queued`]);
    const before = batches.length;
    await harness.setOnline(true);
    expect(batches[before]).toMatchObject([{ op: 'put', value: { mid, tried: true } }]);
    expect(harness.sent).toEqual([mid]);
  });

  test('stays unsent when the mark cannot be stored, and is sent with the next row', async () => {
    const { provider, fail } = createFailingProvider();
    const harness = await create({ provider });
    const mid = await say(harness);
    fail(true);
    await harness.setOnline(true);
    expect(harness.sent).toEqual([]);
    fail(false);
    const next = await say(harness);
    expect(harness.sent).toEqual([mid, next]);
  });

  test('never expires once a byte of it may have left', async () => {
    const first = await create({ online: true });
    const mid = await say(first);
    await first.setOnline(false);
    vi.setSystemTime(TIME + 100 * EXPIRY_MS);
    const later = await restart(first);
    await later.setOnline(true);
    expect(later.sent).toEqual([mid]);
    expect(later.events).toEqual([]);
  });
});

describe('a message that failed', () => {
  async function failed(): Promise<{ harness: Harness; mid: string }> {
    const harness = await create({ online: true });
    const mid = await say(harness);
    await harness.answer(mid, { status: { code: 12, reason: 'no' }, server_mid: '0' });
    harness.events.length = 0;
    return { harness, mid };
  }

  test('is sent again under its id, once, before what waits', async () => {
    const { harness, mid } = await failed();
    await harness.setOnline(false);
    const next = await say(harness);
    expect([harness.engine.outbox.resend(mid), harness.engine.outbox.resend(mid)]).toEqual([true, false]);
    await harness.settle();
    expect(emitted(harness.events)).toEqual([`sending ${next}`, 'list', `sending ${mid}`]);
    expect(harness.store.reader.outboxEntry(mid)!.error).toBeUndefined();
    const later = await restart(harness);
    await later.setOnline(true);
    expect(later.sent).toEqual([mid, next]);
    await later.answer(mid, { server_mid: '90' });
    expect(emitted(later.events)).toContain(`sent ${mid} as 90`);
  });

  test('is forgotten when it is discarded', async () => {
    const { harness, mid } = await failed();
    expect(await harness.engine.outbox.discard(mid)).toBe(true);
    expect(harness.engine.outbox.resend(mid)).toBe(false);
    expect((await restart(harness)).rows()).toEqual([]);
  });
});

describe('discarding', () => {
  test('removes a waiting row, but not one that may have left', async () => {
    const harness = await create();
    const mids = [await say(harness), await say(harness)];
    expect(await harness.engine.outbox.discard(mids[0]!)).toBe(true);
    expect(emitted(harness.events)).toContain(`deleted ${KEY} ${mids[0]!}`);
    await harness.setOnline(true);
    expect(harness.sent).toEqual([mids[1]]);
    expect(await harness.engine.outbox.discard(mids[1]!)).toBe(false);
    expect(await harness.engine.outbox.discard('1')).toBe(false);
    expect(harness.rows()).toEqual([`${mids[1]!} queued+`]);
  });

  test('leaves the row waiting when the change cannot be stored', async () => {
    const { provider, fail } = createFailingProvider();
    const harness = await create({ provider });
    const mid = await say(harness);
    fail(true);
    expect(await harness.engine.outbox.discard(mid)).toBe(false);
    fail(false);
    await harness.setOnline(true);
    expect(harness.sent).toEqual([mid]);
  });

  test('at the moment of going online prevents the send', async () => {
    const harness = await create();
    const mid = await say(harness);
    const online = harness.setOnline(true);
    expect(await harness.engine.outbox.discard(mid)).toBe(true);
    await online;
    expect([harness.sent, harness.rows()]).toEqual([[], []]);
  });
});

test('an edit takes effect with its answer, under the server’s id and time', async () => {
  const harness = await create({ online: true });
  await harness.apply([chat({ id: 5, from: SELF, to: PEER, content: 'a' })]);
  const mid = harness.engine.commands.operate(8, KEY, '5', { content: 'b' });
  await harness.settle();
  expect(harness.store.reader.newestMessages(KEY)[0]!.content).toBe('a');
  await harness.answer(mid, { server_mid: '9', edit_timestamp: String(TIME + 5_000_000) });
  expect(harness.store.reader.newestMessages(KEY)[0]).toMatchObject({
    content: 'ab',
    editTimestamp: String(TIME + 5_000_000),
  });
  // The same, as another page brings it.
  const body = {
    type: 1,
    ctype: 0,
    content: 'b',
    operation: { type: 8, mid: '5' },
    edit_timestamp: String(TIME + 5_000_000),
  };
  await harness.apply([{ id: '9', from: { uid: SELF }, to: { uid: PEER }, ns: 1, payload: body }]);
  expect(harness.store.reader.newestMessages(KEY)[0]!.content).toBe('ab');
});

describe('the conversation list', () => {
  test('a draft is kept, moves the conversation up once, and a blank one is forgotten', async () => {
    const harness = await create();
    const record = () => harness.store.reader.conversation(KEY)!;
    const save = async (text: string, time?: number): Promise<string[]> => {
      harness.events.length = 0;
      harness.engine.conversations.saveDraft(KEY, text, time);
      await harness.settle();
      return emitted(harness.events);
    };
    expect(await save(' ')).toEqual([]);
    expect(record()).toBeUndefined();
    expect(await save('a')).toEqual(['list']);
    expect(record()).toMatchObject({ draft: 'a', draftTimestamp: TIME, listed: true });
    vi.setSystemTime(TIME + 5);
    expect(await save('a')).toEqual([]);
    expect(record().draftTimestamp).toBe(TIME);
    expect(await save('a', 7)).toEqual(['list']);
    expect(record().draftTimestamp).toBe(7);
    expect(await save('\n')).toEqual(['list']);
    expect(record()).toMatchObject({ draft: '', draftTimestamp: '' });
  });

  test('touching a conversation keeps its text', async () => {
    const harness = await create();
    await harness.apply([chat({ id: 5 })]);
    harness.engine.conversations.touch(KEY, TIME + 9_000_000);
    harness.engine.conversations.touch(GROUP_KEY);
    await harness.settle();
    const { reader } = harness.store;
    expect(reader.conversation(KEY)).toMatchObject({ content: 'text 5', timestamp: String(TIME + 9_000_000) });
    expect(reader.conversation(GROUP_KEY)).toMatchObject({ type: 'group', content: '' });
    // It has no message, so it takes a time by which it is the first.
    expect(reader.conversation(GROUP_KEY)!.timestamp).toBe(String(TIME + 9_000_001));
  });

  test.each([
    [true, 2],
    [false, 1],
  ])('a conversation is deleted at once, and on the server later (everywhere: %s)', async (everywhere, type) => {
    const first = await create();
    await first.apply([chat({ id: 5 })]);
    first.engine.conversations.remove([KEY], everywhere);
    await first.settle();
    expect(emitted(first.events)).toEqual(['conversation-deleted', `unread ${KEY}`, 'list']);
    const later = await restart(first);
    expect(later.store.reader.conversation(KEY)).toMatchObject({ listed: false, unread: 0, clearedTo: '5' });
    expect(later.store.reader.newestMessages(KEY)).toEqual([]);
    await later.setOnline(true);
    const { meta } = later.frames.find((frame) => frame.meta)!;
    expect(meta).toMatchObject({
      ns: 6,
      from: { uid: SELF },
      payload: { type: 1, operation: { type, xid: { uid: PEER } } },
    });
    expect('to' in meta!).toBe(false);
    await later.answer(meta!.id!, { server_mid: '9' });
    expect(later.rows()).toEqual([]);
    await later.apply([chat({ id: 5 })]);
    expect(later.store.reader.newestMessages(KEY)).toEqual([]);
  });

  test('a message sent to a deleted conversation lists it again', async () => {
    const harness = await create();
    await harness.apply([chat({ id: 5 })]);
    harness.engine.conversations.remove([KEY], true);
    await say(harness);
    expect(harness.store.reader.conversation(KEY)).toMatchObject({ listed: true, timestamp: String(TIME) });
  });
});
