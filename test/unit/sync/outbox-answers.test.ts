import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import type { OutboxEntry } from '../../../src/store/schema.ts';
import { messageEntry, operationEntry } from '../../../src/sync/outgoing.ts';
import { createFailingProvider } from '../store/failing-store.ts';
import { chat, PEER, SELF, TIME, told } from './harness.ts';
import { createOutbox, DUPLICATED, KEY, ours, rows, textEntry } from './outbox-harness.ts';
import type { OutboxHarness } from './outbox-harness.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a resend that is answered as duplicated had arrived', () => {
  async function arrived(after = '0'): Promise<OutboxHarness> {
    const harness = await createOutbox();
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
    const harness = await createOutbox();
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
    const later = await createOutbox({ provider: harness.provider });
    expect(later.searched).toEqual([PEER]);
    expect(later.sent).toEqual([]);
  });

  test('two of the same text get two ids, in order', async () => {
    const harness = await createOutbox();
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
    const harness = await createOutbox();
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
    const harness = await createOutbox({ provider: failing.provider });
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
    const harness = await createOutbox({ provider: failing.provider });
    await harness.text(1);
    failing.fail(true);
    await harness.answer(1);
    await expect(harness.text(2)).rejects.toMatchObject({ reason: 'DbOperationFailed' });
    expect(told(harness.events)).toEqual([`message ${KEY} 1001`, 'list', 'sent 1 as 1001']);
    failing.fail(false);
    await harness.text(3);
    const later = await createOutbox({ provider: failing.provider });
    expect(rows(later)).toEqual(['3 queued']);
    expect(later.store.reader.newestMessages(KEY)).toMatchObject([{ id: '1001', clientMid: '1' }]);
  });
});

describe('the answer to a message is stored with what comes next', () => {
  test('with the row of the next send: one batch a send', async () => {
    const { provider, batches } = createFailingProvider();
    const harness = await createOutbox({ provider });
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
    const harness = await createOutbox({ provider });
    await harness.text(1);
    await harness.answer(1);
    expect(batches.length).toBe(1);
    expect(told(await harness.apply([ours(1001), chat({ id: 1002 })]))).toEqual([
      `message ${KEY} 1002`,
      `unread ${KEY}`,
      'list',
    ]);
    expect(batches.length).toBe(2);
    const later = await createOutbox({ provider });
    expect(rows(later)).toEqual([]);
    expect(later.store.reader.newestMessages(KEY)).toMatchObject([{ id: '1001', clientMid: '1' }, { id: '1002' }]);
  });

  test('or a moment later', async () => {
    const harness = await createOutbox({ clock: systemClock });
    await harness.text(1);
    await harness.answer(1);
    await vi.advanceTimersByTimeAsync(50);
    const later = await createOutbox({ provider: harness.provider });
    expect(rows(later)).toEqual([]);
    expect(later.store.reader.newestMessages(KEY)).toMatchObject([{ id: '1001' }]);
  });

  test('a refusal and the answer to an operation are not: they are stored when they are told', async () => {
    const { provider, batches } = createFailingProvider();
    const harness = await createOutbox({ provider });
    await harness.text(1);
    await harness.put(operationEntry('2', KEY, PEER, { type: 1, mid: '5' }, TIME));
    await harness.answer(1, { status: { code: 12 } });
    expect(batches.length).toBe(3);
    await harness.answer(2);
    expect(batches.length).toBe(4);
    expect(rows(await createOutbox({ provider }))).toEqual(['1 failed']);
  });

  test('a run that ends before that leaves the row: it is sent again, had arrived, and is one message', async () => {
    const first = await createOutbox();
    await first.text(1);
    await first.answer(1);
    expect(told(first.events)).toContain('sent 1 as 1001');
    const second = await createOutbox({ provider: first.provider });
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
