import { randomBytes } from 'node:crypto';
import { createGzip } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { encodeFrame, FrameCommand, MetaNameSpace, UserNoticeType } from 'flooim/wire';
import { startWorld } from '../../support/client-world.ts';
import { startRestFront } from '../../support/rest-front.ts';

const json = (response: ServerResponse, answer: unknown): true => {
  response.end(JSON.stringify(answer));
  return true;
};

describe('answers of a REST host', () => {
  test.each(['plain', 'packed'])('that never end are given up, and the next call works: %s', async (how) => {
    const world = await startWorld();
    const front = await startRestFront(world);
    const alice = await world.member('alice', { ...front.options, requestTimeoutMs: 20_000 });
    let sent = 0;
    front.answer = ({ url }, response) => {
      if (!url.startsWith('/user/profile')) return false;
      if (how === 'packed') response.setHeader('content-encoding', 'gzip');
      const body = how === 'packed' ? createGzip({ level: 1 }) : response;
      if (body !== response) body.pipe(response);
      // Packed to a tenth: much more, and the whole of it fits into the buffers of sockets before the client has read anything.
      const part = randomBytes(100_000).toString('base64') + ' '.repeat(900_000);
      const more = (): void => {
        if (response.destroyed || sent > 400) return;
        sent++;
        if (body.write(part)) setImmediate(more);
        else body.once('drain', more);
      };
      more();
      return true;
    };
    await expect(alice.client.userManage.asyncGetProfile()).rejects.toMatchObject({ reason: 'ServerResponseInvalid' });
    expect(sent).toBeLessThan(400);
    front.answer = () => false;
    expect(await alice.client.userManage.asyncGetProfile()).toMatchObject({ username: 'alice' });
  });

  test.each<[string, (page: number) => object]>([
    ['cursors that go round', (page) => ({ data: [page], cursor: String(page % 3) })],
    ['empty pages', (page) => ({ data: [], cursor: `c${page}` })],
    ['pages of many items', (page) => ({ data: Array<number>(50_000).fill(page), cursor: `c${page}` })],
  ])('a list that never ends is left: %s', async (_, answer) => {
    const world = await startWorld();
    const front = await startRestFront(world);
    const alice = await world.member('alice', front.options);
    let asked = 0;
    front.answer = ({ url }, response) =>
      url.startsWith('/roster/blocked_list') && json(response, { code: 200, ...answer(++asked) });
    await alice.client.rosterManage.asyncGetBlockedlist().catch((error: unknown) => {
      expect(error).toMatchObject({ reason: 'ServerResponseInvalid' });
    });
    expect(asked).toBeGreaterThan(1);
    expect(asked).toBeLessThan(20);
  });

  test('items and fields of a wrong type cost only themselves', async () => {
    const world = await startWorld();
    const front = await startRestFront(world);
    const bob = await world.register('bob');
    const alice = await world.member('alice', front.options);
    const wrong = [null, 5, [], 'x', {}, { user_id: {} }, { user_id: 7, username: 'nobody asked for' }];
    front.answer = ({ url, method }, response) =>
      method === 'POST' &&
      url.startsWith('/roster/list') &&
      json(response, { code: 200, data: [...wrong, { user_id: bob, username: 'bob', nick_name: { a: 1 }, alias: 5 }] });
    expect(await alice.client.rosterManage.asyncGetRosterInfo(bob, true)).toEqual({
      ...{ user_id: bob, username: 'bob', alias: '5' },
    });
    expect(Object.keys(alice.client.rosterManage.getAllRosterDetail())).not.toContain('7');
    expect(alice.client.sysManage.makeSearch('bob').rosterArr).toHaveLength(1);
    front.answer = ({ url }, response) => url.startsWith('/group/info') && json(response, { code: 200, data: null });
    expect(await alice.client.groupManage.asyncGetGroupInfo(77, true)).toEqual({ group_id: 77 });
  });
});

describe('a server that floods', () => {
  test('with frames that nobody can read, is reported some times and not thousands', async () => {
    const world = await startWorld();
    const alice = await world.member('alice', { transport: 'raw' });
    for (let count = 0; count < 2000; count++)
      world.server.admin.sendBytes({ uid: alice.id, bytes: Uint8Array.of(0xff, 0xff) });
    const bob = await world.member('bob');
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'still here' });
    await alice.events.next('onRosterMessage', ({ content }) => content === 'still here');
    expect(alice.events.all('flooError').length).toBeGreaterThan(0);
    expect(alice.events.all('flooError').length).toBeLessThan(40);
  });

  test('that says at each session that the servers moved, is not asked without a pause', async () => {
    const world = await startWorld();
    const alice = await world.member('alice', { transport: 'raw' });
    const before = alice.events.all('connected').length;
    let id = 1000;
    alice.client.on('connected', () => moved());
    const moved = (): void => {
      const metas = [
        {
          ...{ id: String(++id), from: { uid: '0' }, to: { uid: alice.uid }, timestamp: '1700000000000' },
          ...{ ns: MetaNameSpace.USER_NOTICE, payload: { type: UserNoticeType.DNS_UPDATE } },
        },
      ];
      const payload = { xid: { uid: '0' }, metas: metas as never, next_key: '0' };
      world.server.admin.sendBytes({
        uid: alice.id,
        bytes: encodeFrame({ command: FrameCommand.SYNC, payload }, 'down'),
      });
    };
    moved();
    await alice.events.count('connected', 3);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(alice.events.all('connected').length - before).toBeLessThan(6);
    const bob = await world.member('bob');
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'still here' });
    await alice.events.next('onRosterMessage', ({ content }) => content === 'still here');
  });
});
