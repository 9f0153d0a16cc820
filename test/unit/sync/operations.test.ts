import { describe, expect, test } from 'vitest';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { KvProvider } from '../../../src/platform/ports.ts';
import { MessageOperationType as Op } from '../../../src/wire/enums.ts';
import type { Meta } from '../../../src/wire/index.ts';
import { fc } from '../../support/property.ts';
import { chat, openTestStore, operation, PEER, SELF, emitted } from './harness.ts';
import type { TestStore } from './harness.ts';

const KEY = `r${PEER}`;
const recordOf = ({ store }: TestStore) => store.reader.conversation(KEY)!;
const shown = ({ store }: TestStore): string[] =>
  store.reader.newestMessages(KEY).map(({ id, content }) => `${id} ${content}`);

const recall = (id: number, mid: number): Meta =>
  operation(id, { type: Op.RECALL, mid: String(mid), xid: { uid: SELF } });
const remove = (id: number, mid: number): Meta =>
  operation(id, { type: Op.DELETE, mid: String(mid), xid: { uid: PEER } }, SELF, SELF);
function edit(
  id: number,
  mid: number,
  type: number,
  parts: { content?: string; config?: string; ext?: string },
  time = id,
): Meta {
  const meta = operation(id, { type, mid: String(mid) });
  return {
    ...meta,
    payload: { type: 1, ctype: 0, operation: { type, mid: String(mid) }, edit_timestamp: String(time), ...parts },
  } as Meta;
}

describe('a message that was recalled or deleted', () => {
  test.each([
    ['recalled', recall],
    ['deleted', remove],
  ])('%s: it is gone, the preview is the one before it, and it is no longer counted', async (how, take) => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 1 }), chat({ id: 2 })]);
    expect(emitted(await opened.apply([take(9, 2)]))).toEqual([
      `${how} ${KEY} 2`,
      `status ${KEY} 2`,
      `unread ${KEY}`,
      'list',
    ]);
    expect(shown(opened)).toEqual(['1 text 1']);
    expect(recordOf(opened)).toMatchObject({ unread: 1, previewId: '1', content: 'text 1' });
    await opened.apply([take(10, 1)]);
    expect(recordOf(opened)).toMatchObject({ listed: false, unread: 0, previewId: '0', content: '' });
  });

  test('does not return with a repeated page or with history', async () => {
    const opened = await openTestStore();
    const page = [chat({ id: 1 }), chat({ id: 2 }), recall(9, 2)];
    await opened.apply(page);
    for (const again of [await opened.reopen(), opened]) {
      expect(await again.apply(page)).toEqual([]);
      expect(emitted(await again.apply([chat({ id: 2 })], { isHistory: true, emit: 'all' }))).toEqual([]);
      expect(shown(again)).toEqual(['1 text 1']);
    }
  });

  test('before its page came is never shown', async () => {
    const opened = await openTestStore();
    expect(emitted(await opened.apply([recall(9, 2)]))).toEqual([]);
    expect(emitted(await opened.apply([chat({ id: 2 })]))).toEqual([]);
    expect(shown(opened)).toEqual([]);
  });

  test('loses the mark of its mention', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 1, to: '300', config: '{"mentionAll":true}' })], { queue: '300' });
    expect(opened.store.reader.conversation('g300')!.hasAt).toBe(true);
    await opened.apply([operation(9, { type: Op.RECALL, mid: '1', xid: { uid: '300' } }, PEER, '300')], {
      queue: '300',
    });
    expect(opened.store.reader.conversation('g300')!.hasAt).toBe(false);
  });
});

describe('an edit', () => {
  test('appends, replaces and merges, and the preview follows', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 1, content: 'a', config: '{"x":{"y":1}}' })]);
    const events = await opened.apply([
      edit(5, 1, Op.APPEND, { content: 'b', config: '{"x":{"z":2}}', ext: '{"e":1}' }),
    ]);
    expect(emitted(events)).toEqual([`edited ${KEY} 1: ab`, `status ${KEY} 1`, 'list']);
    expect(opened.store.reader.newestMessages(KEY)[0]).toMatchObject({
      content: 'ab',
      config: { x: { y: 1, z: 2 } },
      ext: '{"e":1}',
      editTimestamp: '5',
    });
    await opened.apply([edit(6, 1, Op.REPLACE, { content: 'c' })]);
    expect(recordOf(opened)).toMatchObject({ content: 'c' });
  });

  test('that is older than the last one changes nothing', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 1, content: 'a' }), edit(5, 1, Op.REPLACE, { content: 'new' }, 100)]);
    await opened.apply([edit(6, 1, Op.REPLACE, { content: 'old' }, 99)]);
    expect(shown(opened)).toEqual(['1 new']);
  });

  test('that is already in a message of history is not applied twice', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 1, content: 'ab', edit_timestamp: '50' })], { isHistory: true });
    await opened.apply([edit(5, 1, Op.APPEND, { content: 'b' }, 50)]);
    expect(shown(opened)).toEqual(['1 ab']);
    await opened.apply([chat({ id: 1, content: 'abcd', edit_timestamp: '70' })], { isHistory: true });
    expect(shown(opened)).toEqual(['1 abcd']);
    await opened.apply([edit(6, 1, Op.APPEND, { content: 'c' }, 60), edit(8, 1, Op.APPEND, { content: 'e' }, 80)]);
    expect(shown(opened)).toEqual(['1 abcde']);
  });

  test('reaches no prototype', async () => {
    const opened = await openTestStore();
    const hostile =
      '{"__proto__":{"hacked":1},"constructor":{"prototype":{"hacked":1}},"a":{"__proto__":{"hacked":1}}}';
    await opened.apply([
      chat({ id: 1, config: '{"a":{}}', ext: '{}' }),
      edit(5, 1, Op.REPLACE, { config: hostile, ext: hostile }),
    ]);
    const { config, ext } = opened.store.reader.newestMessages(KEY)[0]!;
    expect(({} as Record<string, unknown>)['hacked']).toBeUndefined();
    expect((config!['a'] as Record<string, unknown>)['hacked']).toBeUndefined();
    expect(JSON.parse(ext)).toEqual({ a: {} });
  });

  test('many in a row are stored in a bounded size', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 1, content: '', ext: 'x' })]);
    const edits = Array.from({ length: 300 }, (_, at) => edit(10 + at, 1, Op.APPEND, { content: String(at % 10) }));
    for (let at = 0; at < 300; at += 30) await opened.apply(edits.slice(at, at + 30));
    const [message] = await opened.store.update(async (tx) => tx.messages.newest(KEY));
    expect(message!.content).toBe('0123456789'.repeat(30));
    expect(message!.ops!.edits!.length).toBe(256);
  });
});

describe('a page of READ_ALLs', () => {
  const readAll = (id: number, mid: number): Meta =>
    operation(id, { type: Op.READ_ALL, mid: String(mid), xid: { uid: PEER } }, SELF, SELF);
  const cancel = (id: number, mid: number): Meta =>
    operation(id, { type: Op.READ_CANCEL, mid: String(mid), xid: { uid: PEER } }, SELF, SELF);

  test('looks at the messages once for those that follow each other', async () => {
    const opened = await openTestStore();
    await opened.apply([1, 2, 3].map((id) => chat({ id })));
    const events = await opened.apply([readAll(10, 1), readAll(11, 2), readAll(12, 1)]);
    expect(emitted(events)).toEqual([`status ${KEY} 1`, `status ${KEY} 2`, `unread ${KEY}`]);
    expect(events.filter(({ type }) => type === 'operation').length).toBe(3);
    expect(recordOf(opened).unread).toBe(1);
  });

  test('keeps the order with what marks unread between them', async () => {
    const opened = await openTestStore();
    await opened.apply([1, 2].map((id) => chat({ id })));
    const events = await opened.apply([readAll(10, 2), cancel(11, 1), readAll(12, 1), cancel(13, 2)]);
    expect(emitted(events).filter((event) => event.startsWith('cancelled'))).toEqual([
      `cancelled ${KEY} 1`,
      `cancelled ${KEY} 2`,
    ]);
    expect(recordOf(opened).unread).toBe(1);
  });
});

describe('a page of operations on many old messages', () => {
  const MESSAGES = 3000;
  const old = Array.from({ length: MESSAGES }, (_, at) => chat({ id: 1000 + at, content: 'a' }));
  /** Reads of a long conversation while a page of it is applied. */
  const readsOf = async (page: readonly Meta[]): Promise<{ opened: TestStore; reads: number }> => {
    const provider = createMemoryKvProvider();
    const stored = await openTestStore(provider);
    await stored.apply(old);
    let reads = 0;
    const counting: KvProvider = {
      ...provider,
      open: async (name) => {
        const kv = await provider.open(name);
        return {
          ...kv,
          range: async (range) => {
            reads++;
            return kv.range(range);
          },
        };
      },
    };
    const opened = await openTestStore(counting);
    const atStart = reads;
    await opened.apply(page);
    return { opened, reads: reads - atStart };
  };

  test.each([
    ['ascending', (at: number) => at],
    ['descending', (at: number) => MESSAGES - 1 - at],
    ['in any order', (at: number) => (at * 1009) % MESSAGES],
  ])('reads each segment about once, and not for each operation: %s', async (_, order) => {
    const page = old.map((_message, at) => edit(10_000 + at, 1000 + order(at), Op.APPEND, { content: 'b' }));
    const { opened, reads } = await readsOf(page);
    expect(reads).toBeLessThan(20);
    const messages = await opened.store.update(async (tx) => tx.messages.newest(KEY, MESSAGES));
    expect(messages.map(({ content }) => content)).toEqual(old.map(() => 'ab'));
  });

  test('does not read what lies between two that are far apart', async () => {
    const { opened, reads } = await readsOf([recall(10_000, 1000), recall(10_001, 1000 + MESSAGES - 500)]);
    expect(reads).toBeLessThan(6);
    const messages = await opened.store.update(async (tx) => tx.messages.newest(KEY, MESSAGES));
    expect(messages.length).toBe(MESSAGES - 2);
  });
});

describe('however pages, repeats, operations and restarts come', () => {
  const MIDS = [11, 12, 13, 14, 15];
  /** The items in the order of ids: messages, then operations on them. */
  const history = fc
    .array(
      fc.record({
        type: fc.constantFrom(
          Op.READ_ACK,
          Op.READ_ALL,
          Op.READ_CANCEL,
          Op.DELIVER_ACK,
          Op.RECALL,
          Op.DELETE,
          Op.PLAY_ACK,
          Op.APPEND,
          Op.REPLACE,
        ),
        mid: fc.constantFrom(...MIDS),
        own: fc.boolean(),
        skew: fc.integer({ min: -3, max: 3 }),
      }),
      { maxLength: 12 },
    )
    .map((ops) => {
      const messages = MIDS.map((id) =>
        id % 2 ? chat({ id, config: id === 13 ? '{"mentionAll":true}' : '' }) : chat({ id, from: SELF, to: PEER }),
      );
      const operations = ops.map(({ type, mid, own, skew }, at): Meta => {
        const id = 100 + at * 10;
        if (type === Op.APPEND || type === Op.REPLACE)
          return edit(id, mid, type, { content: `<${id}>`, config: `{"k${at % 3}":${at}}` }, id + skew * 10);
        const toSelf = type === Op.READ_ALL || type === Op.READ_CANCEL || type === Op.DELETE;
        const xid = { uid: PEER };
        if (toSelf) return operation(id, { type, mid: String(mid), xid }, SELF, SELF);
        return own
          ? operation(id, { type, mid: String(mid), xid }, SELF, PEER)
          : operation(id, { type, mid: String(mid), xid: { uid: SELF } });
      });
      return [...messages, ...operations];
    });
  const state = async (opened: TestStore): Promise<unknown> => {
    const messages = await opened.store.update(async (tx) => tx.messages.newest(KEY));
    const { unread, hasAt, previewId, content, newestId, readMarks } = recordOf(opened);
    return {
      messages: messages.map(({ ops: _ops, ...message }) => message),
      record: { unread, hasAt, previewId, content, newestId, readMarks: [...readMarks] },
    };
  };

  test('the store is that of the run in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        fc.infiniteStream(fc.nat(1000)),
        fc.array(fc.nat(100), { maxLength: 6 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 4 })),
        fc.infiniteStream(fc.boolean()),
        async (metas, order, repeats, cuts, restarts) => {
          const plain = await openTestStore();
          for (const meta of metas) await plain.apply([meta]);
          let mixed = await openTestStore(createMemoryKvProvider());
          const all = [...metas, ...repeats.map((at) => metas[at % metas.length]!)]
            .map((meta) => ({ meta, at: order.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ meta }) => meta);
          const emittedMessages: string[] = [];
          for (let at = 0; at < all.length;) {
            const size: number = cuts.next().value ?? 1;
            const events = await mixed.apply(all.slice(at, at + size));
            for (const event of events) if (event.type === 'message') emittedMessages.push(event.message.id);
            at += size;
            if (restarts.next().value) mixed = await mixed.reopen();
          }
          expect(new Set(emittedMessages).size).toBe(emittedMessages.length);
          expect(await state(mixed)).toEqual(await state(plain));
        },
      ),
      { numRuns: 150 },
    );
  }, 20_000);
});

describe('a conversation deleted on another device', () => {
  const deleted = (id: number): Meta => ({
    id: String(id),
    from: { uid: SELF, deviceSN: 2 },
    ns: 6,
    payload: { type: 1, operation: { type: 2, xid: { uid: PEER } } },
  });

  test('is removed up to that moment, and returns with a newer message', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 1 }), chat({ id: 2 })]);
    expect(emitted(await opened.apply([deleted(5)]))).toEqual(['conversation-deleted', `unread ${KEY}`, 'list']);
    expect(recordOf(opened)).toMatchObject({ listed: false, unread: 0, content: '', clearedTo: '5' });
    expect(shown(opened)).toEqual([]);
    expect(emitted(await opened.apply([chat({ id: 1 }), chat({ id: 3 })], { isHistory: true, emit: 'all' }))).toEqual(
      [],
    );
    await opened.apply([chat({ id: 9 })], { prevMid: '2' });
    expect(recordOf(opened)).toMatchObject({ listed: true, unread: 1, gaps: [] });
    expect(shown(await opened.reopen())).toEqual(['9 text 9']);
  });

  test('keeps the messages after it, whatever the order', async () => {
    const inOrder = await openTestStore();
    for (const meta of [chat({ id: 1 }), deleted(5), chat({ id: 9 })]) await inOrder.apply([meta]);
    const late = await openTestStore(createMemoryKvProvider());
    for (const meta of [chat({ id: 9 }), deleted(5), chat({ id: 1 })]) await late.apply([meta]);
    for (const opened of [inOrder, late]) {
      expect(shown(opened)).toEqual(['9 text 9']);
      expect(recordOf(opened)).toMatchObject({ listed: true, unread: 1, previewId: '9' });
    }
  });
});
