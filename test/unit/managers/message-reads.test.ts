import { describe, expect, test } from 'vitest';
import type { Account } from '../../../src/account/account.ts';
import { searchContacts } from '../../../src/managers/contact-search.ts';
import { createMessageReads } from '../../../src/managers/message-reads.ts';
import type { MessageReads } from '../../../src/managers/message-reads.ts';
import type { Message } from '../../../src/model/message.ts';
import type { Meta } from '../../../src/wire/index.ts';
import { fake, wrongly } from '../../support/fakes.ts';
import { fc } from '../../support/property.ts';
import { createFailingProvider } from '../store/failing-store.ts';
import { chat, GROUP, openTestStore, PEER, SELF } from '../sync/harness.ts';

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const ids = (messages: readonly Message[]): number[] => messages.map(({ id }) => Number(id));
const WITH_PEER = { id: PEER, type: 'roster' } as const;

/** A device, and a server with these messages of the peer, which gives `pageSize` of them at once. */
async function create({
  server = [] as Meta[],
  online = true,
  pageSize = 1000,
  provider = createFailingProvider(),
} = {}) {
  const opened = await openTestStore(provider.provider);
  /** The requests to the server: before which message, and for how many. */
  const asked: [before: string, amount: number][] = [];
  const account = fake<Account>({
    uid: SELF,
    store: opened.store,
    sync: {
      async loadHistory(conversation: string, before: string, amount: number) {
        if (!online) return false;
        asked.push([before, amount]);
        const older = server.filter(({ id }) => before === '0' || Number(id) < Number(before));
        const page = conversation === PEER ? older.slice(-Math.min(amount, pageSize)) : [];
        const history = { before, isBeginning: page.length === older.length || conversation !== PEER };
        await opened.apply(page.reverse(), { queue: conversation, emit: 'none', history });
        return true;
      },
    },
  });
  let current: Account | undefined = account;
  const accounts = { current: () => current, resumed: async () => current };
  return {
    ...opened,
    asked,
    accounts,
    provider,
    reads: createMessageReads(accounts),
    logout: () => (current = undefined),
    online: (is: boolean) => (online = is),
  };
}

const page = async (reads: MessageReads, query: Partial<Parameters<MessageReads['getMessages']>[0]> = {}) => {
  const { messages, complete } = await reads.getMessages({ ...WITH_PEER, ...query });
  return [ids(messages), complete];
};

/** A device that got the first and the last of the server's messages and knows that there are others in between. */
async function createWithHole(options: { online?: boolean; pageSize?: number } = {}) {
  const server = numbers(1, 100).map((id) => chat({ id, ...(id % 20 === 0 && { ctype: 1 }) }));
  const world = await create({ server, ...options });
  await world.apply(server.slice(0, 20), { history: { before: '21', isBeginning: true } });
  await world.apply(server.slice(80), { prevMid: '80' });
  return world;
}

describe('getMessages', () => {
  test('gives the newest 50 by default, and does not ask the server when nothing is missing', async () => {
    const { reads, apply, asked } = await create();
    await apply(
      numbers(1, 80).map((id) => chat({ id })),
      { history: { before: '0', isBeginning: true } },
    );
    expect(await page(reads)).toEqual([numbers(31, 80), true]);
    expect(await page(reads, { before: 0, limit: 2 })).toEqual([[79, 80], true]);
    expect(await page(reads, { before: '31', limit: 50 })).toEqual([numbers(1, 30), true]);
    expect(await page(reads, { after: 75 })).toEqual([numbers(76, 80), true]);
    expect(await page(reads, { around: 40, limit: 5 })).toEqual([numbers(38, 42), true]);
    expect(await page(reads, { around: 40, limit: 1 })).toEqual([[40], true]);
    expect(await page(reads, { around: 80, limit: 4 })).toEqual([[79, 80], true]);
    expect(await page(reads, { contentType: 'image' })).toEqual([[], true]);
    expect(asked).toEqual([]);
  });

  test('asks the server only when messages are missing', async () => {
    const { reads, asked } = await createWithHole();
    expect(await page(reads, { limit: 20 })).toEqual([numbers(81, 100), true]);
    expect(asked).toEqual([]);
    expect(await page(reads, { limit: 30 })).toEqual([numbers(71, 100), true]);
    expect(asked).toEqual([['81', 30]]);
    expect(await page(reads, { before: 60, limit: 5 })).toEqual([numbers(55, 59), true]);
    expect(asked.slice(1)).toEqual([]);
    expect(await page(reads, { before: 45, limit: 5 })).toEqual([numbers(40, 44), true]);
    expect(asked.slice(1)).toEqual([['45', 20]]);
    expect(await page(reads, { before: 40, limit: 100 })).toEqual([numbers(1, 39), true]);
  });

  test('fills a gap from above when it reads upwards or around a message', async () => {
    const upwards = await createWithHole();
    expect(await page(upwards.reads, { after: 10, limit: 30 })).toEqual([numbers(11, 40), true]);
    expect(upwards.asked).toEqual([['81', 500]]);
    const around = await createWithHole();
    expect(await page(around.reads, { around: 50, limit: 9 })).toEqual([numbers(46, 54), true]);
  });

  test('asks for the newest messages that are not delivered yet, and reports that they are missing', async () => {
    const server = numbers(1, 13).map((id) => chat({ id }));
    const { reads, apply, store, online, asked } = await create({ server, online: false });
    await apply(
      numbers(1, 10).map((id) => chat({ id })),
      { history: { before: '0', isBeginning: true } },
    );
    await store.update((tx) => tx.updateConversation(`r${PEER}`, { undelivered: 3 }));
    expect(await page(reads, { limit: 5 })).toEqual([numbers(6, 10), false]);
    expect(await page(reads, { after: 5 })).toEqual([numbers(6, 10), false]);
    expect(await page(reads, { before: 10, limit: 5 })).toEqual([numbers(5, 9), true]);
    online(true);
    expect(await page(reads, { before: 10, limit: 5 })).toEqual([numbers(5, 9), true]);
    expect(asked).toEqual([]);
    expect(await page(reads, { limit: 5 })).toEqual([numbers(9, 13), true]);
    expect(await page(reads, { after: 5 })).toEqual([numbers(6, 13), true]);
    await store.update((tx) => tx.updateConversation(`r${PEER}`, { undelivered: 0 }));
    online(false);
    expect(await page(reads, { limit: 5 })).toEqual([numbers(9, 13), true]);
  });

  test('of one type continues through gaps', async () => {
    const { reads } = await createWithHole();
    expect(await page(reads, { contentType: 'image', limit: 3 })).toEqual([[60, 80, 100], true]);
    expect(await page(reads, { contentType: 'image' })).toEqual([[20, 40, 60, 80, 100], true]);
  });

  test('asks again while the server gives too few, but not forever', async () => {
    const patient = await createWithHole({ pageSize: 10 });
    expect(await page(patient.reads, { limit: 50 })).toEqual([numbers(51, 100), true]);
    expect(patient.asked.map(([before]) => before)).toEqual(['81', '71', '61']);
    const slow = await createWithHole({ pageSize: 3 });
    expect(await page(slow.reads, { limit: 50 })).toEqual([numbers(69, 100), false]);
    expect(slow.asked.length).toBe(4);
  });

  test('offline gives the stored messages up to the gap', async () => {
    const { reads, online } = await createWithHole({ online: false });
    expect(await page(reads)).toEqual([numbers(81, 100), false]);
    expect(await page(reads, { before: 91, limit: 10 })).toEqual([numbers(81, 90), true]);
    expect(await page(reads, { before: 81 })).toEqual([[], false]);
    expect(await page(reads, { before: 21 })).toEqual([numbers(1, 20), true]);
    expect(await page(reads, { after: 10 })).toEqual([numbers(11, 20), false]);
    expect(await page(reads, { around: 81, limit: 4 })).toEqual([[81, 82, 83], false]);
    online(true);
    expect(await page(reads)).toEqual([numbers(51, 100), true]);
  });

  test('of an unknown conversation asks the server; an empty conversation is complete', async () => {
    const { reads, asked } = await create({ server: numbers(1, 30).map((id) => chat({ id })) });
    expect(await page(reads, { limit: 10 })).toEqual([numbers(21, 30), true]);
    expect(asked).toEqual([['0', 20]]);
    expect(await page(reads, { id: GROUP, type: 'group' })).toEqual([[], true]);
    expect(await page(reads, { id: 0 })).toEqual([[], true]);
    const offline = await create({ online: false });
    expect(await page(offline.reads)).toEqual([[], false]);
  });

  test('does not bring back cleared messages', async () => {
    const { reads, store, asked } = await createWithHole();
    await store.update((tx) => {
      tx.messages.clear(`r${PEER}`);
      tx.updateConversation(`r${PEER}`, { clearedTo: '100' });
    });
    expect(await page(reads)).toEqual([[], true]);
    expect(asked).toEqual([]);
  });

  test('gives all messages of the server over several calls, whatever was stored before', async () => {
    const server = numbers(1, 150).map((id) => chat({ id: id * 3 }));
    const arrivals = fc.array(fc.tuple(fc.nat(149), fc.integer({ min: 1, max: 30 })), { maxLength: 6 });
    const limit = fc.integer({ min: 3, max: 60 });
    await fc.assert(
      fc.asyncProperty(arrivals, limit, fc.integer({ min: 20, max: 100 }), async (pages, limit, pageSize) => {
        const { reads, apply } = await create({ server, pageSize });
        // Synced to the end, or never.
        const delivered = pages.length > 0 ? [...pages.sort(([a], [b]) => a - b), [149, 1] as const] : [];
        for (const [at, count] of delivered)
          await apply(server.slice(at, at + count), { prevMid: server[at - 1]?.id ?? '0' });
        let all: Message[] = [];
        for (let before: string | undefined = '0'; before !== undefined;) {
          const { messages, complete } = await reads.getMessages({ ...WITH_PEER, before, limit });
          expect(complete).toBe(true);
          all = [...messages, ...all];
          before = messages.length < limit ? undefined : messages[0]!.id;
        }
        expect(all.map(({ id }) => id)).toEqual(server.map(({ id }) => id));
      }),
      { numRuns: 60 },
    );
  });
});

test('one message and counts come from the store', async () => {
  const { reads } = await createWithHole();
  expect((await reads.getMessage({ ...WITH_PEER, mid: 100 }))?.id).toBe('100');
  expect(await reads.getMessage({ ...WITH_PEER, mid: 50 })).toBeUndefined();
  expect(await reads.getMessage({ id: PEER, type: 'group', mid: 100 })).toBeUndefined();
  expect(await reads.countMessages(WITH_PEER)).toBe(40);
  expect(await reads.countMessages({ ...WITH_PEER, contentType: 'image' })).toBe(2);
});

describe('searchMessages', () => {
  test('finds the newest messages everywhere, among users or groups, or in one conversation', async () => {
    const { reads, apply } = await create();
    await apply([
      chat({ id: 1, content: 'Lunch?' }),
      chat({ id: 2, content: 'lunch at 1' }),
      chat({ id: 4, content: 'ok' }),
    ]);
    await apply([chat({ id: 3, to: GROUP, content: 'who is for LUNCH' })], { queue: GROUP });
    const found = async (...args: Parameters<MessageReads['searchMessages']>) =>
      (await reads.searchMessages(...args)).map(({ message, type, id }) => [message.id, type, id]);
    const [one, two, three] = [
      ['1', 'roster', 200],
      ['2', 'roster', 200],
      ['3', 'group', 300],
    ];
    expect(await found('lunch')).toEqual([three, two, one]);
    expect(await found('lunch', { limit: 2 })).toEqual([three, two]);
    expect(await found('lunch', { type: 'group' })).toEqual([three]);
    expect(await found('lunch', WITH_PEER)).toEqual([two, one]);
    expect(await found('at lunch')).toEqual([two]);
    expect(await found('  ')).toEqual([]);
  });
});

describe('makeSearch', () => {
  test('finds contacts by name or by the newest text that matches, each once', async () => {
    const { accounts, apply, store } = await create();
    await apply([
      chat({ id: 1, content: 'Lunch?' }),
      chat({ id: 2, content: 'lunch at 1' }),
      chat({ id: 3, content: 'x' }),
    ]);
    await apply([chat({ id: 4, from: '201', content: 'lunch' })], { queue: '201' });
    await apply([chat({ id: 5, to: GROUP, content: 'who is for LUNCH' })], { queue: GROUP });
    await store.update((tx) => {
      tx.putUsers([
        { user_id: 200, username: 'ann', avatar: 'a.png' },
        { user_id: 202, username: 'cat', alias: 'Lunch Club' },
        { user_id: 203, username: 'dan', nick_name: 'LUNCHEON' },
        { user_id: 204, username: 'eve' },
      ]);
      tx.putGroupInfos([
        { group_id: 300, name: 'all' },
        { group_id: 301, name: 'lunch' },
      ]);
    });
    expect(searchContacts(accounts, 'lunch')).toEqual({
      rosterArr: [
        { user_id: 200, username: 'ann', avatar: 'a.png', content: 'lunch at 1' },
        { user_id: 202, username: 'cat', avatar: '' },
        { user_id: 203, username: 'dan', avatar: '' },
        { user_id: 201, username: '', avatar: '', content: 'lunch' },
      ],
      groupArr: [
        { group_id: 300, name: 'all', content: 'who is for LUNCH' },
        { group_id: 301, name: 'lunch' },
      ],
    });
    expect(searchContacts(accounts, 'AL').groupArr).toEqual([{ group_id: 300, name: 'all' }]);
  });

  test('finds nothing for an empty text, or when nobody is logged in', async () => {
    const { accounts, apply, logout } = await create();
    await apply([chat({ id: 1, content: 'undefined' })]);
    const none = { rosterArr: [], groupArr: [] };
    for (const text of ['', ' ', undefined, null, 7]) expect(searchContacts(accounts, text)).toEqual(none);
    logout();
    expect(searchContacts(accounts, 'undefined')).toEqual(none);
  });
});

describe('refusals', () => {
  const reason = async (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => 'nothing',
      (error: unknown) => (error as { reason: string }).reason,
    );

  test('of bad arguments', async () => {
    const { reads } = await create();
    const bad = [
      { id: 'abc' },
      { type: 'x' as 'group' },
      { type: wrongly(undefined) },
      { before: 'abc' },
      { before: 1, after: 2 },
      { around: -1 },
      { limit: 0 },
      { limit: 1.5 },
      { limit: Infinity },
      { contentType: 'poem' as 'text' },
    ];
    for (const query of bad) expect([query, await reason(page(reads, query))]).toEqual([query, 'InvalidParam']);
    const calls = [
      reads.getMessages(wrongly(undefined)),
      reads.getMessage({ ...WITH_PEER, mid: '' }),
      reads.countMessages({ ...WITH_PEER, contentType: 'poem' as 'text' }),
      reads.searchMessages(wrongly(undefined)),
      reads.searchMessages('x', { id: PEER }),
      reads.searchMessages('x', { type: 'x' as 'group' }),
      reads.searchMessages('x', { limit: -1 }),
    ];
    for (const [at, call] of calls.entries()) expect([at, await reason(call)]).toEqual([at, 'InvalidParam']);
  });

  test('when nobody is logged in, and when the database does not answer', async () => {
    const { reads, provider, logout } = await create();
    const calls = [
      async () => reads.getMessages(WITH_PEER),
      async () => reads.getMessage({ ...WITH_PEER, mid: 1 }),
      async () => reads.countMessages(WITH_PEER),
      async () => reads.searchMessages('x'),
    ];
    provider.fail(false, true);
    for (const call of calls) expect(await reason(call())).toBe('DbOperationFailed');
    logout();
    for (const call of calls) expect(await reason(call())).toBe('UserNotLogin');
  });
});
