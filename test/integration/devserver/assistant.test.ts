/** The bot of the dev server, on a clock of the test's own. */
import { MessageBodyContentType, MessageBodyType, MessageOperationType } from 'flooim/wire';
import type { IMessageBody, Meta } from 'flooim/wire';
import { beforeEach, describe, expect, test } from 'vitest';
import { answerTo, piecesOf } from '../../../devserver/src/bot/answers.ts';
import { Assistant } from '../../../devserver/src/bot/assistant.ts';
import { Messaging } from '../../../devserver/src/messaging/messaging.ts';
import type { AppData } from '../../../devserver/src/model/app-data.ts';
import { DevData } from '../../../devserver/src/model/dev-data.ts';
import { join } from '../../../devserver/src/model/groups.ts';
import { IN_MEMORY } from '../../../devserver/src/records/records.ts';

/** Timers that run when the test says so, in the order of their times. */
class Timers {
  time = 1_800_000_000_000;
  readonly #waiting = new Map<number, { at: number; run: () => void }>();
  #next = 1;

  readonly clock = {
    now: (): number => this.time,
    setTimeout: (run: () => void, delayMs: number): number => {
      this.#waiting.set(this.#next, { at: this.time + delayMs, run });
      return this.#next++;
    },
    clearTimeout: (timer: number | object): boolean => this.#waiting.delete(timer as number),
  };

  /** Runs the next timer. @returns false when there is none */
  step(): boolean {
    const [first] = [...this.#waiting].sort(([, a], [, b]) => a.at - b.at);
    if (!first) return false;
    this.#waiting.delete(first[0]);
    this.time = first[1].at;
    first[1].run();
    return true;
  }

  runAll(): void {
    while (this.step());
  }
}

let timers: Timers;
let app: AppData;
let messaging: Messaging;
let assistant: Assistant;
let alice: number;
let bot: number;
/** What was pushed to alice without being kept. */
let pushed: Meta[];

beforeEach(() => {
  timers = new Timers();
  pushed = [];
  app = new DevData(IN_MEMORY, 1000n, { random: Math.random }).app('app');
  messaging = new Messaging(
    {
      notify: () => {},
      push: (_app, userId, _conversation, meta) => {
        if (userId === alice) pushed.push(meta);
      },
      disconnect: () => {},
      onlineDevices: () => [],
    },
    timers.clock,
  );
  assistant = new Assistant(messaging, timers.clock);
  alice = app.users.add('alice', 'secret12').id;
  const user = app.users.add('helper', 'secret12');
  user.staff = 'chatbot';
  bot = user.id;
});

function send(from: number, toId: number, body: IMessageBody): bigint {
  const result = messaging.send(app, { from: { userId: from, device: 1 }, toId, body });
  if (!result.ok) throw new Error(result.reason);
  return result.id;
}

const ask = (content: string): bigint => send(alice, bot, { content });

function recall(from: number, toId: number, mid: bigint): bigint {
  const operation = { type: MessageOperationType.RECALL, mid: String(mid) };
  return send(from, toId, { type: MessageBodyType.OPER, ctype: MessageBodyContentType.COMMAND, operation });
}

/** The messages of the bot in its conversation with alice, or in a group. */
const answers = (conversation = bot): IMessageBody[] =>
  [...app.messages.upTo(app.historyView(alice, conversation), 2n ** 63n)]
    .filter(({ fromId }) => fromId === bot)
    .map(({ body }) => body);

const statuses = (): unknown[] => pushed.map(({ payload }) => JSON.parse((payload as IMessageBody).ext ?? ''));
const endOf = ({ ext = '' }: IMessageBody): unknown => (JSON.parse(ext) as { ai: { finish: unknown } }).ai.finish;

test('it reads, types, answers with a beginning, and appends the rest', () => {
  const question = ask('hello there');
  expect(answers()).toEqual([]);
  timers.step();
  expect(app.messages.get(question)?.readBy).toContain(bot);
  expect(statuses()).toEqual([{ input_status: 'typing' }]);
  timers.step();
  const whole = answerTo({ content: 'hello there' });
  const pieces = piecesOf(whole);
  expect(pieces.length).toBeGreaterThan(3);
  expect(answers()).toMatchObject([{ content: pieces[0] }]);
  expect(endOf(answers()[0]!)).toBe(false);
  timers.step();
  expect(answers()).toMatchObject([{ content: pieces[0]! + pieces[1]! }]);
  timers.runAll();
  expect(answers()).toMatchObject([{ content: whole, edit_timestamp: expect.any(String) }]);
  expect(endOf(answers()[0]!)).toBe(true);
  expect(statuses()).toEqual([{ input_status: 'typing' }, { input_status: 'nothing' }]);
});

test('the same question has the same answer, and questions at once have an answer each', () => {
  ask('show a table');
  ask('show a table');
  timers.runAll();
  const [first, second, ...more] = answers();
  expect(first!.content).toContain('| --- |');
  expect(second!.content).toBe(first!.content);
  expect(more).toEqual([]);
});

test.each([
  ['a picture', { ctype: MessageBodyContentType.IMAGE, attachment: '{"width":480,"height":300}' }, /480 × 300/],
  ['a picture whose attachment is no JSON', { ctype: MessageBodyContentType.IMAGE, attachment: '{' }, /^A picture\./],
  ['a voice message', { ctype: MessageBodyContentType.AUDIO, attachment: '{}' }, /voice/],
  ['Chinese', { content: '你好' }, /你说的是：“你好”/],
])('it answers %s', (_what, body, expected) => {
  send(alice, bot, body);
  timers.runAll();
  expect(answers().map(({ content }) => content)).toEqual([expect.stringMatching(expected)]);
});

describe('a recall in the middle', () => {
  test('of the question ends the answer, and says that it ended', () => {
    const question = ask('hello there');
    for (let step = 0; step < 4; step++) timers.step();
    const [before] = answers();
    recall(alice, bot, question);
    timers.runAll();
    expect(answers()).toMatchObject([{ content: `${before!.content} …` }]);
    expect(endOf(answers()[0]!)).toBe(true);
    expect(statuses().at(-1)).toEqual({ input_status: 'nothing' });
  });

  test('of the question before the answer leaves none', () => {
    recall(alice, bot, ask('hello there'));
    timers.runAll();
    expect(answers()).toEqual([]);
  });

  test('of the answer leaves none, and the next question has one', () => {
    ask('hello there');
    for (let step = 0; step < 4; step++) timers.step();
    const [answer] = [...app.messages.upTo(app.historyView(alice, bot), 2n ** 63n)].filter(
      ({ fromId }) => fromId === bot,
    );
    recall(bot, alice, answer!.id);
    timers.runAll();
    expect(answers()).toEqual([]);
    ask('list');
    timers.runAll();
    expect(answers()).toHaveLength(1);
  });
});

test('in a group it answers who mentions it, and nobody else', () => {
  const group = app.groups.create({ ownerId: alice, type: 0, info: { name: 'club' } }, timers.time);
  join(group, bot, timers.time);
  send(alice, group.id, { content: 'anybody?', config: 'no JSON' });
  timers.runAll();
  expect(answers(group.id)).toEqual([]);
  send(alice, group.id, { content: '@helper list', config: JSON.stringify({ mentionList: [bot] }) });
  timers.runAll();
  expect(answers(group.id)).toMatchObject([{ content: answerTo({ content: 'list' }) }]);
  expect(pushed).toEqual([]);
});

test('it answers neither commands, typing and calls, nor another bot, nor what is for others', () => {
  const other = app.users.add('other_helper', 'secret12');
  other.staff = 'chatbot';
  const bob = app.users.add('bob', 'secret12').id;
  send(other.id, bot, { content: 'hello colleague' });
  send(alice, bot, { ctype: MessageBodyContentType.COMMAND, content: 'poke' });
  send(alice, bot, { ctype: MessageBodyContentType.RTC, content: '1000' });
  send(alice, bot, { content: '', qos: 1, ext: '{"input_status":"typing"}' });
  send(alice, bob, { content: 'hello' });
  expect(timers.step()).toBe(false);
});

test('stopped, it says no more', () => {
  ask('hello there');
  for (let step = 0; step < 3; step++) timers.step();
  const [{ content }] = answers() as [IMessageBody];
  assistant.stop();
  timers.runAll();
  expect(answers()).toMatchObject([{ content }]);
});

test('blocked by who asked, it gives up', () => {
  ask('hello there');
  for (let step = 0; step < 3; step++) timers.step();
  app.roster.block(alice, bot);
  timers.runAll();
  expect(endOf(answers()[0]!)).toBe(false);
});
