/** Handlers that fail, and that bind and unbind others, in a client that is logged in. */
import { expect, it } from 'vitest';
import { quiet, until } from '../../support/client-events.ts';
import { startWorld } from '../../support/memory-world.ts';

const FAILURE = new Error('app bug');

/** Handlers that fail in every way in which a handler can. */
const FAILING: Readonly<Record<string, () => unknown>> = {
  throws: () => {
    throw FAILURE;
  },
  'throws what is no error': () => {
    throw undefined; // eslint-disable-line @typescript-eslint/only-throw-error -- what an app may do
  },
  'throws what cannot be printed': () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what an app may do
    throw new Proxy({}, { get: () => FAILING['throws']!(), getPrototypeOf: () => FAILING['throws']!() as null });
  },
  'rejects, as an async function': async () => {
    await Promise.resolve();
    throw FAILURE;
  },
  'rejects at once': async () => Promise.reject(FAILURE),
  'gives a thenable that rejects': () => ({
    then: (_: unknown, reject: (error: unknown) => void) => setTimeout(reject, 1, FAILURE),
  }),
};

it('I5: a handler that fails, also an async one, is logged; nothing else fails and the process goes on', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  world.cleanup(() => void process.off('unhandledRejection', note));
  for (const fail of Object.values(FAILING)) alice.client.on('onRosterMessage', fail);
  const last: string[] = [];
  alice.client.on('onRosterMessage', async ({ content }) => void last.push(content));
  for (const content of ['one', 'two']) bob.client.sysManage.sendRosterMessage({ uid: alice.id, content });
  await until(() => alice.device.errors.length === 2 * Object.keys(FAILING).length, 'every failure to be logged');
  expect(last).toEqual(['one', 'two']);
  expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)).toHaveLength(2);
  expect(new Set(alice.device.errors.splice(0).map((line) => (line as string[])[0]))).toEqual(
    new Set(['a handler of onRosterMessage failed']),
  );
  expect(unhandled).toEqual([]);
});

it('a processCallback that fails is logged, and its transfer goes on', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  world.cleanup(() => void process.off('unhandledRejection', note));
  for (const processCallback of Object.values(FAILING)) {
    const to = { toType: 'chat', fileType: 'file', chatType: 'roster', to_id: bob.id } as const;
    const { url } = await alice.client.sysManage.asyncFileUpload({ ...to, file: new Uint8Array(9), processCallback });
    expect(url).toMatch(/^http/);
    await until(() => alice.device.errors.length > 0, 'the failure to be logged');
    expect((alice.device.errors.splice(0)[0] as string[])[0]).toBe('a processCallback failed');
    await quiet(5);
    alice.device.errors.length = 0;
  }
  expect(unhandled).toEqual([]);
});

it('a handler unbinds itself and others, and binds new ones: the emission reaches those that were bound', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  const heard: string[] = [];
  const second = (): void => void heard.push('second');
  const off = alice.client.on('onRosterMessage', () => {
    heard.push('once');
    off();
    alice.client.off('onRosterMessage', second);
    alice.client.on('onRosterMessage', () => void heard.push('new'));
  });
  alice.client.on('onRosterMessage', second);
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'one' });
  await alice.events.next('onRosterMessage');
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'two' });
  await alice.events.next('onRosterMessage', ({ content }) => content === 'two');
  expect(heard).toEqual(['once', 'second', 'new']);
});
