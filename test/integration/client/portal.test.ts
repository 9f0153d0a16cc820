/** A network that wants a login of its own answers in the place of the app's servers. */
import { expect, test } from 'vitest';
import { until } from '../../support/client-events.ts';
import { startWorld } from '../../support/client-world.ts';
import { startRestFront } from '../../support/rest-front.ts';
import type { FrontRequest } from '../../support/rest-front.ts';
import type { ServerResponse } from 'node:http';

const PAGE = '<!doctype html><title>Log in to this network</title>';

const PORTALS: [name: string, answer: (request: FrontRequest, response: ServerResponse) => boolean][] = [
  [
    'answers with its page',
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
      return true;
    },
  ],
  [
    'redirects to its page',
    (_request, response) => {
      response.writeHead(302, { location: 'http://portal.invalid/login' }).end();
      return true;
    },
  ],
];

test.each(PORTALS)(
  'REST that %s: the call fails, the session stays, and the history says why',
  async (_name, answer) => {
    const world = await startWorld();
    const front = await startRestFront(world);
    const alice = await world.member('alice', front.options);
    const token = alice.client.userManage.getToken();
    front.answer = answer;
    await expect(alice.client.userManage.asyncGetProfile()).rejects.toMatchObject({ reason: 'ServerResponseInvalid' });
    expect(alice.client.isLogin()).toBe(true);
    expect(alice.client.userManage.getToken()).toBe(token);
    const { steps } = await alice.client.explain();
    expect(steps).toContainEqual(expect.objectContaining({ code: 'portal', details: { host: front.url } }));
    front.answer = () => false;
    await alice.client.userManage.asyncGetProfile();
  },
);

test('a waiting client tries at once when a REST call shows that there is a network again', async () => {
  const world = await startWorld();
  const front = await startRestFront(world);
  // Nobody waits that long here.
  const backoff = { baseMs: 600_000, capMs: 600_000 };
  const alice = await world.member('alice', { ...front.options, backoff });
  front.answer = (_request, response) => {
    response.destroy();
    return true;
  };
  await expect(alice.client.userManage.asyncGetProfile()).rejects.toMatchObject({ reason: 'ServerNotReachable' });
  world.server.admin.dropSockets({ uid: alice.id });
  await until(() => alice.events.all('connectionState').at(-1)?.state === 'waiting', 'the wait');
  front.answer = () => false;
  await alice.client.userManage.asyncGetProfile();
  await alice.events.next('loginSuccess');
  expect((await alice.client.explain()).steps).toContainEqual(
    expect.objectContaining({ code: 'retrying', details: { cause: 'answer' } }),
  );
});
