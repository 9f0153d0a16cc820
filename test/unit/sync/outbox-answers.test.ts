import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { operationEntry } from '../../../src/sync/outgoing.ts';
import { createFailingProvider } from '../store/failing-store.ts';
import { MessageOperationType } from '../../../src/wire/enums.ts';
import { chat, PEER, SELF, TIME, emitted } from './harness.ts';
import { createOutbox, DUPLICATED, KEY, ours, rows } from './outbox-harness.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a resend that is answered as a duplicate', () => {
  test('applies when it is an operation', async () => {
    const harness = await createOutbox();
    await harness.apply([chat({ id: 5 })]);
    await harness.put(operationEntry('7', KEY, PEER, { type: 1, mid: '5' }, TIME));
    harness.outbox.offline();
    harness.outbox.online();
    await harness.answer(7, { status: DUPLICATED, server_mid: '0' });
    expect(harness.store.reader.newestMessages(KEY)[0]!.status).toBe(2);
    expect(rows(harness)).toEqual([]);
  });

  test('applies when it is an edit, whose place is looked up on every socket until the history has shown it', async () => {
    const harness = await createOutbox();
    await harness.apply([chat({ id: 5, from: SELF, to: PEER, content: 'a' })]);
    await harness.put(
      operationEntry('7', KEY, PEER, { type: MessageOperationType.APPEND, mid: '5' }, TIME, { content: 'b' }),
    );
    harness.outbox.offline();
    harness.outbox.online();
    await harness.answer(7, { status: DUPLICATED, server_mid: '0' });
    expect(harness.store.reader.newestMessages(KEY)[0]!.content).toBe('ab');
    expect([rows(harness), harness.searched]).toEqual([['7 unnumbered'], ['edit 7']]);
    harness.outbox.offline();
    harness.outbox.online();
    expect(harness.sent).toEqual(['7', '7']);
    expect(harness.searched).toEqual(['edit 7', 'edit 7']);
  });
});

describe('an answer that cannot be stored', () => {
  test('of an operation emits a problem; the row is sent again on the next socket, in order, and then removed', async () => {
    const failing = createFailingProvider();
    const harness = await createOutbox({ provider: failing.provider });
    await harness.apply([chat({ id: 5 })]);
    await harness.put(operationEntry('1', KEY, PEER, { type: 1, mid: '5' }, TIME));
    await harness.text(2);
    failing.fail(true);
    await harness.answer(1);
    expect(emitted(harness.events)).toEqual(['problem DbOperationFailed']);
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

  test('of a message is stored with the next change that can be stored', async () => {
    const failing = createFailingProvider();
    const harness = await createOutbox({ provider: failing.provider });
    await harness.text(1);
    failing.fail(true);
    await harness.answer(1);
    await expect(harness.text(2)).rejects.toMatchObject({ reason: 'DbOperationFailed' });
    expect(emitted(harness.events)).toEqual([`message ${KEY} 1001`, 'list', 'sent 1 as 1001']);
    failing.fail(false);
    await harness.text(3);
    const later = await createOutbox({ provider: failing.provider });
    expect(rows(later)).toEqual(['3 queued']);
    expect(later.store.reader.newestMessages(KEY)).toMatchObject([{ id: '1001', clientMid: '1' }]);
  });
});

describe('the answer to a message is stored later', () => {
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

  test('with a page; a page that repeats the message changes and emits nothing', async () => {
    const { provider, batches } = createFailingProvider();
    const harness = await createOutbox({ provider });
    await harness.text(1);
    await harness.answer(1);
    expect(batches.length).toBe(1);
    expect(emitted(await harness.apply([ours(1001), chat({ id: 1002 })]))).toEqual([
      `message ${KEY} 1002`,
      `unread ${KEY}`,
      'list',
    ]);
    expect(batches.length).toBe(2);
    const later = await createOutbox({ provider });
    expect(rows(later)).toEqual([]);
    expect(later.store.reader.newestMessages(KEY)).toMatchObject([{ id: '1001', clientMid: '1' }, { id: '1002' }]);
  });

  test('or after a moment', async () => {
    const harness = await createOutbox({ clock: systemClock });
    await harness.text(1);
    await harness.answer(1);
    await vi.advanceTimersByTimeAsync(50);
    const later = await createOutbox({ provider: harness.provider });
    expect(rows(later)).toEqual([]);
    expect(later.store.reader.newestMessages(KEY)).toMatchObject([{ id: '1001' }]);
  });

  test('but a refusal and the answer to an operation are stored before they are emitted', async () => {
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

  test('a run that ends before leaves the row: it is sent again, answered as a duplicate, and gives one message', async () => {
    const first = await createOutbox();
    await first.text(1);
    await first.answer(1);
    expect(emitted(first.events)).toContain('sent 1 as 1001');
    const second = await createOutbox({ provider: first.provider });
    expect(second.store.reader.newestMessages(KEY)).toEqual([]);
    expect(second.sent).toEqual(['1']);
    await second.answer(1, { status: DUPLICATED, server_mid: '0' });
    await second.history([ours(1001)], '0');
    expect(emitted(second.events)).toEqual(['list', `message ${KEY} 1001`, 'sent 1 as 1001']);
    expect(rows(second)).toEqual([]);
    expect(second.store.reader.newestMessages(KEY)).toMatchObject([{ id: '1001', clientMid: '1' }]);
  });
});
