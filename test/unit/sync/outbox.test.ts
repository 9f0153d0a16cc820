import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { Clock, KvProvider } from '../../../src/platform/ports.ts';
import type { OutboxEntry } from '../../../src/store/schema.ts';
import { Outbox } from '../../../src/sync/outbox.ts';
import { messageEntry, operationEntry } from '../../../src/sync/outgoing.ts';
import type { SyncEvent } from '../../../src/sync/sync-events.ts';
import { vectorOf } from '../wire/vectors.ts';
import type { IStatus, Meta, SyncDown } from '../../../src/wire/index.ts';
import { testClock } from '../../support/fake-clock.ts';
import { fc } from '../../support/property.ts';
import { createFailingProvider } from '../store/failing-store.ts';
import { answered, chat, GROUP, openTestStore, PEER, SELF, TIME, told } from './harness.ts';
import type { TestStore } from './harness.ts';

const KEY = `r${PEER}`;
const EXPIRY_MS = 1_000_000;
const DUPLICATED: IStatus = { code: 2, reason: 'client msg id duplicated' };

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Harness extends TestStore {
  outbox: Outbox;
  /** Client mids, in the order they were sent. */
  sent: string[];
  events: SyncEvent[];
  heard: string[];
  searched: string[];
  refuseSends(refuse: boolean): void;
  /** Stores rows and hands them to the outbox. */
  put(...entries: OutboxEntry[]): Promise<void>;
  /** Text messages to the peer with these client mids. */
  text(...mids: number[]): Promise<void>;
  answer(mid: number, answer?: SyncDown): Promise<void>;
}

const textEntry = (mid: number, after = '0', conversation = KEY): OutboxEntry =>
  messageEntry(String(mid), conversation, { content: `text ${mid}`, type: 'text' }, SELF, TIME, after);
/** A message of ours as the server has it. */
const ours = (id: number, content = 'text 1'): Meta => chat({ id, from: SELF, to: PEER, content });

async function create({
  online = true,
  provider,
  clock,
}: { online?: boolean; provider?: KvProvider; clock?: Clock } = {}): Promise<Harness> {
  const opened = await openTestStore(provider, clock);
  const { store } = opened;
  const sent: string[] = [];
  const events: SyncEvent[] = [];
  const heard: string[] = [];
  const searched: string[] = [];
  let refusing = false;
  const outbox = new Outbox({
    store,
    clock: testClock,
    self: SELF,
    send(mid) {
      if (refusing) return false;
      sent.push(mid);
      return true;
    },
    onUnanswered: () => heard.push('unanswered'),
    onUnnumbered: (conversation) => searched.push(conversation),
    emit: (more) => events.push(...more),
    answerTimeoutMs: 20_000,
    sendExpiryMs: EXPIRY_MS,
  });
  if (online) outbox.online();
  const put = async (...made: OutboxEntry[]): Promise<void> => {
    const entries = made.map((entry) => outbox.admit(entry));
    await store.update((tx) => {
      for (const entry of entries) tx.putOutbox(entry);
    });
    outbox.push(entries);
  };
  return {
    ...opened,
    outbox,
    sent,
    events,
    heard,
    searched,
    refuseSends: (refuse) => (refusing = refuse),
    put,
    text: async (...mids) => put(...mids.map((mid) => textEntry(mid))),
    async answer(mid, answer = {}) {
      const down: SyncDown = {
        status: { code: 1 },
        client_mid: String(mid),
        server_mid: String(mid + 1000),
        ...answer,
      };
      await outbox.handleAnswer(answered(down));
    },
  };
}

const rows = ({ store }: Harness): string[] => store.reader.outbox().map(({ mid, state }) => `${mid} ${state}`);

describe('sending', () => {
  test('a row that waits too long for a connection fails without one, also after a restart', async () => {
    const first = await create({ online: false });
    await first.text(1);
    first.outbox.close();
    const { provider } = first;
    const harness = await create({ online: false, provider });
    await harness.put({ ...textEntry(2), createdAt: TIME + 5000 });
    await vi.advanceTimersByTimeAsync(EXPIRY_MS - 1);
    expect(harness.events).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(told(harness.events)).toEqual(['failed 1 ServerTimeOut']);
    expect(rows(harness)).toEqual(['1 failed', '2 queued']);
    await vi.advanceTimersByTimeAsync(5000);
    expect(told(harness.events)).toEqual(['failed 1 ServerTimeOut', 'failed 2 ServerTimeOut']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('rows go out in order while online, and wait while offline', async () => {
    const harness = await create({ online: false });
    await harness.text(1, 2);
    expect(harness.sent).toEqual([]);
    // One for all that wait: their time is over some day.
    expect(vi.getTimerCount()).toBe(1);
    harness.outbox.online();
    await harness.text(3);
    await vi.advanceTimersByTimeAsync(0);
    expect(harness.sent).toEqual(['1', '2', '3']);
  });

  test('an answer makes it a message of the server: stored, listed, told, and its row is gone', async () => {
    const harness = await create();
    await harness.text(1);
    await harness.answer(1, { server_mid: '70', server_time: '1700000000456' });
    expect(told(harness.events)).toEqual([`message ${KEY} 70`, 'list', 'sent 1 as 70']);
    expect(harness.store.reader.newestMessages(KEY)).toMatchObject([
      { id: '70', clientMid: '1', from: SELF, content: 'text 1', timestamp: '1700000000456' },
    ]);
    expect(harness.store.reader.conversation(KEY)).toMatchObject({ unread: 0, previewId: '70', newestId: '70' });
    expect(rows(harness)).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('the golden answer is understood', async () => {
    const harness = await create();
    await harness.put({ ...textEntry(1), mid: '1700000000000' });
    const { payload } = vectorOf('sync ack of a sent message').frame as { payload: SyncDown };
    await harness.outbox.handleAnswer(answered(payload));
    expect(told(harness.events)).toContain('sent 1700000000000 as 1633520003');
  });

  test('an answer without a time keeps ours', async () => {
    const harness = await create();
    await harness.text(1);
    await harness.answer(1);
    expect(harness.store.reader.newestMessages(KEY)[0]!.timestamp).toBe(String(TIME));
  });

  test('an answer without a server id: it is looked for in the history', async () => {
    const harness = await create();
    await harness.text(1);
    await harness.answer(1, { server_mid: '0' });
    expect(harness.searched).toEqual([PEER]);
    expect(rows(harness)).toEqual(['1 unnumbered']);
  });

  test('an answer that comes twice changes and tells nothing more', async () => {
    const harness = await create();
    await harness.text(1);
    await harness.answer(1);
    const before = harness.events.length;
    await harness.answer(1);
    await harness.answer(99);
    expect(harness.events.length).toBe(before);
  });

  test('a page that brought the message before its answer tells it once', async () => {
    const harness = await create();
    await harness.text(1);
    await harness.apply([chat({ id: 1001, from: SELF, to: PEER, content: 'text 1' })]);
    await harness.answer(1);
    expect(told(harness.events)).toEqual(['sent 1 as 1001']);
    expect(harness.store.reader.newestMessages(KEY).length).toBe(1);
  });

  test('at most 64 wait for their answers; each answer lets one more out', async () => {
    const harness = await create();
    await harness.text(...Array.from({ length: 70 }, (_, at) => at + 1));
    expect(harness.sent.length).toBe(64);
    await harness.answer(2);
    expect(harness.sent.slice(64)).toEqual(['65']);
    for (const mid of [1, 3, 4, 5, 6, 7]) await harness.answer(mid);
    expect(harness.sent.slice(64)).toEqual(['65', '66', '67', '68', '69', '70']);
  });

  test('a session that does not take a row gets it again, in order', async () => {
    const harness = await create();
    harness.refuseSends(true);
    await harness.text(1, 2);
    harness.refuseSends(false);
    await harness.text(3);
    expect(harness.sent).toEqual(['1', '2', '3']);
  });

  test('an operation takes effect with its answer, not before', async () => {
    const harness = await create();
    await harness.apply([chat({ id: 5 })]);
    await harness.put(operationEntry('7', KEY, PEER, { type: 1, mid: '5' }, TIME));
    expect(harness.store.reader.newestMessages(KEY)[0]!.status).toBe(0);
    await harness.answer(7, { server_mid: '8' });
    expect(harness.store.reader.newestMessages(KEY)[0]!.status).toBe(2);
    expect(harness.store.reader.conversation(KEY)!.unread).toBe(0);
    expect(rows(harness)).toEqual([]);
  });
});

describe('a socket that dies', () => {
  test('what was not answered is sent again under the same mid, in order, before what is newer', async () => {
    const harness = await create();
    await harness.text(1, 2, 3);
    await harness.answer(2);
    harness.outbox.offline();
    expect(vi.getTimerCount()).toBe(0);
    await harness.text(4);
    harness.outbox.online();
    await vi.advanceTimersByTimeAsync(0);
    expect(harness.sent).toEqual(['1', '2', '3', '1', '3', '4']);
  });

  test('an answer on a resend is as good as on the first try', async () => {
    const harness = await create();
    await harness.text(1);
    harness.outbox.offline();
    harness.outbox.online();
    await harness.answer(1);
    expect(told(harness.events)).toContain('sent 1 as 1001');
  });

  test('a later run sends what an earlier one could not, in order, and nothing that was answered or refused', async () => {
    const first = await create();
    await first.text(10, 9, 8, 11);
    await first.answer(9);
    await first.answer(8, { status: { code: 12, reason: 'censored' } });
    first.outbox.close();
    const second = await create({ provider: first.provider });
    expect(second.sent).toEqual(['10', '11']);
    expect(rows(second).sort()).toEqual(['10 queued', '11 queued', '8 failed']);
  });

  test('closed, nothing is sent and nothing is pending', async () => {
    const harness = await create();
    await harness.text(1);
    harness.outbox.close();
    expect(vi.getTimerCount()).toBe(0);
    harness.outbox.online();
    expect(harness.sent).toEqual(['1']);
    expect(rows(harness)).toEqual(['1 queued']);
  });
});

describe('no answer', () => {
  test('for 20 s is told', async () => {
    const harness = await create();
    await harness.text(1);
    vi.advanceTimersByTime(19_999);
    expect(harness.heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(harness.heard).toEqual(['unanswered']);
  });

  test('a later send does not put it off', async () => {
    const harness = await create();
    await harness.text(1);
    vi.advanceTimersByTime(15_000);
    await harness.text(2);
    vi.advanceTimersByTime(5_000);
    expect(harness.heard).toEqual(['unanswered']);
  });

  test('an answer to another does', async () => {
    const harness = await create();
    await harness.text(1, 2);
    vi.advanceTimersByTime(15_000);
    await harness.answer(1);
    vi.advanceTimersByTime(19_999);
    expect(harness.heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(harness.heard).toEqual(['unanswered']);
  });
});

describe('a refusal', () => {
  test.each<[string, IStatus, string, string]>([
    ['censored', { code: 12, reason: 'word censored' }, KEY, 'MessageCensored'],
    ['too many', { code: 20, reason: 'rate' }, KEY, 'MessageRateLimitExceeded'],
    ['invalid', { code: 8 }, KEY, 'MessageInvalid'],
    ['banned', { code: 11 }, KEY, 'UserBanned'],
    ['banned in a group', { code: 11 }, `g${GROUP}`, 'GroupMemberBanned'],
    ['duplicated on the first try', DUPLICATED, KEY, 'ServerFireplaceUnknownError'],
    ['failed', { code: 2, reason: 'no' }, KEY, 'ServerFireplaceUnknownError'],
  ])('%s: the message failed, its row is kept and not sent again', async (_, status, conversation, reason) => {
    const harness = await create();
    await harness.put(textEntry(1, '0', conversation));
    await harness.answer(1, { status, server_mid: '0' });
    expect(told(harness.events)).toEqual([`failed 1 ${reason}`]);
    expect(rows(harness)).toEqual(['1 failed']);
    harness.outbox.offline();
    harness.outbox.online();
    expect(harness.sent).toEqual(['1']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('of an operation leaves no row and changes nothing', async () => {
    const harness = await create();
    await harness.apply([chat({ id: 5 })]);
    await harness.put(operationEntry('7', KEY, PEER, { type: 1, mid: '5' }, TIME));
    await harness.answer(7, { status: { code: 2 } });
    expect(told(harness.events)).toEqual(['failed 7 ServerFireplaceUnknownError']);
    expect(rows(harness)).toEqual([]);
    expect(harness.store.reader.newestMessages(KEY)[0]!.status).toBe(0);
  });

  test('that ends the session fails no message: all are sent again, in order, after the next login', async () => {
    const harness = await create();
    await harness.text(1, 2, 3);
    await harness.answer(1, { status: { code: 9, reason: 'you must login first' } });
    expect(told(harness.events)).toEqual(['problem InvalidToken']);
    harness.outbox.offline();
    harness.outbox.online();
    expect(harness.sent).toEqual(['1', '2', '3', '1', '2', '3']);
  });

  test('that ends the session does not make one that may have arrived a first try', async () => {
    const harness = await create();
    await harness.text(1);
    harness.outbox.offline();
    harness.outbox.online();
    await harness.answer(1, { status: { code: 7 } });
    harness.outbox.offline();
    harness.outbox.online();
    await harness.answer(1, { status: DUPLICATED, server_mid: '0' });
    expect(told(harness.events)).toEqual(['problem InvalidToken']);
    expect(rows(harness)).toEqual(['1 unnumbered']);
  });
});

describe('a resend that is answered as duplicated had arrived', () => {
  async function arrived(after = '0'): Promise<Harness> {
    const harness = await create();
    await harness.put(textEntry(1, after));
    harness.outbox.offline();
    harness.outbox.online();
    await harness.answer(1, { status: DUPLICATED, server_mid: '0' });
    return harness;
  }
  test('its server id is looked for in the history', async () => {
    const harness = await arrived();
    expect(harness.searched).toEqual([PEER]);
    expect(told(harness.events)).toEqual([]);
    expect(rows(harness)).toEqual(['1 unnumbered']);
    expect(await harness.apply([ours(50)], { isHistory: true, emit: 'none' })).toEqual([{ type: 'list' }]);
    expect(await harness.outbox.number(PEER, '50')).toBe(false);
    expect(told(harness.events)).toEqual([`message ${KEY} 50`, 'sent 1 as 50']);
    expect(rows(harness)).toEqual([]);
    expect(harness.store.reader.newestMessages(KEY)).toMatchObject([{ id: '50', clientMid: '1' }]);
  });

  test('and is known at once when a page brought it already', async () => {
    const harness = await create();
    await harness.text(1);
    harness.outbox.offline();
    await harness.apply([ours(50)]);
    harness.outbox.online();
    await harness.answer(1, { status: DUPLICATED, server_mid: '0' });
    expect(told(harness.events)).toEqual(['sent 1 as 50']);
    expect(harness.searched).toEqual([]);
  });

  test('another text, another sender, an older message and one of another send are not it', async () => {
    const harness = await arrived('40');
    await harness.apply([ours(50, 'other'), chat({ id: 51, content: 'text 1' }), ours(40), ours(39)], {
      isHistory: true,
    });
    await harness.store.update((tx) =>
      tx.messages.put(KEY, [
        { ...harness.store.reader.newestMessages(KEY)[0]!, id: '60', content: 'text 1', clientMid: '9' },
      ]),
    );
    expect(await harness.outbox.number(PEER, '41')).toBe(true);
    expect(told(harness.events)).toEqual([]);
  });

  test('when all since it was sent is known and it is not there, it was sent all the same', async () => {
    const harness = await arrived('40');
    await harness.apply([ours(50, 'other')], { isHistory: true });
    expect(await harness.outbox.number(PEER, '40')).toBe(false);
    expect(told(harness.events)).toEqual(['sent 1']);
    expect(rows(harness)).toEqual([]);
  });

  test('is looked for again with the next socket, and in a later run; it is never sent again', async () => {
    const harness = await arrived();
    harness.outbox.offline();
    harness.outbox.online();
    expect(harness.searched).toEqual([PEER, PEER]);
    expect(harness.sent).toEqual(['1', '1']);
    harness.outbox.close();
    const later = await create({ provider: harness.provider });
    expect(later.searched).toEqual([PEER]);
    expect(later.sent).toEqual([]);
  });

  test('two of the same text get two ids, in order', async () => {
    const harness = await create();
    const twin = (mid: string): OutboxEntry =>
      messageEntry(mid, KEY, { content: 'same', type: 'text' }, SELF, TIME, '0');
    await harness.put(twin('1'), twin('2'));
    harness.outbox.offline();
    harness.outbox.online();
    await harness.answer(1, { status: DUPLICATED, server_mid: '0' });
    await harness.answer(2, { status: DUPLICATED, server_mid: '0' });
    await harness.apply([ours(51, 'same'), ours(50, 'same')], { isHistory: true });
    expect(await harness.outbox.number(PEER, '0')).toBe(false);
    expect(told(harness.events).filter((word) => word.startsWith('sent'))).toEqual(['sent 1 as 50', 'sent 2 as 51']);
  });

  test('an operation then takes effect', async () => {
    const harness = await create();
    await harness.apply([chat({ id: 5 })]);
    await harness.put(operationEntry('7', KEY, PEER, { type: 1, mid: '5' }, TIME));
    harness.outbox.offline();
    harness.outbox.online();
    await harness.answer(7, { status: DUPLICATED, server_mid: '0' });
    expect(harness.store.reader.newestMessages(KEY)[0]!.status).toBe(2);
    expect(rows(harness)).toEqual([]);
  });
});

describe('an answer that cannot be stored', () => {
  test('of an operation is a problem; the row is sent again on the next socket, in order, and then done', async () => {
    const failing = createFailingProvider();
    const harness = await create({ provider: failing.provider });
    await harness.apply([chat({ id: 5 })]);
    await harness.put(operationEntry('1', KEY, PEER, { type: 1, mid: '5' }, TIME));
    await harness.text(2);
    failing.fail(true);
    await harness.answer(1);
    expect(told(harness.events)).toEqual(['problem DbOperationFailed']);
    expect(rows(harness)).toEqual(['1 queued', '2 queued']);
    expect(harness.store.reader.newestMessages(KEY)).toMatchObject([{ id: '5', status: 0 }]);
    failing.fail(false);
    harness.outbox.offline();
    harness.outbox.online();
    expect(harness.sent).toEqual(['1', '2', '1', '2']);
    await harness.answer(1, { status: DUPLICATED, server_mid: '0' });
    expect(rows(harness)).toEqual(['2 queued']);
    expect(harness.store.reader.newestMessages(KEY)).toMatchObject([{ id: '5', status: 2 }]);
  });

  test('of a message goes with the next that can be', async () => {
    const failing = createFailingProvider();
    const harness = await create({ provider: failing.provider });
    await harness.text(1);
    failing.fail(true);
    await harness.answer(1);
    await expect(harness.text(2)).rejects.toMatchObject({ reason: 'DbOperationFailed' });
    expect(told(harness.events)).toEqual([`message ${KEY} 1001`, 'list', 'sent 1 as 1001']);
    failing.fail(false);
    await harness.text(3);
    const later = await create({ provider: failing.provider });
    expect(rows(later)).toEqual(['3 queued']);
    expect(later.store.reader.newestMessages(KEY)).toMatchObject([{ id: '1001', clientMid: '1' }]);
  });
});

describe('the answer to a message is stored with what comes next', () => {
  test('with the row of the next send: one batch a send', async () => {
    const { provider, batches } = createFailingProvider();
    const harness = await create({ provider });
    for (const mid of [1, 2, 3]) {
      await harness.text(mid);
      await harness.answer(mid);
      expect(rows(harness)).toEqual([]);
    }
    expect(batches.length).toBe(3);
    expect(batches[1]).toMatchObject([
      { op: 'put', key: expect.stringContaining(`s/${KEY}`) as string },
      { op: 'put', key: 'conversations/00' },
      { op: 'delete', key: expect.stringMatching(/^o\/0+1$/) as string },
      { op: 'put', key: expect.stringMatching(/^o\/0+2$/) as string },
    ]);
  });

  test('with a page; one that holds it, too, changes and tells nothing', async () => {
    const { provider, batches } = createFailingProvider();
    const harness = await create({ provider });
    await harness.text(1);
    await harness.answer(1);
    expect(batches.length).toBe(1);
    expect(told(await harness.apply([ours(1001), chat({ id: 1002 })]))).toEqual([
      `message ${KEY} 1002`,
      `unread ${KEY}`,
      'list',
    ]);
    expect(batches.length).toBe(2);
    const later = await create({ provider });
    expect(rows(later)).toEqual([]);
    expect(later.store.reader.newestMessages(KEY)).toMatchObject([{ id: '1001', clientMid: '1' }, { id: '1002' }]);
  });

  test('or a moment later', async () => {
    const harness = await create({ clock: testClock });
    await harness.text(1);
    await harness.answer(1);
    await vi.advanceTimersByTimeAsync(50);
    const later = await create({ provider: harness.provider });
    expect(rows(later)).toEqual([]);
    expect(later.store.reader.newestMessages(KEY)).toMatchObject([{ id: '1001' }]);
  });

  test('a refusal and the answer to an operation are not: they are stored when they are told', async () => {
    const { provider, batches } = createFailingProvider();
    const harness = await create({ provider });
    await harness.text(1);
    await harness.put(operationEntry('2', KEY, PEER, { type: 1, mid: '5' }, TIME));
    await harness.answer(1, { status: { code: 12 } });
    expect(batches.length).toBe(3);
    await harness.answer(2);
    expect(batches.length).toBe(4);
    expect(rows(await create({ provider }))).toEqual(['1 failed']);
  });

  test('a run that ends before that leaves the row: it is sent again, had arrived, and is one message', async () => {
    const first = await create();
    await first.text(1);
    await first.answer(1);
    expect(told(first.events)).toContain('sent 1 as 1001');
    const second = await create({ provider: first.provider });
    expect(second.store.reader.newestMessages(KEY)).toEqual([]);
    expect(second.sent).toEqual(['1']);
    await second.answer(1, { status: DUPLICATED, server_mid: '0' });
    await second.apply([ours(1001)], { isHistory: true, emit: 'none' });
    expect(await second.outbox.number(PEER, '0')).toBe(false);
    expect(told(second.events)).toEqual([`message ${KEY} 1001`, 'sent 1 as 1001']);
    expect(rows(second)).toEqual([]);
    expect(second.store.reader.newestMessages(KEY)).toMatchObject([{ id: '1001', clientMid: '1' }]);
  });
});

/** Takes each client mid once, and keeps what came. */
interface Server {
  /** By client mid; ids ascend. */
  ids: Map<string, number>;
  content: Map<string, string>;
}

test('wherever runs and sockets end, each message is sent, stored and, in a run, told once', async () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('send' as const), content: fc.constantFrom('same', 'other') }),
    },
    { weight: 6, arbitrary: fc.constantFrom({ do: 'answer' as const }, { do: 'receive' as const }) },
    { weight: 3, arbitrary: fc.constantFrom({ do: 'crash' as const }, { do: 'reconnect' as const }) },
    { weight: 2, arbitrary: fc.constantFrom({ do: 'push' as const }, { do: 'wait' as const }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const provider = createMemoryKvProvider();
      const server: Server = { ids: new Map(), content: new Map() };
      let harness = await create({ provider, clock: testClock });
      let [handled, made, lastId] = [0, 0, 1000];
      /** The server hears this socket, which does not hear it: answers come in order, or not at all. */
      let isDeaf = false;
      /** Mids told as sent, in this run and in all of them. */
      const toldSent: string[] = [];
      const endRun = (): void => {
        const events = told(harness.events);
        expect(new Set(events.filter((word) => !['list', 'unread'].includes(word))).size, events.join()).toBe(
          events.filter((word) => !['list', 'unread'].includes(word)).length,
        );
        toldSent.push(...events.flatMap((word) => /^sent (\d+) as/.exec(word)?.[1] ?? []));
        // What this run still had to do is not done.
        vi.clearAllTimers();
      };
      const connect = async (): Promise<void> => {
        handled = harness.sent.length;
        isDeaf = false;
        harness.outbox.online();
        await vi.advanceTimersByTimeAsync(0);
      };
      /** The next frame reaches the server. */
      const receive = (): { mid: string; isNew: boolean } | undefined => {
        const mid = harness.sent[handled];
        if (mid === undefined) return undefined;
        handled++;
        const isNew = !server.ids.has(mid);
        if (isNew) server.ids.set(mid, ++lastId);
        return { mid, isNew };
      };
      const answer = async (): Promise<boolean> => {
        const frame = receive();
        if (!frame || isDeaf) return false;
        const id = String(server.ids.get(frame.mid));
        const prev_mid = String(server.ids.get(frame.mid)! - 1);
        const down = frame.isNew ? { server_mid: id, prev_mid } : { status: DUPLICATED, server_mid: '0' };
        await harness.answer(Number(frame.mid), down);
        return true;
      };
      const page = () => [...server.ids].map(([mid, id]) => ours(id, server.content.get(mid)));
      for (const next of steps) {
        if (next.do === 'send') {
          const mid = String(++made);
          server.content.set(mid, next.content);
          const after = harness.store.reader.conversation(KEY)?.newestId ?? '0';
          await harness.put(messageEntry(mid, KEY, { content: next.content, type: 'text' }, SELF, TIME, after));
        } else if (next.do === 'answer') await answer();
        else if (next.do === 'receive') isDeaf = receive() !== undefined || isDeaf;
        else if (next.do === 'wait') await vi.advanceTimersByTimeAsync(10);
        else if (next.do === 'push') await harness.apply(page());
        else if (next.do === 'reconnect') {
          harness.outbox.offline();
          await connect();
        } else {
          endRun();
          harness = await create({ provider, online: false, clock: testClock });
          await connect();
        }
      }
      harness.outbox.offline();
      await connect();
      while (await answer());
      await harness.apply(page(), { isHistory: true, emit: 'none' });
      await harness.outbox.number(PEER, '0');
      expect(rows(harness)).toEqual([]);
      const mids = Array.from({ length: made }, (_, at) => String(at + 1));
      expect([...server.ids.keys()]).toEqual(mids);
      // Which of two that look the same got which id makes no difference.
      const expected = mids.map((mid) => ({ id: String(server.ids.get(mid)), content: server.content.get(mid)! }));
      const messages = harness.store.reader.newestMessages(KEY);
      expect(messages).toMatchObject(expected);
      expect(
        messages
          .map(({ clientMid }) => Number(clientMid))
          .sort((a, b) => a - b)
          .map(String),
      ).toEqual(mids);
      endRun();
      expect(new Set(toldSent).size).toBe(made);
      expect(await harness.store.query.before(KEY, '9999', 100)).toMatchObject(expected);
      const later = await create({ provider });
      expect(rows(later)).toEqual([]);
      expect(later.store.reader.newestMessages(KEY)).toMatchObject(expected);
    }),
  );
});
