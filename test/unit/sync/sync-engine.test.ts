import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Meta, SyncDown } from '../../../src/wire/index.ts';
import { createFailingProvider } from '../store/failing-store.ts';
import { create, KEY, page, text } from './engine-harness.ts';
import { chat, emitted, GROUP, overTheWire, PEER, SELF, TIME } from './harness.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the unread list', () => {
  test('syncs every conversation that has unread messages, and lists the others', async () => {
    const harness = await create();
    await harness.unread({
      unread: [
        { xid: { uid: PEER }, n: 3, type: 1 },
        { xid: { uid: '201' }, n: 0, type: 1 },
        { xid: { uid: GROUP }, n: 0, type: 2 },
        { xid: { uid: '0' }, n: 1, type: 0 },
      ],
    });
    expect(harness.words()).toEqual([`sync ${PEER}`, 'sync 0']);
    expect(
      harness.store.reader
        .conversations()
        .map(([key]) => key)
        .sort(),
    ).toEqual([`g${GROUP}`, 'r201'].concat(KEY).sort());
    expect(emitted(harness.events)).toEqual([`unread ${KEY}`, 'list']);
    expect(harness.heard).toEqual([]);
  });

  test('that is empty asks for nothing', async () => {
    const harness = await create();
    await harness.unread({});
    expect(harness.heard).toEqual([]);
    expect(harness.sent).toEqual([]);
  });

  test('that repeats with every heartbeat emits nothing new', async () => {
    const harness = await create();
    const list = { unread: [{ xid: { uid: '201' }, n: 0, type: 1 as const }] };
    await harness.unread(list);
    harness.events.length = 0;
    await harness.unread(list);
    expect(harness.events).toEqual([]);
  });

  test('that is an error emits a problem', async () => {
    const harness = await create();
    await harness.unread({ status: { code: 9, reason: 'you must login first' } });
    expect(emitted(harness.events)).toEqual(['problem InvalidToken']);
    expect(harness.heard).toEqual([]);
  });
});

describe('a page', () => {
  test('is stored, then emitted, then acknowledged; the last one ends the sync', async () => {
    const failing = createFailingProvider();
    const harness = await create({ provider: failing.provider });
    harness.notice(PEER);
    await harness.sync(page([chat({ id: 1 })], '77'));
    expect(failing.batches.length).toBe(1);
    expect(harness.words()).toEqual([`sync ${PEER}`, `sync ${PEER} key 77`]);
    expect(emitted(harness.events)).toContain(`message ${KEY} 1`);
    await harness.sync(page([chat({ id: 2 })]));
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is not acknowledged before it is stored', async () => {
    const harness = await create();
    harness.notice(PEER);
    harness.engine.handleFrame(overTheWire({ command: 1, payload: page([chat({ id: 1 })], '77') }));
    expect(harness.sent.length).toBe(1);
    expect(harness.events).toEqual([]);
    await harness.engine.settled();
    expect(harness.sent.length).toBe(2);
  });

  test('that cannot be stored is neither emitted nor acknowledged, and comes again', async () => {
    const failing = createFailingProvider();
    const harness = await create({ provider: failing.provider });
    harness.notice(PEER);
    failing.fail(true);
    await harness.sync(page([chat({ id: 1 })], '77'));
    expect(emitted(harness.events)).toEqual(['problem DbOperationFailed']);
    expect(harness.words()).toEqual([`sync ${PEER}`]);
    failing.fail(false);
    harness.notice(PEER);
    await harness.sync(page([chat({ id: 1 })], '77'));
    expect(harness.words().slice(1)).toEqual([`sync ${PEER}`, `sync ${PEER} key 77`]);
    expect(emitted(harness.events)).toContain(`message ${KEY} 1`);
  });

  test('that is refused emits a problem and ends its sync', async () => {
    const harness = await create();
    harness.notice(PEER);
    await harness.sync({ status: { code: 20, reason: 'slow down' }, xid: { uid: PEER } });
    expect(emitted(harness.events)).toEqual(['problem MessageRateLimitExceeded']);
    expect(harness.words()).toEqual([`sync ${PEER}`]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('stored after the engine was closed leaves nothing behind', async () => {
    const harness = await create();
    harness.notice(PEER);
    harness.engine.handleFrame(overTheWire({ command: 1, payload: page([chat({ id: 1 })], '77') }));
    harness.engine.close();
    await harness.settle();
    expect(harness.words()).toEqual([`sync ${PEER}`]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('pushed without being asked for is stored and acknowledged', async () => {
    const harness = await create();
    await harness.sync({ ...page([chat({ id: 5 })], '78'), is_eager_sync: true });
    expect(harness.words()).toEqual([`sync ${PEER} key 78`]);
    expect(emitted(harness.events)).toContain(`message ${KEY} 5`);
  });

  test('pushed over a gap waits until the conversation is synced', async () => {
    const harness = await create();
    await harness.sync({ ...page([chat({ id: 5 })]), is_eager_sync: true, prev_mid: '4' });
    expect(emitted(harness.events)).toEqual([]);
    expect(harness.words()).toEqual([`sync ${PEER}`]);
    await harness.sync(page([chat({ id: 4 }), chat({ id: 5 })], '79'));
    await harness.sync(page([]));
    expect(emitted(harness.events).filter((line) => line.startsWith('message'))).toEqual([
      `message ${KEY} 4`,
      `message ${KEY} 5`,
    ]);
  });
});

describe('a notice', () => {
  test('without a conversation concerns the system queue', async () => {
    const harness = await create();
    harness.notice();
    expect(harness.words()).toEqual(['sync 0']);
  });

  test('that is never answered makes the session leave its socket', async () => {
    const harness = await create();
    harness.notice(PEER);
    vi.advanceTimersByTime(20_000);
    expect(harness.heard).toEqual(['a sync was not answered']);
  });
});

describe('a message sent', () => {
  test('has an id at once, is stored before its first byte leaves, and is then emitted as sending', async () => {
    const failing = createFailingProvider();
    const harness = await create({ provider: failing.provider });
    const mid = harness.engine.commands.send(KEY, text());
    expect(mid).toBe(String(TIME * 1024));
    expect(harness.sent).toEqual([]);
    await harness.settle();
    expect(failing.batches[0]!.map((write) => 'key' in write && write.key)).toEqual([
      `conversations/${KEY.slice(-2)}`,
      `o/${mid.padStart(20, '0')}`,
      'x/last-mid',
    ]);
    expect(emitted(harness.events)).toEqual([`sending ${mid}`, 'list']);
    expect(harness.sent).toMatchObject([
      { meta: { id: mid, from: { uid: SELF, deviceSN: 12 }, to: { uid: PEER, deviceSN: 0 }, timestamp: String(TIME) } },
    ]);
  });

  test('answered is a message of the conversation', async () => {
    const harness = await create();
    const mid = harness.engine.commands.send(KEY, text());
    await harness.settle();
    await harness.sync({ client_mid: mid, server_mid: '90', status: { code: 1 } });
    expect(emitted(harness.events).slice(2)).toEqual([`message ${KEY} 90`, 'list', `sent ${mid} as 90`]);
  });

  test('that cannot be stored failed, and no byte of it leaves', async () => {
    const failing = createFailingProvider();
    const harness = await create({ provider: failing.provider });
    failing.fail(true);
    const mid = harness.engine.commands.send(KEY, text());
    await harness.settle();
    // It was visible until then: the list is read again.
    expect(emitted(harness.events)).toEqual([`sending ${mid}`, 'list', 'list', `failed ${mid} DbOperationFailed`]);
    expect(harness.sent).toEqual([]);
  });

  test('while offline waits, and goes out in order', async () => {
    const harness = await create({ online: false });
    for (const content of ['a', 'b', 'c']) harness.engine.commands.send(KEY, text(content));
    await harness.settle();
    expect(harness.sent).toEqual([]);
    harness.setOnline(true);
    await harness.settle();
    expect(harness.words()).toEqual(['a', 'b', 'c']);
  });

  test('in a later run has a higher id than all before, also when the clock was set back', async () => {
    const first = await create();
    const mids = Array.from({ length: 5 }, () => first.engine.commands.send(KEY, text()));
    await first.settle();
    first.engine.close();
    vi.setSystemTime(TIME - 1_000_000);
    const second = await create({ provider: first.provider });
    expect(BigInt(second.engine.commands.send(KEY, text()))).toBeGreaterThan(BigInt(mids[4]!));
  });
});

test('typing is sent once or not at all, and never stored', async () => {
  const harness = await create();
  harness.engine.sendTyping(PEER, 'typing');
  expect(harness.words()).toEqual(['typing']);
  harness.setOnline(false);
  harness.engine.sendTyping(PEER, 'typing');
  harness.setOnline(true);
  await harness.settle();
  expect(harness.words()).toEqual(['typing']);
  expect(harness.store.reader.outbox().length).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

describe('reading', () => {
  test('a conversation marks it at once, and sends a receipt for each message and one for the other devices', async () => {
    const harness = await create();
    await harness.apply([chat({ id: 1 }), chat({ id: 2, status: 2 }), chat({ id: 3 })]);
    await harness.engine.commands.markRead(KEY);
    expect(harness.store.reader.conversation(KEY)!.unread).toBe(0);
    expect(emitted(harness.events)).toEqual([`status ${KEY} 1`, `status ${KEY} 3`, `unread ${KEY}`]);
    expect(harness.words()).toEqual([`READ_ACK 1 to ${PEER}`, `READ_ACK 3 to ${PEER}`, `READ_ALL 3 to ${SELF}`]);
  });

  test('one message sends only its receipt', async () => {
    const harness = await create();
    await harness.apply([chat({ id: 1 }), chat({ id: 2 })]);
    await harness.engine.commands.markRead(KEY, '1');
    expect(harness.words()).toEqual([`READ_ACK 1 to ${PEER}`]);
    expect(harness.store.reader.conversation(KEY)!.unread).toBe(1);
  });

  test('a group sends receipts only for messages that request them, to their authors', async () => {
    const harness = await create();
    await harness.apply(
      [chat({ id: 1, to: GROUP }), chat({ id: 2, from: '201', to: GROUP, config: '{"groupMemberList":[100,201]}' })],
      { queue: GROUP },
    );
    await harness.engine.commands.markRead(`g${GROUP}`);
    expect(harness.words()).toEqual(['READ_ACK 2 to 201', `READ_ALL 2 to ${SELF}`]);
  });

  test('read messages again sends and emits nothing', async () => {
    const harness = await create();
    await harness.apply([chat({ id: 1 })]);
    await harness.engine.commands.markRead(KEY);
    harness.events.length = 0;
    const before = harness.sent.length;
    await harness.engine.commands.markRead(KEY);
    await harness.engine.commands.markRead(KEY, '1');
    await harness.engine.commands.markRead('r999');
    expect(harness.sent.length).toBe(before);
    expect(harness.events).toEqual([]);
  });

  test('that cannot be stored emits a problem and sends no receipt', async () => {
    const failing = createFailingProvider();
    const harness = await create({ provider: failing.provider });
    await harness.apply([chat({ id: 1 })]);
    failing.fail(true);
    await harness.engine.commands.markRead(KEY);
    // It was visible until then: apps read again.
    const readAgain = [`status ${KEY} 1`, `unread ${KEY}`];
    expect(emitted(harness.events)).toEqual([...readAgain, ...readAgain, 'problem DbOperationFailed']);
    expect(harness.sent).toEqual([]);
    expect(harness.store.reader.conversation(KEY)!.unread).toBe(1);
  });
});

describe('history', () => {
  const historyPage = (metas: Meta[], next_key: string): SyncDown => ({ ...page(metas, next_key), is_full_sync: true });

  test('is emitted message by message and then as a page with the start of the next one', async () => {
    const harness = await create();
    harness.engine.requestHistory(PEER, '0', 20);
    await harness.sync(historyPage([chat({ id: 9 }), chat({ id: 8 })], '8'));
    expect(emitted(harness.events)).toEqual([
      `message ${KEY} 8 history`,
      `message ${KEY} 9 history`,
      'list',
      `history ${PEER} next 8`,
    ]);
    expect(harness.words()).toEqual([`history ${PEER} 0`]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('ends with a page that names no next one, or is empty', async () => {
    const harness = await create();
    harness.engine.requestHistory(PEER, '8', 20);
    await harness.sync(historyPage([chat({ id: 7 })], '0'));
    harness.engine.requestHistory(PEER, '7', 20);
    await harness.sync(historyPage([], '6'));
    expect(emitted(harness.events).filter((line) => line.startsWith('history'))).toEqual([
      `history ${PEER} next 0`,
      `history ${PEER} next 0`,
    ]);
  });

  test('that is refused emits a problem, and the next request is sent', async () => {
    const harness = await create();
    harness.engine.requestHistory(PEER, '8', 20);
    harness.engine.requestHistory(PEER, '4', 20);
    await harness.sync({ status: { code: 2, reason: 'no' }, xid: { uid: PEER }, is_full_sync: true });
    expect(emitted(harness.events)).toEqual(['problem ServerFireplaceUnknownError']);
    expect(harness.words()).toEqual([`history ${PEER} 8`, `history ${PEER} 4`]);
  });

  test('is searched for the id of a message that had arrived, until it is found', async () => {
    const harness = await create();
    await harness.apply([chat({ id: 1 })]);
    const mid = harness.engine.commands.send(KEY, text('lost'));
    await harness.settle();
    harness.setOnline(false);
    harness.setOnline(true);
    await harness.sync({ client_mid: mid, status: { code: 2, reason: 'client msg id duplicated' } });
    await harness.sync(historyPage([chat({ id: 9 }), chat({ id: 8 })], '8'));
    const lost = chat({ id: 7, from: SELF, to: PEER, content: 'lost' });
    await harness.sync(historyPage([{ ...lost, from: { uid: SELF, deviceSN: 12 } }], '7'));
    expect(harness.words().slice(2)).toEqual([`history ${PEER} 0`, `history ${PEER} 8`]);
    expect(emitted(harness.events)).toContain(`sent ${mid} as 7`);
    expect(harness.store.reader.outbox().length).toBe(0);
    expect(emitted(harness.events).some((line) => line.startsWith('history'))).toBe(false);
  });
});

test('closing in the middle of everything leaves nothing pending', async () => {
  const harness = await create();
  harness.notice(PEER);
  harness.engine.requestHistory(PEER, '0', 20);
  harness.engine.commands.send(KEY, text());
  await harness.settle();
  expect(vi.getTimerCount()).toBe(3);
  harness.engine.close();
  expect(vi.getTimerCount()).toBe(0);
  const sent = harness.sent.length;
  await harness.sync(page([chat({ id: 1 })], '5'));
  harness.notice('201');
  vi.advanceTimersByTime(600_000);
  expect(harness.sent.length).toBe(sent);
  expect(harness.heard).toEqual([]);
});
