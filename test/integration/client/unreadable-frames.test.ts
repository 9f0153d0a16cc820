import { describe, expect, test } from 'vitest';
import { encodeFrame, MessageBodyType, MetaNameSpace } from 'flooim/wire';
import type { Meta } from 'flooim/wire';
import { startWorld } from '../../support/client-world.ts';
import { expectInOrder } from './message-order.ts';

describe('unreadable input does not stop the rest', () => {
  const frames: [string, Uint8Array, string][] = [
    ['garbage', Uint8Array.of(0xff, 0xff, 0xff), 'ServerResponseInvalid'],
    [
      'a truncated frame',
      encodeFrame({ command: 1, payload: { metas: [], next_key: '5' } }, 'down').subarray(0, -1),
      'ServerResponseInvalid',
    ],
    ['an unknown command', Uint8Array.of(0x18, 9), 'ServerResponseInvalid'],
    ['a payload that cannot be decoded', Uint8Array.of(0x18, 1, 0x22, 2, 0x12, 0x7f), 'ServerResponseInvalid'],
    ['bytes that are not zlib', Uint8Array.of(0x10, 1, 0x18, 1, 0x22, 2, 1, 2), 'ServerResponseInvalid'],
    ['an encrypted frame', Uint8Array.of(0x18, 1, 0x28, 1, 0x22, 1, 0), 'ServerEncryptMethodUnsupported'],
  ];
  test.each(['raw', 'socket.io'] as const)('frames over %s', async (transport) => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice', { transport }), await world.member('bob')];
    for (const [what, bytes, reason] of frames) {
      expect(world.server.admin.sendBytes({ uid: alice.id, bytes }), what).toBe(1);
      const error = await alice.events.next('flooError');
      expect([what, error.category, error.error.reason]).toEqual([what, reason, reason]);
    }
    // Empty bytes are a frame: UNREAD without a payload.
    world.server.admin.sendBytes({ uid: alice.id, bytes: new Uint8Array(0) });
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'still here' });
    expect(await alice.events.next('onRosterMessage')).toMatchObject({ content: 'still here' });
    expect(alice.events.all('flooError')).toHaveLength(frames.length);
    expect(alice.events.all('reconnect')).toEqual([]);
  });

  test('an item of a page', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const item = (id: number, content: string): Meta => ({
      id: String(id),
      from: { uid: bob.uid },
      to: { uid: alice.uid },
      ns: MetaNameSpace.MESSAGE,
      timestamp: '1700000000000',
      payload: { type: MessageBodyType.CHAT, content },
    });
    const bad = { ...item(2, ''), payload: Uint8Array.of(0x22, 0x7f) } as unknown as Meta;
    const page = { xid: { uid: bob.uid }, metas: [item(1, 'one'), bad, item(3, 'three')], next_key: '0' };
    world.server.admin.sendBytes({ uid: alice.id, bytes: encodeFrame({ command: 1, payload: page }, 'down') });
    expect(await alice.events.next('flooError')).toMatchObject({
      category: 'ServerResponseInvalid',
      error: { details: { id: '2', ns: 1 } },
    });
    expectInOrder(await alice.events.count('onRosterMessage', 2), ['one', 'three']);
  });

  test('items of unknown kinds, and items with missing parts', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const head = { from: { uid: bob.uid }, to: { uid: alice.uid }, timestamp: '1700000000000' };
    const metas = [
      { ...head, id: '11', ns: 99, payload: Uint8Array.of(1) },
      { ...head, id: '12', ns: MetaNameSpace.MESSAGE },
      { ...head, id: '13', ns: MetaNameSpace.MESSAGE, payload: { type: 9, content: 'what' } },
      { ...head, id: '14', ns: MetaNameSpace.MESSAGE, payload: { type: MessageBodyType.OPER } },
      {
        ...head,
        id: '15',
        ns: MetaNameSpace.MESSAGE,
        payload: { type: MessageBodyType.OPER, operation: { type: 77, mid: '1' } },
      },
      { ...head, id: '16', ns: MetaNameSpace.GROUP_NOTICE },
      { ...head, id: '17', ns: MetaNameSpace.GROUP_NOTICE, payload: {} },
      { ...head, id: '18', ns: MetaNameSpace.ROSTER_NOTICE, payload: { type: 1 } },
      { ...head, id: '19', ns: MetaNameSpace.USER_NOTICE, payload: { type: 77 } },
      { ...head, id: '20', ns: MetaNameSpace.CONVERSATION, payload: {} },
      { ...head, id: '21', ns: MetaNameSpace.RTC_SIGNAL, payload: {} },
      { ...head, id: '22', ns: MetaNameSpace.INFO, payload: {} },
      {
        ...head,
        id: '23',
        ns: MetaNameSpace.MESSAGE,
        payload: {
          type: MessageBodyType.CHAT,
          ctype: 42,
          content: 'new kind',
          config: '{"__proto__":{"polluted":1}}',
          attachment: 'no json',
        },
      },
      { id: '24', ns: MetaNameSpace.MESSAGE, payload: { type: MessageBodyType.CHAT, content: 'from the system' } },
      { ...head, id: '25', ns: MetaNameSpace.MESSAGE, payload: { type: MessageBodyType.CHAT, content: 'last' } },
    ] as unknown as Meta[];
    const page = { xid: { uid: bob.uid }, metas, next_key: '0' };
    world.server.admin.sendBytes({ uid: alice.id, bytes: encodeFrame({ command: 1, payload: page }, 'down') });
    await alice.events.next('onRosterMessage', ({ content }) => content === 'last');
    expect(alice.events.all('onRosterMessage').map(({ content, type }) => [content, type])).toContainEqual([
      'new kind',
      undefined,
    ]);
    expect(alice.events.all('onRosterMessage')).toContainEqual(
      expect.objectContaining({ content: 'from the system', from: '0' }),
    );
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(alice.events.all('flooError')).toEqual([]);
    expect(alice.client.isLogin()).toBe(true);
  });
});
