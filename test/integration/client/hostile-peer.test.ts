import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { encodeFrame, MessageBodyType, MessageOperationType, MetaNameSpace } from 'flooim/wire';
import type { IMessageBody, Meta, SyncDown } from 'flooim/wire';
import { startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';
import { bytesField, concat, message, rawFrame, varintField } from '../../unit/wire/vectors.ts';

const SYNC = 1;
const DEEP = '{"a":'.repeat(5000) + '1' + '}'.repeat(5000);
const ESCAPED = '{"a":"' + '\\"'.repeat(200_000);

async function startTwo(): Promise<{ world: World; alice: Member; bob: Member }> {
  const world = await startWorld();
  return { world, alice: await world.member('alice', { transport: 'raw' }), bob: await world.member('bob') };
}

/** A page of bob's, as the server would push it to alice. */
function push(
  { world, alice, bob }: { world: World; alice: Member; bob: Member },
  metas: Meta[],
  more: SyncDown = {},
): void {
  const payload = { xid: { uid: bob.uid }, metas, next_key: '0', ...more };
  world.server.admin.sendBytes({ uid: alice.id, bytes: encodeFrame({ command: SYNC, payload }, 'down') });
}

const item = (id: number, from: Member, to: { uid: string }, payload: IMessageBody): Meta => ({
  ...{ id: String(id), from: { uid: from.uid }, to: { uid: to.uid }, timestamp: '1700000000000' },
  ...{ ns: MetaNameSpace.MESSAGE, payload: { type: MessageBodyType.CHAT, ...payload } },
});

/** What comes and goes afterwards is as ever. */
async function goesOn({ alice, bob }: { alice: Member; bob: Member }): Promise<void> {
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'still here' });
  await alice.events.next('onRosterMessage', ({ content }) => content === 'still here');
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'me too' });
  await bob.events.next('onRosterMessage', ({ content }) => content === 'me too');
}

describe('fields of a peer', () => {
  test.each(['config', 'attachment', 'ext'] as const)(
    'D1: %s that nests 5,000 deep costs that field',
    async (field) => {
      const two = await startTwo();
      push(two, [item(1, two.bob, two.alice, { content: 'deep', ctype: 1, [field]: DEEP })]);
      const got = await two.alice.events.next('onRosterMessage', ({ content }) => content === 'deep');
      expect(field === 'ext' ? got.ext : field === 'config' ? got.config : got.attach).toBe(
        field === 'ext' ? DEEP : undefined,
      );
      await goesOn(two);
      expect(two.alice.events.all('flooError')).toEqual([]);
    },
  );

  test.each([MessageOperationType.APPEND, MessageOperationType.REPLACE])(
    'D1: an edit that nests 5,000 deep costs that field, type %i',
    async (type) => {
      const two = await startTwo();
      const operation = { type, mid: '1', xid: { uid: two.alice.uid } };
      push(two, [item(1, two.bob, two.alice, { content: 'text', config: '{"a":1}' })]);
      push(two, [item(2, two.bob, two.alice, { type: MessageBodyType.OPER, content: '!', config: DEEP, operation })]);
      await two.alice.events.next('onRosterMessage', ({ content }) => content === 'text');
      await goesOn(two);
      const { messages } = await two.alice.client.sysManage.getMessages({ id: two.bob.id, type: 'roster', limit: 10 });
      expect(messages.find(({ id }) => id === '1')).toMatchObject({ config: { a: 1 } });
    },
  );

  test.each(['config', 'attachment', 'ext'] as const)('D2: %s of 400 KB blocks nobody', async (field) => {
    const two = await startTwo();
    const start = performance.now();
    push(two, [item(1, two.bob, two.alice, { content: 'long', ctype: 1, [field]: ESCAPED })]);
    await two.alice.events.next('onRosterMessage', ({ content }) => content === 'long');
    // Seconds with a quadratic pattern; this machine may be busy.
    expect(performance.now() - start).toBeLessThan(1500);
    await goesOn(two);
  });
});

describe('frames that cost more than their bytes', () => {
  const zipped = (payload: Uint8Array): Uint8Array => rawFrame(SYNC, deflateSync(payload), varintField(2, 1));
  const repeated = (part: Uint8Array, bytes: number): Uint8Array =>
    new Uint8Array(Buffer.alloc(Math.floor(bytes / part.length) * part.length, part));

  /** The frame costs one event, and little time. */
  async function costsOneEvent(bytes: Uint8Array): Promise<void> {
    const two = await startTwo();
    const cpu = process.cpuUsage();
    two.world.server.admin.sendBytes({ uid: two.alice.id, bytes });
    await two.alice.events.next('flooError');
    const { user, system } = process.cpuUsage(cpu);
    expect((user + system) / 1000).toBeLessThan(1500);
    await goesOn(two);
    expect(two.alice.events.all('flooError')).toHaveLength(1);
  }

  test.each<[string, Uint8Array]>([
    ['5.6 million damaged items', repeated(bytesField(2, Uint8Array.of(0xff)), 16_800_000)],
    ['8 million empty items', repeated(bytesField(2), 16_000_000)],
    ['50,000 damaged items', repeated(bytesField(2, Uint8Array.of(0xff)), 150_000)],
  ])('D4: %s come to one event, and soon', async (_, payload) => costsOneEvent(zipped(payload)));

  test('D5: 500 KB of empty blocks come to one event, and soon', async () => {
    const empty = repeated(Uint8Array.of(0, 0, 0, 255, 255), 500_000);
    await costsOneEvent(rawFrame(SYNC, concat(Uint8Array.of(0x78, 0x9c), empty), varintField(2, 1)));
  });

  test.each([
    ['plain', (payload: Uint8Array) => rawFrame(SYNC, payload)],
    ['compressed', zipped],
  ])('D9: a message of 17 MB is skipped, reported and acknowledged, %s', async (_, frameOf) => {
    const two = await startTwo();
    const large = bytesField(2, message(7, 'x'.repeat(17_000_000)));
    const xid = bytesField(4, varintField(1, two.bob.id));
    two.world.server.admin.sendBytes({ uid: two.alice.id, bytes: frameOf(concat(large, varintField(3, 8), xid)) });
    expect(await two.alice.events.next('flooError')).toMatchObject({
      category: 'ServerResponseInvalid',
      error: { details: { id: '7' } },
    });
    await goesOn(two);
    const keys = two.world.server.admin.receivedFrames({ uid: two.alice.id }).map(({ frame }) => frame?.payload ?? {});
    expect(keys).toContainEqual(expect.objectContaining({ key: '8' }));
    expect(two.alice.events.all('reconnect')).toEqual([]);
  });
});

describe('items of others', () => {
  test('D10: are refused, reported once and not shown', async () => {
    const two = await startTwo();
    const { alice, bob, world } = two;
    const [carol, dave] = [await world.member('carol'), await world.member('dave')];
    push(two, [
      item(1, carol, dave, { content: 'of others' }),
      item(2, bob, carol, { content: 'to another' }),
      item(3, carol, alice, { content: 'in the wrong queue' }),
      item(4, bob, { uid: '2199023255569' }, { type: MessageBodyType.GROUPCHAT, content: 'of a group' }),
      item(5, bob, alice, { content: 'for us' }),
    ]);
    expect(await alice.events.next('onRosterMessage')).toMatchObject({ content: 'for us' });
    await goesOn(two);
    expect(alice.events.all('onRosterMessage').map(({ content }) => content)).toEqual([
      'for us',
      'still here',
      'me too',
    ]);
    expect(alice.events.all('onGroupMessage')).toEqual([]);
    expect(alice.events.all('flooError')).toMatchObject([{ error: { details: { count: 4 } } }]);
    expect(alice.client.userManage.getConversationList().map(({ id }) => String(id))).toEqual([bob.uid]);
  });

  test('D10: a peer neither recalls, edits nor deletes what is not theirs', async () => {
    const two = await startTwo();
    const { alice, bob } = two;
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'mine' });
    await bob.events.next('onRosterMessage', ({ content }) => content === 'mine');
    const { messages: sent } = await bob.client.sysManage.getMessages({ id: alice.id, type: 'roster', limit: 1 });
    const mine = sent[0]!;
    const { RECALL, REPLACE, DELETE, READ_ALL } = MessageOperationType;
    push(
      two,
      [RECALL, REPLACE, DELETE, READ_ALL].map((type, at) =>
        item(900 + at, bob, alice, {
          ...{
            type: MessageBodyType.OPER,
            content: 'forged',
            operation: { type, mid: mine.id, xid: { uid: alice.uid } },
          },
        }),
      ),
    );
    await alice.events.next('flooError');
    await goesOn(two);
    const { messages } = await alice.client.sysManage.getMessages({ id: bob.id, type: 'roster', limit: 10 });
    expect(messages.map(({ content }) => content)).toContain('mine');
  });
});

describe('a search', () => {
  async function finds(content: string, text: string): Promise<void> {
    const two = await startTwo();
    two.bob.client.sysManage.sendRosterMessage({ uid: two.alice.id, content });
    await two.alice.events.next('onRosterMessage');
    const found = await two.alice.client.sysManage.searchMessages(text);
    expect(JSON.stringify(found)).toContain(JSON.stringify(content));
  }

  test.each([
    ['İstanbul', 'istanbul'],
    ['ISTANBUL', 'ıstanbul'],
  ])('C11: finds %j by %j', finds);

  test.each([
    ['eine straße', 'STRASSE'],
    ['un café', 'CAFE'],
    ['ὁδός', 'ΟΔΟΣ'],
    ['zero\u200bwidth', 'zerowidth'],
    ['soft\u00adhyphen', 'softhyphen'],
  ])('I10: finds %j by %j', finds);
});
