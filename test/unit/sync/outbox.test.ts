import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { messageEntry, operationEntry } from '../../../src/sync/outgoing.ts';
import { vectorOf } from '../wire/vectors.ts';
import type { IStatus, SyncDown } from '../../../src/wire/index.ts';
import { answered, chat, GROUP, PEER, SELF, TIME, emitted } from './harness.ts';
import { createOutbox, DUPLICATED, EXPIRY_MS, KEY, rows, textEntry } from './outbox-harness.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('sending', () => {
  test('a row that waits too long for a connection fails without one, also after a restart', async () => {
    const first = await createOutbox({ online: false });
    await first.text(1);
    first.outbox.close();
    const { provider } = first;
    const harness = await createOutbox({ online: false, provider });
    await vi.advanceTimersByTimeAsync(5000);
    await harness.text(2);
    await vi.advanceTimersByTimeAsync(EXPIRY_MS - 5001);
    expect(harness.events).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(emitted(harness.events)).toEqual(['failed 1 ServerTimeOut']);
    expect(rows(harness)).toEqual(['1 failed', '2 queued']);
    await vi.advanceTimersByTimeAsync(5000);
    expect(emitted(harness.events)).toEqual(['failed 1 ServerTimeOut', 'failed 2 ServerTimeOut']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('rows go out in order while online, and wait while offline', async () => {
    const harness = await createOutbox({ online: false });
    await harness.text(1, 2);
    expect(harness.sent).toEqual([]);
    // One for each that waits: its time is over some day.
    expect(vi.getTimerCount()).toBe(2);
    harness.outbox.online();
    await harness.text(3);
    await vi.advanceTimersByTimeAsync(0);
    expect(harness.sent).toEqual(['1', '2', '3']);
  });

  test('an answer stores, lists and emits the message, and removes its row', async () => {
    const harness = await createOutbox();
    await harness.text(1);
    await harness.answer(1, { server_mid: '70', server_time: '1700000000456' });
    expect(emitted(harness.events)).toEqual([`message ${KEY} 70`, 'list', 'sent 1 as 70']);
    expect(harness.store.reader.newestMessages(KEY)).toMatchObject([
      { id: '70', clientMid: '1', from: SELF, content: 'text 1', timestamp: '1700000000456' },
    ]);
    expect(harness.store.reader.conversation(KEY)).toMatchObject({ unread: 0, previewId: '70', newestId: '70' });
    expect(rows(harness)).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('the golden answer is read', async () => {
    const harness = await createOutbox();
    await harness.put({ ...textEntry(1), mid: '1700000000000' });
    const { payload } = vectorOf('sync ack of a sent message').frame as { payload: SyncDown };
    await harness.outbox.handleAnswer(answered(payload));
    expect(emitted(harness.events)).toContain('sent 1700000000000 as 1633520003');
  });

  test('an answer without a time keeps our time', async () => {
    const harness = await createOutbox();
    await harness.text(1);
    await harness.answer(1);
    expect(harness.store.reader.newestMessages(KEY)[0]!.timestamp).toBe(String(TIME));
  });

  test('the server id is searched for in the history when the answer has none', async () => {
    const harness = await createOutbox();
    await harness.text(1);
    await harness.answer(1, { server_mid: '0' });
    expect(harness.searched).toEqual([`${PEER} 0`]);
    expect(rows(harness)).toEqual(['1 unnumbered']);
  });

  test('a repeated answer changes and emits nothing more', async () => {
    const harness = await createOutbox();
    await harness.text(1);
    await harness.answer(1);
    const before = harness.events.length;
    await harness.answer(1);
    await harness.answer(99);
    expect(harness.events.length).toBe(before);
  });

  test('a message that a page brought before its answer is emitted once', async () => {
    const harness = await createOutbox();
    await harness.text(1);
    await harness.apply([chat({ id: 1001, from: SELF, to: PEER, content: 'text 1' })]);
    await harness.answer(1);
    expect(emitted(harness.events)).toEqual(['sent 1 as 1001']);
    expect(harness.store.reader.newestMessages(KEY).length).toBe(1);
  });

  test('at most 256 messages wait for answers; each answer lets one more be sent', async () => {
    const harness = await createOutbox();
    await harness.text(...Array.from({ length: 262 }, (_, at) => at + 1));
    expect(harness.sent.length).toBe(256);
    await harness.answer(2);
    expect(harness.sent.slice(256)).toEqual(['257']);
    for (const mid of [1, 3, 4, 5, 6]) await harness.answer(mid);
    expect(harness.sent.slice(256)).toEqual(['257', '258', '259', '260', '261', '262']);
  });

  test('fewer wait when they are long', async () => {
    const harness = await createOutbox();
    const content = 'x'.repeat(40_000);
    for (const mid of ['1', '2', '3', '4'])
      await harness.put(messageEntry(mid, KEY, { content, type: 'text' }, SELF, TIME, '0'));
    expect(harness.sent).toEqual(['1', '2']);
    await harness.answer(1);
    expect(harness.sent).toEqual(['1', '2', '3']);
    harness.outbox.offline();
    harness.outbox.online();
    expect(harness.sent.slice(3)).toEqual(['2', '3']);
  });

  test('a row that the session refuses is sent again, in order', async () => {
    const harness = await createOutbox();
    harness.refuseSends(true);
    await harness.text(1, 2);
    harness.refuseSends(false);
    await harness.text(3);
    expect(harness.sent).toEqual(['1', '2', '3']);
  });

  test('an operation takes effect with its answer, not before', async () => {
    const harness = await createOutbox();
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
  test('rows without an answer are sent again under the same mid, in order, before newer rows', async () => {
    const harness = await createOutbox();
    await harness.text(1, 2, 3);
    await harness.answer(2);
    harness.outbox.offline();
    expect(vi.getTimerCount()).toBe(0);
    await harness.text(4);
    harness.outbox.online();
    await vi.advanceTimersByTimeAsync(0);
    expect(harness.sent).toEqual(['1', '2', '3', '1', '3', '4']);
  });

  test('the answer to a resend counts like the answer to the first try', async () => {
    const harness = await createOutbox();
    await harness.text(1);
    harness.outbox.offline();
    harness.outbox.online();
    await harness.answer(1);
    expect(emitted(harness.events)).toContain('sent 1 as 1001');
  });

  test('a later run sends the unsent rows of an earlier one in order, and no row that was answered or refused', async () => {
    const first = await createOutbox();
    await first.text(10, 9, 8, 11);
    await first.answer(9);
    await first.answer(8, { status: { code: 12, reason: 'censored' } });
    first.outbox.close();
    const second = await createOutbox({ provider: first.provider });
    expect(second.sent).toEqual(['10', '11']);
    expect(rows(second).sort()).toEqual(['10 queued', '11 queued', '8 failed']);
  });

  test('nothing is sent and nothing is pending after a close', async () => {
    const harness = await createOutbox();
    await harness.text(1);
    harness.outbox.close();
    expect(vi.getTimerCount()).toBe(0);
    harness.outbox.online();
    expect(harness.sent).toEqual(['1']);
    expect(rows(harness)).toEqual(['1 queued']);
  });
});

describe('no answer', () => {
  test('for 20 s is reported', async () => {
    const harness = await createOutbox();
    await harness.text(1);
    vi.advanceTimersByTime(19_999);
    expect(harness.heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(harness.heard).toEqual(['unanswered']);
  });

  test('is reported in time although a later message is sent', async () => {
    const harness = await createOutbox();
    await harness.text(1);
    vi.advanceTimersByTime(15_000);
    await harness.text(2);
    vi.advanceTimersByTime(5_000);
    expect(harness.heard).toEqual(['unanswered']);
  });

  test('is reported later when another message is answered', async () => {
    const harness = await createOutbox();
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
    const harness = await createOutbox();
    await harness.put(textEntry(1, '0', conversation));
    await harness.answer(1, { status, server_mid: '0' });
    expect(emitted(harness.events)).toEqual([`failed 1 ${reason}`]);
    expect(rows(harness)).toEqual(['1 failed']);
    harness.outbox.offline();
    harness.outbox.online();
    expect(harness.sent).toEqual(['1']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('of an operation leaves no row and changes nothing', async () => {
    const harness = await createOutbox();
    await harness.apply([chat({ id: 5 })]);
    await harness.put(operationEntry('7', KEY, PEER, { type: 1, mid: '5' }, TIME));
    await harness.answer(7, { status: { code: 2 } });
    expect(emitted(harness.events)).toEqual(['failed 7 ServerFireplaceUnknownError']);
    expect(rows(harness)).toEqual([]);
    expect(harness.store.reader.newestMessages(KEY)[0]!.status).toBe(0);
  });

  test('that ends the session fails no message: all are sent again, in order, after the next login', async () => {
    const harness = await createOutbox();
    await harness.text(1, 2, 3);
    await harness.answer(1, { status: { code: 9, reason: 'you must login first' } });
    expect(emitted(harness.events)).toEqual(['problem InvalidToken']);
    harness.outbox.offline();
    harness.outbox.online();
    expect(harness.sent).toEqual(['1', '2', '3', '1', '2', '3']);
  });

  test('that ends the session does not turn a possible resend into a first try', async () => {
    const harness = await createOutbox();
    await harness.text(1);
    harness.outbox.offline();
    harness.outbox.online();
    await harness.answer(1, { status: { code: 7 } });
    harness.outbox.offline();
    harness.outbox.online();
    await harness.answer(1, { status: DUPLICATED, server_mid: '0' });
    expect(emitted(harness.events)).toEqual(['problem InvalidToken']);
    expect(rows(harness)).toEqual(['1 unnumbered']);
  });
});
