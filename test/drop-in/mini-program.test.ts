/** What deployed mini-programs and uni-apps do with the SDK, with the built files in an engine like theirs. */
import { expect, test } from 'vitest';
import { asScript } from '../platforms/site.ts';
import { PASSWORD, startWorld } from '../support/client-world.ts';
import type { Member, World } from '../support/client-world.ts';
import { BUILDS } from '../support/mini-program-client.ts';
import { createMiniProgramEngine } from '../support/mini-program-vm.ts';
import { createPhone } from '../support/mini-program.ts';
import type { Phone } from '../support/mini-program.ts';
import type * as MiniApp from './mini-app.ts';

type Steps = typeof MiniApp;

const APP = asScript('../drop-in/app-log.ts') + asScript('../drop-in/mini-app.ts');

/** Starts the app on a phone, with what it left there. */
function startApp(build: keyof typeof BUILDS, phone: Phone, world: World): Steps {
  const run = phone.launch();
  const { kind, file } = BUILDS[build];
  const engine = createMiniProgramEngine(run.timers, { [kind]: run.api });
  engine.run(APP);
  const sdk = engine.load(file) as Parameters<Steps['launch']>[0];
  const steps = engine.run(
    '({ seen, nth, launch, logInByWechat, logIn, bindWechat, hide, show, openChat, say, bindPages, members, logOut })',
  ) as Steps;
  expect(steps.launch(sdk, world.server.dnsUrl)).toMatchObject({ hasIsLogin: 'function' });
  return steps;
}

function getPhone(build: keyof typeof BUILDS, world: World): Phone {
  const phone = createPhone(BUILDS[build].kind);
  world.cleanup(() => phone.remove());
  return phone;
}

/** Sends until the server has it. */
async function send(from: Member, uid: number, content: string, ext?: string): Promise<void> {
  from.events.skip();
  from.client.sysManage.sendRosterMessage({ uid, content, ...(ext !== undefined && { ext }) });
  await from.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
}

test('a mini-program logs in with the result of WeChat, is hidden and shown, and reads whole chats', async () => {
  const world = await startWorld();
  const bob = await world.member('bob');
  const anna = await world.register('anna');
  const phone = getPhone('wechat', world);
  const first = startApp('wechat', phone, world);
  expect(await first.logIn('anna', PASSWORD)).toEqual([anna, true]);
  expect(await first.bindWechat()).toBe(true);
  expect(await first.logOut()).toEqual([false, true]);

  const app = startApp('wechat', phone, world);
  expect(await app.logInByWechat()).toEqual([anna, true]);
  await send(bob, anna, 'one');
  await send(bob, anna, 'two');
  await app.nth('onRosterMessage', 2);
  const [before, after, messages] = app.openChat(bob.id) as [number, number, { content: string; id: string }[]];
  expect([before, after, messages.map(({ content }) => content)]).toEqual([2, 0, ['one', 'two']]);
  expect(messages[0]).toMatchObject({ id: expect.stringMatching(/^\d+$/), from: bob.uid, to: String(anna) });
  await bob.events.count('onMessageStatusChanged', 1);

  expect(app.hide()).toBe(true);
  await send(bob, anna, 'while you were away');
  expect(await app.show('anna', PASSWORD, 2)).toEqual([true, true]);
  expect(await app.nth('onRosterMessage', 3)).toMatchObject({ content: 'while you were away' });
  // Ids of routes are text.
  bob.events.skip();
  app.say(bob.uid, 'back');
  expect(await bob.events.next('onRosterMessage')).toMatchObject({ content: 'back' });
  expect(app.seen().filter(({ event }) => event === 'loginerror' || event === 'onDisconnect')).toEqual([]);

  // Launched again: the session goes on by itself.
  const again = startApp('wechat', phone, world);
  await again.nth('loginSuccess', 1);
  await again.logOut();
}, 60_000);

test('a uni-app binds methods of its pages, reads members at once, and gets ext as text', async () => {
  const world = await startWorld();
  const bob = await world.member('bob');
  const anna = await world.register('anna');
  const gid = world.group({ id: anna }, bob);
  const app = startApp('uniapp', getPhone('uniapp', world), world);
  expect(await app.logIn('anna', PASSWORD)).toEqual([anna, true]);
  // The deployed SDK compared source texts: a page's bound method replaced the one of another page. Here each page keeps its own.
  const heard = app.bindPages();
  const ext = '{"ai":{"stream":true,"stream_interval":3},"id":12345678901234567890}';
  await send(bob, anna, 'streamed', ext);
  expect(await app.nth('onRosterMessage', 1)).toMatchObject({ content: 'streamed', ext });
  expect([...heard]).toEqual([0, 1]);
  expect(await app.members(gid)).toEqual([
    [bob.id, 'string', 'string'],
    [anna, 'string', 'string'],
  ]);
  expect(await app.logOut()).toEqual([false, true]);
}, 60_000);
