/** A storage that fails in any way at any call, with restarts, against what the server and a device that stores all have. */
import { describe, expect, test } from 'vitest';
import { STEP_MS } from '../../../src/store/timely-kv.ts';
import { createDevice } from '../../support/client-device.ts';
import type { Device } from '../../support/client-device.ts';
import { quiet, until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';
import { CALLS, FailingDisk } from '../../support/failing-disk.ts';
import type { Fault } from '../../support/failing-disk.ts';

/** For more than the usual runs: `SEEDS=500 FIRST_SEED=1000 npx vitest run …`. */
const SEEDS = Number(process.env['SEEDS'] ?? 40);
const FIRST_SEED = Number(process.env['FIRST_SEED'] ?? 1);

const AT_ONCE = 4;

/** An answer that is lost costs this much. */
const ANSWER_TIMEOUT_MS = 800;

/** Chances of a seed: the same ones each time (mulberry32). */
class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  isOneOf(many: number): boolean {
    return this.below(many) === 0;
  }

  of<T>(all: readonly T[]): T {
    return all[this.below(all.length)]!;
  }

  /** Not a fault in one of six runs. */
  fault(): Fault | undefined {
    if (this.isOneOf(6)) return undefined;
    return {
      calls: this.isOneOf(2) ? CALLS : [this.of(CALLS)],
      after: this.below(this.of([1, 4, 40])),
      times: this.of([1, 1, 2, 5, Infinity, Infinity]),
      what: this.of(['throws', 'throws', 'throws', 'hangs', 'deleted']),
      error: this.of(['UnknownError', 'InvalidStateError', 'AbortError', 'QuotaExceededError', 'QuotaExceededError']),
      keeps: this.of(['all', 'late', 'nothing']),
    };
  }
}

/** A device that waits for a hung storage for some ms only. */
function createHastyDevice(): Device {
  const device = createDevice();
  const { clock } = device.platform;
  const hasty = (delayMs: number): number => (delayMs === STEP_MS ? 10 : delayMs);
  Object.assign(device.platform, {
    clock: { ...clock, setTimeout: (run: () => void, delayMs: number) => clock.setTimeout(run, hasty(delayMs)) },
  });
  return device;
}

type Client = Pick<Member, 'client' | 'events'>;
type Chat = readonly ['roster' | 'group', number];

/** One play of a seed: what was sent, and what must not be found. */
class Play {
  /** Contents that were recalled or deleted. */
  readonly removed = new Set<string>();
  private readonly world: World;
  private readonly chats: readonly Chat[];
  private readonly alice: number;

  constructor(world: World, alice: number, chats: readonly Chat[]) {
    this.world = world;
    this.alice = alice;
    this.chats = chats;
  }

  /** What the server has for the user, in its order. */
  truth([type, conversation]: Chat): string[] {
    const view = { userId: this.alice, conversation, inGroup: type === 'group', sinceMs: 0 };
    const { messages } = this.world.app.messages.page(view, 0n, 1000);
    return messages.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ body }) => body.content!);
  }

  /** The stored messages, each once; a complete page has all that the server has up to what was read or heard. */
  async read({ client }: Client, chat: Chat, heard: ReadonlySet<string> = new Set()): Promise<string[]> {
    const [type, id] = chat;
    // Own messages that the server has and has not answered yet are not stored as sent.
    const sending = client.sysManage.getSendingMessages(id, type).map(({ content }) => content);
    const { messages, complete } = await client.sysManage.getMessages({ id, type, limit: 1000 });
    const read = messages.map(({ content }) => content);
    expect(new Set(read).size, `each once: ${read.join(' ')}`).toBe(read.length);
    if (!complete) return ['incomplete'];
    const all = this.truth(chat);
    const last = Math.max(...all.map((content, at) => (read.includes(content) || heard.has(content) ? at : -1)));
    const expected = all
      .slice(0, last + 1)
      .filter((content) => !this.removed.has(content) && !sending.includes(content));
    expect(read, 'a complete page has no hole').toEqual(expect.arrayContaining(expected));
    return read;
  }

  /** What a user sees of all chats. */
  async look(who: Client): Promise<unknown> {
    const seen: unknown[] = [];
    for (const chat of this.chats) {
      const [type, id] = chat;
      const { client } = who;
      const item = client.userManage.getConversationList().find((one) => one.id === id);
      const newest =
        type === 'group' ? client.groupManage.getGroupMessage(id) : client.rosterManage.getRosterMessageByRid(id);
      const sending = client.sysManage.getSendingMessages(id, type);
      seen.push({
        type,
        stored: await this.read(who, chat),
        newest: newest.map(({ content }) => content),
        sending: sending.map(({ content, sendingStatus }) => `${content} ${sendingStatus}`),
        preview: item?.content,
        unread: item?.unread,
      });
    }
    return seen;
  }
}

async function play(world: World, seed: number): Promise<void> {
  const chance = new Chance(seed);
  const device = createHastyDevice();
  const disk = new FailingDisk();
  Object.assign(device.platform, { kv: disk });
  const [alice, bob] = [
    await world.member('alice', { answerTimeoutMs: ANSWER_TIMEOUT_MS }, device),
    await world.member('bob'),
  ];
  // Another device of the same user, which stores all.
  const other = await world.member('alice');
  const gid = world.group(bob, alice);
  const chats = [
    ['roster', bob.id],
    ['group', gid],
  ] as const;
  const told = new Play(world, alice.id, chats);
  let sent = 0;
  /** Contents whose sender has said that they were sent. */
  const said = new Set<string>();
  const listen = ({ client }: Client, heard: Set<string>): void => {
    client.on('onRosterMessage', ({ content }) => heard.add(content));
    client.on('onGroupMessage', ({ content }) => heard.add(content));
    client.on('onSendingMessageStatusChanged', ({ message, status }) => {
      if (status === 'sent' && message) said.add(message.content);
    });
  };
  const send = ({ client }: Client, who: string, isInGroup = chance.isOneOf(3)): void => {
    const content = `${who}${++sent}`;
    if (isInGroup) client.sysManage.sendGroupMessage({ gid, content });
    else client.sysManage.sendRosterMessage({ uid: who === 'b' ? alice.id : bob.id, content });
  };
  const removeOne = (): void => {
    const { id, content } =
      bob.client.rosterManage.getRosterMessageByRid(alice.id).find(({ from }) => from === bob.uid) ?? {};
    if (!id || told.removed.has(content!)) return;
    told.removed.add(content!);
    bob.client.rosterManage.recallMessage(alice.id, id);
  };

  let running: Client = alice;
  for (let run = 0, runs = 2 + chance.below(3); run < runs; run++) {
    if (run > 0) {
      disk.begin(chance.fault());
      running = world.client({ answerTimeoutMs: ANSWER_TIMEOUT_MS }, device);
      if (running.client.isLogin()) await running.events.next('loginSuccess');
      else await running.client.login({ name: 'alice', password: PASSWORD });
    } else if (chance.isOneOf(2)) disk.begin(chance.fault());
    const heard = new Set<string>();
    listen(running, heard);
    for (let step = 0, steps = 3 + chance.below(10); step < steps; step++) {
      const what = chance.below(16);
      if (what < 5) send(bob, 'b');
      else if (what < 9) send(running, 'a');
      else if (what < 10) send(other, 'o');
      else if (what < 11) removeOne();
      else if (what < 12) chance.of([other, running]).client.rosterManage.readRosterMessage(bob.id);
      else if (what < 13) chance.of([other, running]).client.groupManage.readGroupMessage(gid);
      else if (what < 14) world.server.admin.dropSockets({ uid: alice.id });
      else if (what < 15) world.server.admin.dropAnswers({ command: 'send', count: 1 });
      else await told.read(running, chance.of(chats), new Set(heard));
      if (chance.isOneOf(2)) await quiet(chance.below(15));
    }
    world.server.admin.clearFaults();
    if (chance.isOneOf(10)) await running.client.logout({ wipe: true }).catch(() => undefined);
    await running.client.dispose().catch(() => undefined);
    if (chance.isOneOf(8)) await disk.deleteAll();
  }

  disk.begin(undefined);
  const last = world.client({ answerTimeoutMs: ANSWER_TIMEOUT_MS }, device);
  if (last.client.isLogin()) await last.events.next('loginSuccess');
  else await last.client.login({ name: 'alice', password: PASSWORD });
  const isIdle = ({ client }: Client): boolean =>
    chats.every(([type, id]) => client.sysManage.getSendingMessages(id, type).length === 0);
  await until(() => isIdle(last) && isIdle(other), 'rows of earlier runs to be sent');
  for (const chat of chats) {
    const all = told.truth(chat);
    expect(new Set(all).size, `the server has each once: ${all.join(' ')}`).toBe(all.length);
  }
  const all = chats.flatMap((chat) => told.truth(chat));
  expect(all, 'what was said to be sent').toEqual(expect.arrayContaining([...said]));
  await expectSame(told, last, other);
}

/** Both devices see the same, as soon as nothing comes any more. */
async function expectSame(told: Play, last: Client, other: Client): Promise<void> {
  const deadline = Date.now() + 5000;
  for (;;) {
    const [seen, truth] = [await told.look(last), await told.look(other)];
    const isSettled = !JSON.stringify(truth).includes('incomplete');
    if (isSettled && JSON.stringify(seen) === JSON.stringify(truth)) return;
    if (Date.now() > deadline) expect(seen).toEqual(truth);
    await quiet(20);
  }
}

describe('whatever the storage does in whichever run, a good start shows what a device shows that stored all', () => {
  // Most of a play is waiting, so a few are played at once.
  const firsts = Array.from({ length: Math.ceil(SEEDS / AT_ONCE) }, (_, at) => FIRST_SEED + at * AT_ONCE);
  test.each(firsts)(
    'A1: no message is lost or doubled, and no page hides a hole: seeds from %i',
    async (first) => {
      const seeds = Array.from({ length: Math.min(AT_ONCE, FIRST_SEED + SEEDS - first) }, (_, at) => first + at);
      const ends = await Promise.allSettled(seeds.map(async (seed) => play(await startWorld(), seed)));
      const failed = seeds.filter((_, at) => ends[at]!.status === 'rejected');
      for (const end of ends)
        if (end.status === 'rejected') throw new Error(`seeds ${failed.join()}`, { cause: end.reason });
    },
    30_000,
  );
});
