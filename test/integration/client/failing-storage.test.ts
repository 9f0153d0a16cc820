/** A storage that fails in any way at any call, with restarts, against what the server has. */
import { describe, expect, test } from 'vitest';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { KvProvider } from '../../../src/platform/ports.ts';
import { createDevice } from '../../support/client-device.ts';
import type { Device } from '../../support/client-device.ts';
import { quiet } from '../../support/client-events.ts';
import { startWorld } from '../../support/client-world.ts';
import type { Member, World } from '../../support/client-world.ts';
import { full, lost, named } from '../../support/faulty-kv.ts';

const SEEDS = Number(process.env['SEEDS'] ?? 12);
const FIRST_SEED = Number(process.env['FIRST_SEED'] ?? 1);

type Call = 'open' | 'read' | 'commit';
const FAULTS = ['throws', 'throws once', 'stored, then throws', 'full', 'full once', 'deleted', 'cannot read'] as const;

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

  of<T>(all: readonly T[]): T {
    return all[this.below(all.length)]!;
  }
}

/** A disk that begins to fail, in one way, at the nth call of a run. */
class Disk implements KvProvider {
  private readonly memory = createMemoryKvProvider();
  private fault: (typeof FAULTS)[number] | undefined;
  private callsLeft = 0;
  private isDeleted = false;

  /** Begins a run. Without a fault the disk works. */
  begin(fault: (typeof FAULTS)[number] | undefined, after: number): void {
    this.fault = fault;
    this.callsLeft = after;
    this.isDeleted = false;
  }

  drop = async (name: string): Promise<void> => this.memory.drop(name);

  open = async (name: string): ReturnType<KvProvider['open']> => {
    await this.before('open', name);
    const kv = await this.memory.open(name);
    return {
      get: async (key) => this.before('read', name).then(async () => kv.get(key)),
      range: async (range) => this.before('read', name).then(async () => kv.range(range)),
      close: async () => kv.close(),
      commit: async (batch) => {
        if (this.fault === 'stored, then throws' && this.callsLeft <= 0) await kv.commit(batch);
        await this.before('commit', name);
        await kv.commit(batch);
      },
    };
  };

  private async before(call: Call, name: string): Promise<void> {
    if (!this.fault || this.callsLeft-- > 0) return;
    const { fault } = this;
    if (fault === 'deleted') {
      if (!this.isDeleted) await this.memory.drop(name);
      this.isDeleted = true;
      throw named('NotFoundError');
    }
    if (fault.endsWith('once')) this.fault = undefined;
    const isRead = call === 'read';
    if (fault.startsWith('full')) {
      if (call === 'commit') throw full();
      // Only a batch finds the disk full.
      this.fault = fault;
    } else if (fault === 'cannot read' ? isRead : fault === 'stored, then throws' ? call === 'commit' : true) {
      throw lost();
    }
  }
}

interface Truth {
  /** Contents of the conversation on the server, in its order. */
  all(): string[];
  fromBob(): number;
}

const truthOf = ({ app }: World, alice: number, bob: number): Truth => {
  const log = (): ReturnType<typeof app.messages.page>['messages'] =>
    app.messages.page({ userId: alice, conversation: bob, inGroup: false, sinceMs: 0 }, 0n, 1000).messages;
  return {
    all: () =>
      log()
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ body }) => body.content!),
    fromBob: () => log().filter(({ fromId }) => fromId === bob).length,
  };
};

type Client = Pick<Member, 'client' | 'events'>;

/** The stored messages, in order, each once; nothing that the server has before the newest of them is absent. */
async function expectHonest({ client }: Client, bob: number, truth: Truth, heard: Set<string>): Promise<string[]> {
  const { messages, complete } = await client.sysManage.getMessages({ id: bob, type: 'roster', limit: 1000 });
  const read = messages.map(({ content }) => content);
  expect(new Set(read).size, `each once: ${read.join(' ')}`).toBe(read.length);
  if (!complete) return [];
  const all = truth.all();
  const last = Math.max(...all.map((content, at) => (read.includes(content) || heard.has(content) ? at : -1)));
  expect(read, 'a complete page has no hole').toEqual(expect.arrayContaining(all.slice(0, last + 1)));
  return read;
}

async function play(world: World, seed: number): Promise<void> {
  const chance = new Chance(seed);
  const device: Device = createDevice();
  const disk = new Disk();
  Object.assign(device.platform, { kv: disk });
  const [alice, bob] = [await world.member('alice', {}, device), await world.member('bob')];
  const truth = truthOf(world, alice.id, bob.id);
  let sent = 0;
  let running: Client = alice;
  for (let run = 0, runs = 2 + chance.below(3); run < runs; run++) {
    if (run > 0) {
      disk.begin(chance.below(5) === 0 ? undefined : chance.of(FAULTS), chance.below(chance.of([4, 40])));
      running = world.client({}, device);
      await running.events.next('loginSuccess');
    } else if (chance.below(2) === 0) disk.begin(chance.of(FAULTS), chance.below(20));
    const heard = new Set<string>();
    running.client.on('onRosterMessage', ({ content }) => heard.add(content));
    for (let step = 0, steps = 3 + chance.below(8); step < steps; step++) {
      const what = chance.below(5);
      if (what < 2) bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: `b${++sent}` });
      else if (what < 4) running.client.sysManage.sendRosterMessage({ uid: bob.id, content: `a${++sent}` });
      else await expectHonest(running, bob.id, truth, new Set(heard));
      if (chance.below(2) === 0) await quiet(chance.below(15));
    }
    await running.client.dispose();
  }

  disk.begin(undefined, 0);
  const last = world.client({}, device);
  await last.events.next('loginSuccess');
  // Rows of earlier runs are sent now.
  await expect.poll(() => last.client.sysManage.getSendingMessages(bob.id, 'roster'), { timeout: 3000 }).toEqual([]);
  await expect.poll(() => expectHonest(last, bob.id, truth, new Set()), { timeout: 3000 }).toEqual(truth.all());
  const all = truth.all();
  expect(new Set(all).size, `the server has each once: ${all.join(' ')}`).toBe(all.length);
  const getter = (): string[] => last.client.rosterManage.getRosterMessageByRid(bob.id).map(({ content }) => content);
  await expect.poll(getter, { timeout: 3000 }).toEqual(truth.all());
  const unread = (): number =>
    last.client.userManage.getConversationList().find(({ id }) => id === bob.id)?.unread ?? 0;
  await expect.poll(unread, { timeout: 3000 }).toBe(truth.fromBob());
}

describe('whatever the storage does in whichever run, a good start has all that the server has', () => {
  const seeds = Array.from({ length: SEEDS }, (_, at) => FIRST_SEED + at);
  test.each(seeds)(
    'A1: no message is lost or doubled, and no page hides a hole: seed %i',
    async (seed) => {
      await play(await startWorld(), seed);
    },
    20_000,
  );
});
