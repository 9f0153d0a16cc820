import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { afterRename } from '../../../src/store/migrations.ts';
import type { OutboxEntry } from '../../../src/store/schema.ts';
import { messageEntry, operationEntry } from '../../../src/sync/outgoing.ts';
import type { IMessageBody } from '../../../src/wire/index.ts';
import { chat, emitted, PEER, SELF, TIME } from './harness.ts';
import { createOutbox, DEVICE, DUPLICATED, KEY, ours, rows, textEntry } from './outbox-harness.ts';
import type { OutboxHarness } from './outbox-harness.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
});
afterEach(() => {
  vi.useRealTimers();
});

const duplicated = { status: DUPLICATED, server_mid: '0' };

/** Rows that were sent twice; the second try was answered as a duplicate. */
async function arrived(...entries: OutboxEntry[]): Promise<OutboxHarness> {
  const harness = await createOutbox();
  await harness.put(...entries);
  harness.outbox.offline();
  harness.outbox.online();
  for (const { mid } of entries) await harness.answer(Number(mid), duplicated);
  return harness;
}
const sentEvents = ({ events }: OutboxHarness): string[] => emitted(events).filter((word) => word.startsWith('sent'));
const contents = ({ store }: OutboxHarness): string[] =>
  store.reader.newestMessages(KEY).map(({ id, content }) => `${id} ${content}`);

describe('the server id of a message that arrived without an answer', () => {
  test('is searched for in the history', async () => {
    const harness = await arrived(textEntry(1));
    expect(harness.searched).toEqual([`${PEER} 0`]);
    expect(emitted(harness.events)).toEqual([]);
    expect(rows(harness)).toEqual(['1 unnumbered']);
    await harness.history([ours(50)], '50');
    expect(emitted(harness.events)).toEqual(['list', `message ${KEY} 50`, 'sent 1 as 50']);
    expect(rows(harness)).toEqual([]);
    expect(harness.store.reader.newestMessages(KEY)).toMatchObject([{ id: '50', clientMid: '1' }]);
    expect(harness.searched).toEqual([`${PEER} 0`]);
  });

  test('is found at a message that another page has brought', async () => {
    const harness = await arrived(textEntry(1));
    await harness.apply([ours(50)]);
    await harness.history([ours(50)], '50');
    expect(emitted(harness.events)).toEqual(['sent 1 as 50']);
  });

  test('is not that of another text, another sender, an older message or the message of another send', async () => {
    const harness = await arrived(textEntry(1, '40'));
    await harness.store.update((tx) => tx.messages.put(KEY, [{ ...textEntry(1).message!, id: '60', clientMid: '9' }]));
    await harness.history([ours(41, 'other'), chat({ id: 51, content: 'text 1' })], '41');
    expect(sentEvents(harness)).toEqual([]);
    expect(harness.searched).toEqual([`${PEER} 0`, `${PEER} 41`]);
  });

  test('is searched for again with the next socket and in a later run, and the message is never sent again', async () => {
    const harness = await arrived(textEntry(1));
    await harness.history([], '0', false);
    harness.outbox.offline();
    harness.outbox.online();
    expect(harness.sent).toEqual(['1', '1']);
    harness.outbox.close();
    const later = await createOutbox({ provider: harness.provider });
    expect(later.searched).toEqual([`${PEER} 0`]);
    expect(later.sent).toEqual([]);
  });

  test('of another message, which was sent again and has no answer yet: its event comes with that, once', async () => {
    const harness = await createOutbox();
    await harness.put(textEntry(1), textEntry(2));
    harness.outbox.offline();
    harness.outbox.online();
    await harness.answer(1, duplicated);
    await harness.history([ours(50), ours(51, 'text 2')], '50');
    expect(emitted(harness.events)).toEqual(['list', `message ${KEY} 50`, 'sent 1 as 50']);
    await harness.answer(2, duplicated);
    await harness.history([ours(50), ours(51, 'text 2')], '50');
    expect(emitted(harness.events).filter((word) => word.startsWith('message') || word.startsWith('sent'))).toEqual([
      ...[`message ${KEY} 50`, 'sent 1 as 50'],
      ...[`message ${KEY} 51`, 'sent 2 as 51'],
    ]);
  });

  test('is another one for each of two messages of the same text, in order', async () => {
    const twin = (mid: string): OutboxEntry =>
      messageEntry(mid, KEY, { content: 'same', type: 'text' }, SELF, TIME, '0');
    const harness = await arrived(twin('1'), twin('2'));
    // The second one arrived when the search had begun: it gets its id from the same page, or from a second search.
    await harness.history([ours(51, 'same'), ours(50, 'same')], '0');
    expect(sentEvents(harness)).toEqual(['sent 1 as 50', 'sent 2 as 51']);
  });

  test('is that of this device, when another one sent the same text', async () => {
    const harness = await arrived(textEntry(1, '40'));
    await harness.apply([ours(45, 'text 1', 3)]);
    await harness.history([ours(45, 'text 1', 3)], '45');
    expect(sentEvents(harness)).toEqual([]);
    await harness.history([ours(42, 'text 1', DEVICE)], '30');
    expect(sentEvents(harness)).toEqual(['sent 1 as 42']);
    expect(contents(harness)).toEqual(['42 text 1', '45 text 1']);
  });

  test.each(['it was edited', 'the server changed it'])('is that of a message with another text: %s', async (why) => {
    const harness = await arrived(textEntry(1, '40'));
    const isEdited = why === 'it was edited';
    const other = ours(43, '***', isEdited ? 0 : DEVICE);
    if (isEdited) other.payload = { ...(other.payload as IMessageBody), edit_timestamp: '5' };
    await harness.history([ours(41, 'another device', 3), other], '41');
    expect(sentEvents(harness)).toEqual([]);
    await harness.history([chat({ id: 39 })], '39');
    expect(sentEvents(harness)).toEqual(['sent 1 as 43']);
    expect(contents(harness)).toEqual(['39 text 39', '41 another device', '43 ***']);
  });

  test('releases the operations that wait for it', async () => {
    const harness = await createOutbox();
    await harness.text(1);
    const wait = { ...operationEntry('2', KEY, PEER, { type: 5, mid: '1' }, TIME), waitsFor: '1' };
    harness.outbox.wait(wait);
    await harness.put(wait);
    harness.outbox.offline();
    harness.outbox.online();
    await harness.answer(1, duplicated);
    expect(harness.sent).toEqual(['1', '1']);
    await harness.history([ours(50)], '50');
    await vi.waitFor(() => expect(harness.sent).toEqual(['1', '1', '2']));
    expect(harness.store.reader.outboxEntry('2')).toMatchObject({
      meta: { payload: { operation: { type: 5, mid: '50' } } },
    });
  });
});

describe('a message that arrived and is not in the history', () => {
  test('stays in its conversation, where it was sent, and is reported as sent', async () => {
    const harness = await createOutbox();
    await harness.apply([ours(40, 'before')]);
    await harness.put(textEntry(1, '40'));
    harness.outbox.offline();
    harness.outbox.online();
    await harness.answer(1, duplicated);
    await harness.history([ours(40, 'before'), chat({ id: 50, content: 'after' })], '40');
    expect(sentEvents(harness)).toEqual(['sent 1 as 41']);
    expect(contents(harness)).toEqual(['40 before', '41 text 1', '50 after']);
    expect(rows(harness)).toEqual([]);
  });

  test('is the newest of an empty conversation, and the list shows it', async () => {
    const harness = await arrived(textEntry(1));
    await harness.history([], '0');
    expect(contents(harness)).toEqual(['1 text 1']);
    expect(harness.store.reader.conversation(KEY)).toMatchObject({ content: 'text 1', listed: true });
  });

  test('waits while only a page of another request, or not everything since it was sent, has come', async () => {
    const harness = await arrived(textEntry(1, '40'));
    await harness.history([ours(10, 'old')], '10', false);
    await harness.history([ours(10, 'old')], '0', false);
    await harness.history([chat({ id: 60 }), chat({ id: 50 })], '50');
    expect(sentEvents(harness)).toEqual([]);
    expect(rows(harness)).toEqual(['1 unnumbered']);
    expect(harness.searched).toEqual([`${PEER} 0`, `${PEER} 50`]);
  });

  test('does not wait for ever when the history never gets there', async () => {
    const harness = await arrived(textEntry(1, '1'));
    for (let id = 9000; rows(harness).length > 0; id -= 50) await harness.history([chat({ id })], String(id));
    expect(harness.searched).toHaveLength(20);
    expect(contents(harness)[0]).toBe('2 text 1');
  });

  test('is looked for again when it arrived after its search had begun', async () => {
    const harness = await createOutbox();
    await harness.put(textEntry(1), textEntry(2));
    harness.outbox.offline();
    harness.outbox.online();
    await harness.answer(1, duplicated);
    await harness.answer(2, duplicated);
    await harness.history([], '0');
    expect(sentEvents(harness)).toEqual(['sent 1']);
    expect(harness.searched).toEqual([`${PEER} 0`, `${PEER} 0`]);
    await harness.history([ours(50, 'text 2')], '0');
    expect(sentEvents(harness)).toEqual(['sent 1', 'sent 2 as 50']);
  });
});

test('a row that may have left under another guid is sent when the history does not show it, and only then', async () => {
  const first = await createOutbox();
  await first.text(1, 2);
  await first.store.update((tx) => {
    for (const row of first.store.reader.outbox()) tx.putOutbox(afterRename(row));
  });
  const harness = await createOutbox({ provider: first.provider });
  expect(harness.searched).toEqual([`${PEER} 0`]);
  expect(harness.sent).toEqual([]);
  await harness.history([ours(50, 'text 2', 3)], '0');
  expect(sentEvents(harness)).toEqual(['sent 2 as 50']);
  expect(harness.sent).toEqual(['1']);
});

test('a search emits messages that this device missed since the send, and none that are older', async () => {
  const harness = await arrived(textEntry(1, '40'));
  await harness.history([chat({ id: 30 }), ours(42), chat({ id: 50 })], '30');
  expect(emitted(harness.events).filter((word) => word.startsWith('message'))).toEqual([
    `message ${KEY} 50 history`,
    `message ${KEY} 42`,
  ]);
});
