import { expect, test } from 'vitest';
import {
  ConversationOperationType,
  FrameCommand,
  MessageBodyDeliveryStatus,
  MessageBodyType,
  MessageOperationType,
  MetaNameSpace,
  StatusErrorCode,
  encodeFrame,
} from 'flooim/wire';
import type { IMessageBody, Meta, SyncDown } from 'flooim/wire';
import { startRoom } from './harness.ts';

const { OPER } = MessageBodyType;

const contents = (metas: readonly Meta[] = []): (string | undefined)[] =>
  metas.map(({ payload }) => (payload as IMessageBody).content);
const bodies = (page: SyncDown): IMessageBody[] => (page.metas ?? []).map(({ payload }) => payload as IMessageBody);

test('a message is acknowledged and reaches every device of both sides but the sending one', async () => {
  const { user } = await startRoom();
  const [alice, bob] = [await user('alice'), await user('bob')];
  const [a1, b1, b2] = [await alice.device('a1'), await bob.device('b1'), await bob.device('b2', 'socket.io')];
  const a2 = await alice.device('a2', 'socket.io');
  const ack = await a1.text(bob.id, 'hello');
  expect(ack).toMatchObject({ status: { code: StatusErrorCode.OK }, client_mid: '1', xid: { uid: String(bob.id) } });
  expect(BigInt(ack.server_mid!)).toBeGreaterThan(2n ** 53n);
  for (const [device, peer] of [
    [b1, alice.id],
    [b2, alice.id],
    [a2, bob.id],
  ] as const) {
    await device.nextNotice(peer);
    const page = await device.sync(peer);
    expect(page.metas).toMatchObject([
      {
        id: ack.server_mid,
        from: { uid: String(alice.id), deviceSN: 1 },
        to: { uid: String(bob.id) },
        payload: { content: 'hello', type: 2 },
      },
    ]);
  }
  expect(await a1.unread()).toMatchObject({ [bob.id]: 0 });
});

test('a client mid is accepted once for each device', async () => {
  const { user } = await startRoom();
  const [alice, bob] = [await user('alice'), await user('bob')];
  const a1 = await alice.device('a1');
  const body = { type: MessageBodyType.CHAT, content: 'once' };
  await a1.send(bob.id, body, '77');
  a1.close();
  const again = await alice.device('a1');
  const refused = await again.send(bob.id, body, '77');
  expect(refused).toMatchObject({
    status: { code: StatusErrorCode.FAIL, reason: 'client msg id duplicated' },
    client_mid: '77',
  });
  expect(refused.server_mid).toBe('0');
  const other = await alice.device('a2');
  expect((await other.send(bob.id, body, '77')).status?.code).toBe(StatusErrorCode.OK);
  expect((await other.history(bob.id, '0', 10)).metas).toHaveLength(2);
});

test('a key acknowledges everything before it, for that device only', async () => {
  const { user } = await startRoom({ pageSize: 2 });
  const [alice, bob] = [await user('alice'), await user('bob')];
  const [a, b1, b2] = [await alice.device(), await bob.device('b1'), await bob.device('b2')];
  for (const content of ['1', '2', '3']) await a.text(bob.id, content);
  expect(await b1.unread()).toMatchObject({ [alice.id]: 3 });
  const first = await b1.sync(alice.id);
  expect(contents(first.metas)).toEqual(['1', '2']);
  expect(BigInt(first.next_key!)).toBeGreaterThan(BigInt(first.metas![1]!.id!));
  expect(contents((await b1.sync(alice.id)).metas)).toEqual(['1', '2']);
  const second = await b1.sync(alice.id, first.next_key);
  expect(contents(second.metas)).toEqual(['3']);
  expect(second.prev_mid).toBe(first.metas![1]!.id);
  expect(await b1.sync(alice.id, second.next_key)).toMatchObject({ next_key: '0' });
  expect(await b1.unread()).toMatchObject({ [alice.id]: 0 });
  expect(await b2.unread()).toMatchObject({ [alice.id]: 3 });
  const late = await bob.device('b3');
  expect(contents(await late.syncAll(alice.id))).toEqual(['1', '2', '3']);
});

test('history is paged from the newest and does not change keys', async () => {
  const { user } = await startRoom();
  const [alice, bob] = [await user('alice'), await user('bob')];
  const [a, b] = [await alice.device(), await bob.device()];
  for (const content of ['1', '2', '3', '4', '5']) await a.text(bob.id, content);
  const newest = await b.history(alice.id, '0', 2);
  expect(contents(newest.metas)).toEqual(['5', '4']);
  expect(newest.next_key).toBe(newest.metas![1]!.id);
  const middle = await b.history(alice.id, newest.next_key!, 2);
  expect(contents(middle.metas)).toEqual(['3', '2']);
  const oldest = await b.history(alice.id, middle.next_key!, 2);
  expect(contents(oldest.metas)).toEqual(['1']);
  expect(oldest.next_key).toBe('0');
  expect(await b.unread()).toMatchObject({ [alice.id]: 5 });
});

test('typing reaches online devices and is not stored', async () => {
  const { user } = await startRoom();
  const [alice, bob] = [await user('alice'), await user('bob')];
  const [a, b] = [await alice.device(), await bob.device()];
  const ack = await a.send(bob.id, { type: 2, content: '', qos: 1, ext: '{"input_status":"typing"}' });
  expect(ack.status?.code).toBe(StatusErrorCode.OK);
  const page = await b.nextSync(({ is_eager_sync }) => is_eager_sync === true);
  expect(page).toMatchObject({
    xid: { uid: String(alice.id) },
    next_key: '0',
    metas: [{ payload: { ext: '{"input_status":"typing"}' } }],
  });
  expect(await b.unread()).toEqual({});
  expect((await b.history(alice.id, '0', 5)).metas).toEqual([]);
});

test('groups accept messages only from members who are not banned', async () => {
  const { user } = await startRoom();
  const [alice, bob, carol] = [await user('alice'), await user('bob'), await user('carol')];
  const { group_id } = (await alice.post('/group/create', { name: 'g', user_list: [bob.id] })).data;
  const [a, b, c] = [await alice.device(), await bob.device(), await carol.device()];
  expect(await c.text(group_id, 'x', 3)).toMatchObject({
    status: { code: StatusErrorCode.FAIL, reason: 'not a group member' },
  });
  expect(await a.text(group_id, 'x', 2)).toMatchObject({ status: { code: StatusErrorCode.INVALID_PARAMETER } });
  await b.text(group_id, 'hi all', 3);
  await a.nextNotice(group_id);
  expect(contents(await a.syncAll(group_id))).toEqual(['hi all']);
  await alice.post('/group/ban', { group_id, user_list: [bob.id], duration: -1 });
  expect(await b.text(group_id, 'x', 3)).toMatchObject({ status: { code: StatusErrorCode.USER_BANNED } });
  await alice.post('/group/unban', { group_id, user_list: [bob.id] });
  await alice.post('/group/settings/ban_all', { group_id, duration: 5 });
  expect(await b.text(group_id, 'x', 3)).toMatchObject({ status: { code: StatusErrorCode.USER_BANNED } });
  expect(await a.text(group_id, 'y', 3)).toMatchObject({ status: { code: StatusErrorCode.OK } });
});

test('refusals name their reason: blocked, unknown receiver, rtc, foreign sender', async () => {
  const { user } = await startRoom();
  const [alice, bob] = [await user('alice'), await user('bob')];
  const a = await alice.device();
  await bob.post('/roster/block', {}, { user_id: alice.id });
  expect((await a.text(bob.id, 'x')).status).toMatchObject({
    code: StatusErrorCode.FAIL,
    reason: 'blocked by the receiver',
  });
  expect((await a.text(16, 'x')).status).toMatchObject({ code: StatusErrorCode.FAIL, reason: 'user does not exist' });
  const rtc = await a.sendMeta({
    id: '900',
    to: {},
    ns: MetaNameSpace.RTC_SIGNAL,
    payload: { type: 1, content: '{}' },
  });
  expect(rtc.status).toMatchObject({ code: StatusErrorCode.FAIL, reason: 'rtc not open' });
  const forged = await a.sendMeta({
    id: '901',
    from: { uid: String(bob.id) },
    to: { uid: String(bob.id) },
    ns: 1,
    payload: { type: 2 },
  });
  expect(forged.status?.code).toBe(StatusErrorCode.INVALID_PARAMETER);
});

test('operations reach the peer and change history', async () => {
  const { user } = await startRoom();
  const [alice, bob] = [await user('alice'), await user('bob')];
  const [a, b] = [await alice.device(), await bob.device()];
  const sent = [await a.text(bob.id, 'one'), await a.text(bob.id, 'two'), await a.text(bob.id, 'three')].map(
    (ack) => ack.server_mid!,
  );
  const operate = (type: number, mid: string, rest: IMessageBody = {}): IMessageBody => ({
    type: OPER,
    ctype: 6,
    operation: { type, mid, xid: { uid: String(bob.id) } },
    ...rest,
  });

  await b.send(alice.id, operate(MessageOperationType.READ_ACK, sent[0]!));
  expect((await a.syncAll(bob.id)).at(-1)?.payload).toMatchObject({
    operation: { type: MessageOperationType.READ_ACK, mid: sent[0] },
  });
  await a.send(bob.id, operate(MessageOperationType.RECALL, sent[1]!));
  const edit = await a.send(
    bob.id,
    operate(MessageOperationType.APPEND, sent[2]!, {
      content: '!',
      ctype: 0,
      ext: '{"a":{"b":1},"__proto__":{"x":1}}',
    }),
  );
  expect(edit.edit_timestamp).toBe(edit.server_time);
  await a.send(bob.id, operate(MessageOperationType.REPLACE, sent[2]!, { ctype: 0, ext: '{"a":{"c":2}}' }));

  const page = await a.history(bob.id, '0', 10);
  expect(bodies(page)).toMatchObject([
    { content: 'three!', ext: '{"a":{"b":1,"c":2}}' },
    { content: 'one', status: MessageBodyDeliveryStatus.READ },
  ]);
  expect(Number(bodies(page)[0]!.edit_timestamp)).toBeGreaterThanOrEqual(Number(edit.edit_timestamp));
  const refused = await b.send(alice.id, operate(MessageOperationType.RECALL, sent[0]!));
  expect(refused.status?.code).toBe(StatusErrorCode.FAIL);
  // The peer got the messages as they were sent, and then what was done to them.
  expect(contents(await b.syncAll(alice.id))).toEqual(['one', 'two', 'three', '', '!', '']);
});

test('an operation to oneself reaches the other devices in the named conversation', async () => {
  const { user } = await startRoom();
  const [alice, bob] = [await user('alice'), await user('bob')];
  const [a, b1, b2] = [await alice.device(), await bob.device('b1'), await bob.device('b2')];
  const { server_mid: mid } = await a.text(bob.id, 'read me');
  await b2.syncAll(alice.id);
  const own = (type: number): IMessageBody => ({
    type: OPER,
    ctype: 6,
    operation: { type, mid: mid!, xid: { uid: String(alice.id) } },
  });
  await b1.send(bob.id, own(MessageOperationType.READ_ALL));
  await b2.nextNotice(alice.id);
  expect((await b2.syncAll(alice.id))[0]?.payload).toMatchObject({
    operation: { type: MessageOperationType.READ_ALL, mid },
  });
  expect(bodies(await b2.history(alice.id, '0', 1))[0]?.status).toBe(MessageBodyDeliveryStatus.READ);
  expect(bodies(await a.history(bob.id, '0', 1))[0]?.status).toBe(MessageBodyDeliveryStatus.UNREAD);
  await b1.send(bob.id, own(MessageOperationType.DELETE));
  expect((await b2.history(alice.id, '0', 1)).metas).toEqual([]);
  expect((await a.history(bob.id, '0', 1)).metas).toHaveLength(1);
});

test('a conversation is deleted on one device, or everywhere', async () => {
  const { user } = await startRoom();
  const [alice, bob] = [await user('alice'), await user('bob')];
  const [a, b1, b2] = [await alice.device(), await bob.device('b1'), await bob.device('b2')];
  await a.text(bob.id, 'hello');
  for (const device of [b1, b2]) await device.syncAll(alice.id);
  const remove = (id: string, type: number): Meta => ({
    id,
    ns: MetaNameSpace.CONVERSATION,
    payload: { type: 1, operation: { type, xid: { uid: String(alice.id) } } },
  });
  expect((await b1.sendMeta(remove('50', ConversationOperationType.DELETE))).status?.code).toBe(StatusErrorCode.OK);
  expect(await b1.unread()).not.toHaveProperty(String(alice.id));
  expect(await b2.unread()).toMatchObject({ [alice.id]: 0 });
  await b1.sendMeta(remove('51', ConversationOperationType.DELETE_EVERYWHERE));
  await b2.nextNotice(alice.id);
  expect(await b2.syncAll(alice.id)).toMatchObject([
    { ns: MetaNameSpace.CONVERSATION, payload: { operation: { type: 2 } } },
  ]);
  expect(await b2.unread()).not.toHaveProperty(String(alice.id));
  expect((await b2.history(alice.id, '0', 5)).metas).toEqual([]);
});

test('invalid bytes and unknown commands are answered and do not end the connection', async () => {
  const { user } = await startRoom();
  const a = await (await user('alice')).device();
  a.sendBytes(Uint8Array.of(0xff, 0xff, 0xff));
  expect((await a.nextSync()).status?.code).toBe(StatusErrorCode.PB_PARSER_ERROR);
  a.sendBytes(Uint8Array.of(0x18, 0x09));
  expect((await a.nextSync()).status?.code).toBe(StatusErrorCode.UNKNOWN_COMMAND);
  expect(await a.unread()).toEqual({});
});

test('a compressed request gets a compressed answer, and big pages are compressed on demand', async () => {
  const { user } = await startRoom({ compressPagesOver: 300 });
  const [alice, bob] = [await user('alice'), await user('bob')];
  const [a, b] = [await alice.device(), await bob.device()];
  b.sendBytes(encodeFrame({ command: FrameCommand.UNREAD, compress_method: 1, payload: {} }, 'up'));
  expect((await b.next()).compress_method).toBe(1);
  await a.text(bob.id, 'x'.repeat(1000));
  b.sendFrame({ command: FrameCommand.SYNC, payload: { xid: { uid: String(alice.id) } } });
  expect((await b.next(({ command }) => command === FrameCommand.SYNC)).compress_method).toBe(1);
});

test.each([
  ['APPEND', 'config', MessageOperationType.APPEND],
  ['APPEND', 'ext', MessageOperationType.APPEND],
  ['REPLACE', 'config', MessageOperationType.REPLACE],
  ['REPLACE', 'ext', MessageOperationType.REPLACE],
] as const)('D12: %s with a %s that nests 5,000 deep is refused, and the server goes on', async (_, field, type) => {
  const { user } = await startRoom();
  const [alice, bob] = [await user('alice'), await user('bob')];
  const [a, b] = [await alice.device(), await bob.device()];
  const deep = '{"a":'.repeat(5000) + '1' + '}'.repeat(5000);
  const first = await a.send(bob.id, { type: MessageBodyType.CHAT, content: 'x', config: deep, ext: deep });
  expect(first.status?.code).toBe(StatusErrorCode.OK);
  const operation = { type, mid: first.server_mid!, xid: { uid: String(bob.id) } };
  for (const value of [deep, '['.repeat(100_000)]) {
    const answer = await a.send(bob.id, { type: OPER, operation, [field]: value });
    expect(answer.status?.code).toBe(StatusErrorCode.INVALID_PARAMETER);
  }
  // The stored one nests too deep to be merged with, so the new one replaces it.
  const edit = await a.send(bob.id, { type: OPER, operation, [field]: '{"b":1}' });
  expect(edit.status?.code).toBe(StatusErrorCode.OK);
  expect(bodies(await b.history(alice.id, '0', 1))[0]![field]).toBe('{"b":1}');
});

test.each([false, true])(
  'D12: a request about an id that no user has is refused, and the server goes on; history: %s',
  async (isHistory) => {
    const { user } = await startRoom();
    const [alice, bob] = [await user('alice'), await user('bob')];
    const [a, b] = [await alice.device(), await bob.device()];
    for (const uid of ['18446744073709551615', '9007199254740993']) {
      a.sendFrame({ command: FrameCommand.SYNC, payload: { xid: { uid }, key: '0', is_full_sync: isHistory } });
      expect((await a.next(({ command }) => command === FrameCommand.SYNC)).payload).toMatchObject({
        ...{ xid: { uid }, status: { code: StatusErrorCode.INVALID_PARAMETER } },
      });
    }
    await a.text(bob.id, 'still here');
    expect(bodies(await b.history(alice.id, '0', 1))[0]!.content).toBe('still here');
  },
);
