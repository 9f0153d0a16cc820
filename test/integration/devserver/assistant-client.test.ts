/** The bot, as a client over sockets sees it. */
import { createDevServer } from 'flooim-devserver';
import { expect, onTestFinished, test } from 'vitest';
import { answerTo } from '../../../devserver/src/bot/answers.ts';
import { createClient } from '../../../src/entries/node.ts';
import { APP_ID } from './harness.ts';

test('an answer that grows is whole and there once, also over a cut connection', async () => {
  const server = await createDevServer({ seed: 'showcase' });
  onTestFinished(() => server.close());
  const bot = server.data.app(APP_ID).users.byName('assistant')!.id;
  const im = createClient({ appid: APP_ID, dnsServer: server.dnsUrl });
  onTestFinished(async () => im.dispose());
  await im.login({ name: 'alice', password: 'demo1234' });

  // Once the week before is there, what comes is news.
  await expect.poll(() => im.userManage.getConversationList().length, { timeout: 10_000 }).toBe(15);
  await expect.poll(() => im.rosterManage.getRosterMessageByRid(bot).length, { timeout: 10_000 }).toBe(4);
  const typing: string[] = [];
  let cuts = 0;
  im.on({
    onInputStatusMessage: ({ ext }) => void typing.push(ext),
    onRosterMessageContentAppend: () => {
      if (cuts++ === 0) server.admin.dropSockets();
    },
  });
  im.sysManage.sendRosterMessage({ uid: bot, type: 'location', content: '', attachment: { lat: 31.2, lon: 121.5 } });
  const whole = answerTo({ ctype: 5 });
  const answers = (): string[] =>
    im.rosterManage
      .getRosterMessageByRid(bot)
      .filter(({ isOwn }) => !isOwn)
      .map(({ content }) => content)
      .slice(-1);
  await expect.poll(answers, { timeout: 20_000 }).toEqual([whole]);
  expect(cuts).toBeGreaterThan(0);
  expect(typing[0]).toBe('{"input_status":"typing"}');
  const last = im.rosterManage.getRosterMessageByRid(bot).at(-1)!;
  expect(JSON.parse(last.ext)).toMatchObject({ ai: { stream: true, finish: true } });
}, 30_000);

test('with `bot: false` nobody answers', async () => {
  const server = await createDevServer({ seed: 'showcase', bot: false });
  onTestFinished(() => server.close());
  const app = server.data.app(APP_ID);
  const [alice, bot] = ['alice', 'assistant'].map((name) => app.users.byName(name)!.id) as [number, number];
  const im = createClient({ appid: APP_ID, dnsServer: server.dnsUrl });
  onTestFinished(async () => im.dispose());
  await im.login({ name: 'alice', password: 'demo1234' });
  im.sysManage.sendRosterMessage({ uid: bot, content: 'hello?' });
  const view = app.historyView(alice, bot);
  const newest = () => app.messages.get(app.messages.newestId(view));
  await expect.poll(() => newest()?.body.content).toBe('hello?');
  // The bot reads what it answers in the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  expect([...newest()!.readBy]).toEqual([]);
});
