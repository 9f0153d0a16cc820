import Long from 'long';
import { describe, expect, test } from 'vitest';
import type { PreparedMessage } from '../../../src/sync/outgoing.ts';
import { messageEntry, sendFrame } from '../../../src/sync/outgoing.ts';
import { decodeFrame, encodeFrame } from '../../../src/wire/index.ts';
import type { SyncUp, IMessageBody } from '../../../src/wire/index.ts';
import { wrongly } from '../../support/fakes.ts';
import { GROUP, PEER, SELF } from '../sync/harness.ts';
import { createManagers, refusal } from './managers-harness.ts';

describe('sending', () => {
  test('passes a message on with its JSON as text, and returns its client id as a number', async () => {
    const { sys, calls } = await createManagers();
    const mid = sys.sendRosterMessage({
      uid: PEER,
      content: 'hi',
      type: 'image',
      ext: { a: 1 },
      config: '{"b":2}',
      attachment: { url: 'u' },
    });
    expect(mid).toBe(1700000000000);
    expect(calls).toEqual([
      [
        'send',
        `r${PEER}`,
        { content: 'hi', type: 'image', ext: '{"a":1}', config: '{"b":2}', attachment: '{"url":"u"}' },
      ],
    ]);
  });

  test('text is the default, and has no attachment', async () => {
    const { sys, calls } = await createManagers();
    sys.sendGroupMessage({ gid: GROUP, content: 'hi', attachment: { url: 'u' } });
    expect(calls).toEqual([['send', `g${GROUP}`, { content: 'hi', type: 'text' }]]);
  });

  test.each([[PEER], [Number(PEER)], [Long.fromString(PEER)], [` 0${PEER} `]])('takes the id %o', async (uid) => {
    const { sys, calls } = await createManagers();
    sys.sendRosterMessage({ uid });
    expect(calls[0]![1]).toBe(`r${PEER}`);
  });

  test.each([undefined, null, '', 'abc', -1, 1.5, {}, '18446744073709551616'])(
    'refuses %o as an id, and sends nothing',
    async (id) => {
      const { sys, calls } = await createManagers();
      const uid = id as string;
      expect(refusal(() => sys.sendRosterMessage({ uid }))).toBe('InvalidParam');
      expect(refusal(() => sys.sendGroupMessage({ gid: uid }))).toBe('InvalidParam');
      expect(refusal(() => sys.sendInputStatusMessage(uid, 'typing'))).toBe('InvalidParam');
      expect(refusal(() => sys.requireHistoryMessage(uid, 0, 20))).toBe('InvalidParam');
      expect(calls).toEqual([]);
    },
  );

  test('refuses an unknown type, and a value that is not JSON', async () => {
    const { sys, calls } = await createManagers();
    expect(refusal(() => sys.sendRosterMessage({ uid: PEER, type: 'poem' as 'text' }))).toBe('InvalidParam');
    expect(refusal(() => sys.sendRosterMessage({ uid: PEER, ext: { n: 1n } }))).toBe('InvalidParam');
    expect(calls).toEqual([]);
  });

  test('null as content means empty content', async () => {
    const { sys, calls } = await createManagers();
    sys.sendRosterMessage({ uid: PEER, content: wrongly(null) });
    expect((calls[0]![2] as PreparedMessage).content).toBe('');
  });

  test.each([0, 1, 3, -1, 1.5, 2 ** 32, Infinity, NaN, '5', 'high', null])(
    'any priority makes a frame that can be sent: %o',
    async (priority) => {
      const { sys, calls } = await createManagers();
      sys.sendGroupMessage({ gid: GROUP, priority: priority as number });
      const draft = calls[0]![2] as PreparedMessage;
      const { meta } = messageEntry('1', `g${GROUP}`, draft, SELF, 1, '0');
      const frame = sendFrame('1', meta, { uid: SELF, deviceSN: 1 });
      const sent = (decodeFrame(encodeFrame(frame, 'up'), 'up').payload as SyncUp).meta!.payload as IMessageBody;
      expect(sent.priority).toBe(priority === 1 || priority === 3 ? priority : (sent.priority ?? 0));
      expect(sent.type).toBe(3);
    },
  );

  test('typing and history requests are passed on', async () => {
    const { sys, calls } = await createManagers();
    expect(sys.sendInputStatusMessage(PEER, 'nothing')).toBe(1700000000001);
    sys.requireHistoryMessage(GROUP, '9007199254740993', 20);
    expect(calls).toEqual([
      ['sendTyping', PEER, 'nothing'],
      ['requestHistory', GROUP, '9007199254740993', 20],
    ]);
  });

  test.each<[unknown, number]>([
    [1, 1],
    [500, 500],
    [501, 500],
    [0, 1],
    [-5, 1],
    [2.9, 2],
    ['30', 30],
    [undefined, 1],
    [Infinity, 500],
  ])('%o messages of history are %i', async (amount, count) => {
    const { sys, calls } = await createManagers();
    sys.requireHistoryMessage(PEER, 0, amount as number);
    expect(calls[0]![3]).toBe(count);
  });
});

describe('sending to groups', () => {
  const receipts = async (
    draft: Parameters<Awaited<ReturnType<typeof createManagers>>['sys']['sendGroupMessage']>[0],
  ) => {
    const { sys, calls, store } = await createManagers({ members: [{ user_id: Number(SELF) }, { user_id: 5 }] });
    await store.update((change) => change.putGroupInfos([{ group_id: Number(GROUP), read_ack: true }]));
    sys.sendGroupMessage(draft);
    return (calls[0]![2] as PreparedMessage).config;
  };

  test('with a request for receipts names the members, beside the fields of the app', async () => {
    expect(await receipts({ gid: GROUP })).toBe('{"groupMemberList":[5]}');
    expect(await receipts({ gid: GROUP, config: { a: 1 } })).toBe('{"groupMemberList":[5],"a":1}');
    expect(await receipts({ gid: GROUP, config: '{"a":1}' })).toBe('{"groupMemberList":[5],"a":1}');
    expect(await receipts({ gid: GROUP, config: 'no JSON' })).toBe('no JSON');
  });

  test('without a request for receipts names no members', async () => {
    const { sys, calls } = await createManagers({ members: [{ user_id: 5 }] });
    sys.sendGroupMessage({ gid: GROUP });
    expect(calls[0]![2]).toEqual({ content: '', type: 'text' });
  });

  test('a mention is a text message with the mention in its config', async () => {
    const { sys, calls } = await createManagers();
    sys.sendMentionMessage({ gid: GROUP, txt: '@all hi', mentionAll: true, mentionList: [], senderNickname: 'me' });
    expect(calls).toEqual([
      [
        'send',
        `g${GROUP}`,
        { content: '@all hi', type: 'text', config: '{"mentionAll":true,"mentionList":[],"senderNickname":"me"}' },
      ],
    ]);
  });
});

describe('forwarding', () => {
  const image = Object.freeze({
    content: '',
    type: 'image' as const,
    attach: { url: 'https://r/f?file_sign=a%2Bb', w: 1 },
  });

  test('carries over content, type and attachment, with a URL for the new reader', async () => {
    const { sys, calls } = await createManagers({ data: 'https://r/new' });
    expect(await sys.forwardMessage({ uid: PEER, message: image })).toBe(1700000000000);
    await sys.forwardMessage({ gid: GROUP, message: image });
    const draft = { content: '', type: 'image', attachment: '{"url":"https://r/new","w":1}' };
    expect(calls).toEqual([
      ['/file/upload/forward', { to_id: PEER, to_type: 1, file_sign: 'a+b' }],
      ['send', `r${PEER}`, draft],
      ['/file/upload/forward', { to_id: GROUP, to_type: 2, file_sign: 'a+b' }],
      ['send', `g${GROUP}`, draft],
    ]);
    expect(image.attach).toEqual({ url: 'https://r/f?file_sign=a%2Bb', w: 1 });
  });

  test('of text, or of a file on another server, sends no request', async () => {
    const { sys, calls } = await createManagers();
    await sys.forwardMessage({ uid: PEER, message: { content: 'hi', type: 'text' } });
    await sys.forwardMessage({ uid: PEER, message: { ...image, attach: { url: 'https://else/x.png' } } });
    expect(calls.map(([name]) => name)).toEqual(['send', 'send']);
  });

  test('that fails rejects, but not as an unhandled rejection', async () => {
    const { sys } = await createManagers();
    void sys.forwardMessage({ message: image });
    await expect(sys.forwardMessage({ message: image })).rejects.toMatchObject({ reason: 'InvalidParam' });
  });
});
