import { describe, expect, test } from 'vitest';
import type { Message } from '../../../src/model/message.ts';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { ConversationRecord } from '../../../src/store/schema.ts';
import type { Meta } from '../../../src/wire/index.ts';
import { fc } from '../../support/property.ts';
import { chat, dump, GROUP, openTestStore, operation, PEER, SELF, TIME, emitted } from './harness.ts';
import type { TestStore } from './harness.ts';

const KEY = `r${PEER}`;
const recordOf = ({ store }: TestStore, key = KEY) => store.reader.conversation(key);

describe('a page of messages', () => {
  test('is stored and emitted by ascending id, whatever its order', async () => {
    const opened = await openTestStore();
    const events = await opened.apply([chat({ id: 10 }), chat({ id: 9 }), chat({ id: 100 })]);
    expect(emitted(events)).toEqual([
      `message ${KEY} 9`,
      `message ${KEY} 10`,
      `message ${KEY} 100`,
      `unread ${KEY}`,
      'list',
    ]);
    expect(opened.store.reader.newestMessages(KEY).map(({ id }) => id)).toEqual(['9', '10', '100']);
    expect(recordOf(opened)).toMatchObject({
      unread: 3,
      previewId: '100',
      newestId: '100',
      content: 'text 100',
      timestamp: String(TIME + 100),
    });
  });

  test('that comes again changes nothing and emits nothing', async () => {
    const opened = await openTestStore();
    const page = [chat({ id: 1 }), chat({ id: 2, ctype: 6 }), operation(3, { type: 1, mid: '1' })];
    await opened.apply(page);
    const before = await dump(opened.kv);
    expect(await opened.apply(page)).toEqual([]);
    expect(await dump(opened.kv)).toEqual(before);
    const reopened = await opened.reopen();
    expect(await reopened.apply(page)).toEqual([]);
  });

  test('that holds a message twice emits it once', async () => {
    const opened = await openTestStore();
    const events = await opened.apply([
      chat({ id: 1 }),
      chat({ id: 2, ctype: 6 }),
      chat({ id: 1 }),
      chat({ id: 2, ctype: 6 }),
    ]);
    expect(emitted(events).filter((line) => line.startsWith('message'))).toEqual([
      `message ${KEY} 1`,
      `message ${KEY} 2`,
    ]);
    expect(recordOf(opened)!.unread).toBe(1);
  });

  test('puts each message into its own conversation', async () => {
    const opened = await openTestStore();
    await opened.apply([
      chat({ id: 1 }),
      chat({ id: 2, from: SELF, to: PEER }),
      chat({ id: 3, to: GROUP }),
      chat({ id: 4, from: '0', is_system: true }),
    ]);
    expect(
      opened.store.reader
        .conversations()
        .map(([key]) => key)
        .sort(),
    ).toEqual([`g${GROUP}`, 'r0', KEY]);
    expect(recordOf(opened)!.unread).toBe(1);
  });

  test('of ids above 2^53 keeps them apart', async () => {
    const opened = await openTestStore();
    const ids = ['9007199254740992', '9007199254740993', '18446744073709551614', '18446744073709551615'];
    await opened.apply(ids.map((id) => chat({ id })));
    expect(opened.store.reader.newestMessages(KEY).map(({ id }) => id)).toEqual(ids);
  });

  test('that is empty changes nothing', async () => {
    const opened = await openTestStore();
    expect(await opened.apply([])).toEqual([]);
    expect(await dump(opened.kv)).toEqual({});
  });
});

describe('items that are emitted but not stored', () => {
  test('typing: neither stored, counted nor listed', async () => {
    const opened = await openTestStore();
    const typing = chat({ id: 1, content: '', ext: '{"input_status":"typing"}' });
    expect(await opened.apply([typing])).toEqual([
      { type: 'typing', from: PEER, to: SELF, ext: '{"input_status":"typing"}' },
    ]);
    expect(await dump(opened.kv)).toEqual({});
  });

  test('a command without text: emitted once, not listed', async () => {
    const opened = await openTestStore();
    const command = chat({ id: 1, ctype: 6, content: '' });
    expect(emitted(await opened.apply([command]))).toEqual([`message ${KEY} 1`]);
    expect(await opened.apply([command])).toEqual([]);
    expect(recordOf(opened)).toBeUndefined();
  });

  test('a command with text: on the list, not among the messages, not unread', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 1, ctype: 6 })]);
    expect(recordOf(opened)).toMatchObject({ previewId: '1', unread: 0, newestId: '0' });
    expect(opened.store.reader.newestMessages(KEY)).toEqual([]);
  });

  test('the signalling of a call: kept, not counted, not listed', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 1 }), chat({ id: 2, ctype: 8, config: '{"action":"call"}' })]);
    expect(recordOf(opened)).toMatchObject({ previewId: '1', unread: 1, newestId: '2' });
  });

  test('an operation is emitted once, before its effects', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 1 })]);
    const recall = operation(2, { type: 5, mid: '1', xid: { uid: SELF } });
    const events = await opened.apply([recall]);
    expect(events[0]).toMatchObject({ type: 'operation', meta: { id: '2' }, isReceived: true });
    expect(emitted(events)[0]).toBe('recalled r200 1');
    expect(await opened.apply([recall])).toEqual([]);
  });

  test('a message of type NORMAL is emitted once', async () => {
    const opened = await openTestStore();
    const meta = { ...operation(1, {}), payload: { type: 0, content: 'x' } } as Meta;
    expect(emitted(await opened.apply([meta]))).toEqual(['normal']);
    expect(await opened.apply([meta])).toEqual([]);
  });
});

describe('a mention', () => {
  const mention = (id: number) => chat({ id, to: GROUP, config: `{"mentionList":[${SELF}]}` });

  test('is emitted with its message and marks the conversation', async () => {
    const opened = await openTestStore();
    const events = await opened.apply([mention(1), chat({ id: 2, to: GROUP })]);
    expect(events.filter((event) => event.type === 'message').map(({ mentioned }) => mentioned)).toEqual([true, false]);
    expect(recordOf(opened, `g${GROUP}`)!.hasAt).toBe(true);
  });

  test('in history marks nothing', async () => {
    const opened = await openTestStore();
    await opened.apply([mention(1)], { isHistory: true });
    expect(recordOf(opened, `g${GROUP}`)!.hasAt).toBe(false);
  });
});

describe('a page of history', () => {
  test('is stored and emitted, and counts nothing as unread', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 50 })]);
    const events = await opened.apply([chat({ id: 40 }), chat({ id: 39 })], { isHistory: true });
    expect(emitted(events)).toEqual([`message ${KEY} 39 history`, `message ${KEY} 40 history`]);
    expect(recordOf(opened)).toMatchObject({ unread: 1, previewId: '50', newestId: '50' });
  });

  test('that the app requested is emitted whole as history, stored messages included', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 1 }), chat({ id: 2 })]);
    const page = { isHistory: true, emit: 'all' } as const;
    expect(emitted(await opened.apply([chat({ id: 2 }), chat({ id: 1 }), chat({ id: 3 })], page))).toContain(
      `message ${KEY} 2 history`,
    );
    expect(opened.store.reader.newestMessages(KEY).map(({ isHistory }) => isHistory)).toEqual([false, false, true]);
    expect(recordOf(opened)!.unread).toBe(2);
  });

  test('that the app did not request emits nothing, and its messages are new when they are delivered', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 1 })]);
    const searched = await opened.apply([chat({ id: 1 }), chat({ id: 2 })], { isHistory: true, emit: 'none' });
    expect(emitted(searched).filter((word) => word.startsWith('message'))).toEqual([]);
    expect(emitted(await opened.apply([chat({ id: 2 })]))).toContain(`message ${KEY} 2`);
    expect(recordOf(opened)!.unread).toBe(2);
  });

  test('adds an unknown conversation to the list', async () => {
    const opened = await openTestStore();
    expect(emitted(await opened.apply([chat({ id: 1 })], { isHistory: true }))).toEqual([
      `message ${KEY} 1 history`,
      'list',
    ]);
    expect(recordOf(opened)).toMatchObject({ content: 'text 1', unread: 0 });
  });

  test('that came before the sync leaves its messages new: they are emitted once when they are delivered', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 1 }), chat({ id: 2 })], { isHistory: true });
    expect(emitted(await opened.apply([chat({ id: 2 }), chat({ id: 3 })]))).toEqual([
      `message ${KEY} 2`,
      `message ${KEY} 3`,
      `unread ${KEY}`,
      'list',
    ]);
    expect(recordOf(opened)!.unread).toBe(2);
    expect(await opened.apply([chat({ id: 2 }), chat({ id: 3 })])).toEqual([]);
    expect(await opened.apply([chat({ id: 2 })], { isHistory: true })).toEqual([]);
    expect(recordOf(opened)!.unread).toBe(2);
  });

  test('keeps its messages that were read as read when they are delivered', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 1 })], { isHistory: true });
    await opened.apply([operation(9, { type: 2, mid: '1', xid: { uid: PEER } }, SELF, SELF)]);
    await opened.apply([chat({ id: 1 })]);
    expect(recordOf(opened)!.unread).toBe(0);
    expect(opened.store.reader.newestMessages(KEY)[0]!.status).toBe(2);
  });

  test('counts a message that is made unread again, until it is read', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 1, status: 2 })], { isHistory: true });
    await opened.apply([operation(8, { type: 3, mid: '1', xid: { uid: PEER } }, SELF, SELF)]);
    expect(recordOf(opened)!.unread).toBe(1);
    await opened.apply([operation(9, { type: 1, mid: '1' }, SELF, PEER)]);
    expect(recordOf(opened)!.unread).toBe(0);
  });

  test('does not reduce the unread count when one of its messages is read', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 1 })], { isHistory: true });
    await opened.apply([chat({ id: 2 })]);
    await opened.apply([operation(9, { type: 1, mid: '1' }, SELF, PEER)]);
    expect(recordOf(opened)!.unread).toBe(1);
  });
});

describe('however messages come', () => {
  const CHATS = [PEER, '201', GROUP];
  const ids = fc.uniqueArray(
    fc.oneof(fc.bigInt({ min: 1n, max: 400n }), fc.bigInt({ min: 2n ** 53n - 20n, max: 2n ** 53n + 20n })),
    { minLength: 1, maxLength: 40 },
  );
  const anyMessage = fc.record({
    peer: fc.constantFrom(...CHATS),
    own: fc.boolean(),
    status: fc.constantFrom(0, 0, 1, 2),
    ctype: fc.constantFrom(0, 0, 0, 1, 6, 8),
    content: fc.constantFrom('text', ''),
    config: fc.constantFrom('', '{"action":"record"}', '{"mentionAll":true}'),
  });
  interface AnyMessage {
    peer: string;
    own: boolean;
    status: number;
    ctype: number;
    content: string;
    config: string;
  }

  const toMeta = (id: bigint, { peer, own, ...body }: AnyMessage): Meta => {
    // Only text mentions.
    if (body.ctype !== 0 || body.content === '') body.config = body.config.replace('mentionAll', 'other');
    const from = own ? SELF : peer === GROUP ? PEER : peer;
    return { ...chat({ id: String(id), from, to: peer === GROUP || own ? peer : SELF, ...body }), timestamp: '5' };
  };
  /** Remembered ids are in the order of arrival, so they are compared without their order. */
  const comparable = async ({ kv, store }: TestStore): Promise<unknown> => {
    const entries: [string, unknown][] = [];
    for (const [key, value] of Object.entries(await dump(kv))) {
      // How messages are cut into segments depends on the order they came in; the messages do not.
      if (key.startsWith('s/'))
        entries.push(
          ...(value as Message[]).map((message): [string, unknown] => [key.slice(0, -20) + message.id, message]),
        );
      // Gaps are known by `prev_mid`, which these pages do not have.
      else if (key.startsWith('c/')) entries.push([key, withoutGaps(value as ConversationRecord)]);
      else entries.push([key, key.startsWith('q/') ? [...(value as string[])].sort() : value]);
    }
    const inMemory = CHATS.flatMap((id) => [`r${id}`, `g${id}`]).map((key) => store.reader.newestMessages(key));
    return { stored: Object.fromEntries(entries) as unknown, listed: listOf(store), inMemory };
  };
  const withoutGaps = ({ gaps: _gaps, ...record }: ConversationRecord): object => record;
  const listOf = (store: TestStore['store']): object =>
    Object.fromEntries(store.reader.conversations().map(([key, record]) => [key, withoutGaps(record)]));
  const emittedMessages = (events: Awaited<ReturnType<TestStore['apply']>>): string[] =>
    events.filter((event) => event.type === 'message').map(({ message }) => message.id);

  /** A list of messages, and the same as pages with repeats in any order. */
  const delivery = ids
    .chain((unique) =>
      fc.record({
        metas: fc
          .array(anyMessage, { minLength: unique.length, maxLength: unique.length })
          .map((messages) => messages.map((message, at) => toMeta(unique[at]!, message))),
        repeats: fc.array(fc.nat(unique.length - 1), { maxLength: 20 }),
        cuts: fc.infiniteStream(fc.integer({ min: 1, max: 8 })),
        order: fc.infiniteStream(fc.nat(1000)),
      }),
    )
    .map(({ metas, repeats, cuts, order }) => {
      const all = [...metas, ...repeats.map((at) => metas[at]!)]
        .map((meta) => ({ meta, place: order.next().value }))
        .sort((a, b) => a.place - b.place)
        .map(({ meta }) => meta);
      const pages: Meta[][] = [];
      for (let rest = all; rest.length > 0;) {
        const size = cuts.next().value ?? 1;
        pages.push(rest.slice(0, size));
        rest = rest.slice(size);
      }
      const inOrder = [...metas].sort((a, b) => (BigInt(a.id!) < BigInt(b.id!) ? -1 : 1));
      return { inOrder, pages };
    });

  test('pages in any order, with repeats, give the same store as single messages, and emit each message once', async () => {
    await fc.assert(
      fc.asyncProperty(delivery, async ({ inOrder, pages }) => {
        const plain = await openTestStore();
        const emittedInOrder: string[] = [];
        for (const meta of inOrder) emittedInOrder.push(...emittedMessages(await plain.apply([meta])));
        const shuffled = await openTestStore(createMemoryKvProvider());
        const emittedShuffled: string[] = [];
        for (const page of pages) emittedShuffled.push(...emittedMessages(await shuffled.apply(page)));
        expect(emittedInOrder).toEqual(inOrder.map(({ id }) => id));
        expect([...emittedShuffled].sort()).toEqual([...emittedInOrder].sort());
        expect(await comparable(shuffled)).toEqual(await comparable(plain));
        const reopened = await shuffled.reopen();
        expect(listOf(reopened.store)).toEqual(listOf(plain.store));
      }),
      { numRuns: 100 },
    );
  });

  test('history before, between and after does not change the unread count and hides no delivery', async () => {
    await fc.assert(
      fc.asyncProperty(delivery, fc.infiniteStream(fc.boolean()), async ({ inOrder, pages }, asHistory) => {
        const plain = await openTestStore();
        for (const meta of inOrder) await plain.apply([meta]);
        const mixed = await openTestStore(createMemoryKvProvider());
        const live: string[] = [];
        for (const page of pages) {
          if (asHistory.next().value) await mixed.apply(page, { isHistory: true });
          live.push(...emittedMessages(await mixed.apply(page)));
          if (asHistory.next().value) await mixed.apply(page, { isHistory: true });
        }
        expect(live.sort()).toEqual(inOrder.map(({ id }) => id!).sort());
        expect(await comparable(mixed)).toEqual(await comparable(plain));
      }),
      { numRuns: 100 },
    );
  });

  test('the same holds for more messages than memory holds, and repeats of older ones are recognized', async () => {
    const metas = Array.from({ length: 250 }, (_, at) => chat({ id: 1000 + at }));
    const plain = await openTestStore();
    for (const meta of metas) await plain.apply([meta]);
    const backwards = await openTestStore(createMemoryKvProvider());
    for (let at = 249; at >= 0; at -= 10) await backwards.apply(metas.slice(Math.max(0, at - 12), at + 1));
    expect(await comparable(backwards)).toEqual(await comparable(plain));
    expect(recordOf(backwards)!.unread).toBe(250);
    expect(backwards.store.reader.newestMessages(KEY).length).toBe(100);
    expect(await backwards.apply(metas)).toEqual([]);
  });
});
