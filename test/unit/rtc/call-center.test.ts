// Any order of events: one call at a time, one record for each, and nothing is left after its end.
import { expect, test } from 'vitest';
import { fc } from '../../support/property.ts';
import { IN_A_TAB, openCenters, settle, TO_THE_USER } from './center-world.ts';
import type { World } from './center-world.ts';

type Step = readonly [name: string, tab: number];

/** Any events, in any tab. */
const steps = (tabs: number): fc.Arbitrary<Step[]> =>
  fc.array(fc.tuple(fc.constantFrom(...Object.keys({ ...IN_A_TAB, ...TO_THE_USER })), fc.nat({ max: tabs - 1 })), {
    maxLength: 40,
  });

/** @param check - after each step */
async function run(world: World, given: readonly Step[], check: () => void = () => undefined): Promise<void> {
  for (const [name, tab] of given) {
    TO_THE_USER[name]?.(world);
    IN_A_TAB[name]?.(world.all[tab]!);
    await settle();
    check();
    world.advance(1);
    await settle();
  }
  // What is being made is there a moment later.
  for (let turn = 0; turn < 4; turn++) {
    world.advance(10);
    await settle();
  }
  for (const { center } of world.all) {
    center.current?.hangUp();
    await settle();
  }
  for (const tab of world.all) IN_A_TAB['online']!(tab);
  await settle();
  world.advance(200_000);
  await settle();
}

const openMedia = ({ all }: World): object[] => all.flatMap(({ media }) => media.filter(({ isClosed }) => !isClosed));

test.each([1, 2] as const)('whatever happens, nothing is left after the end, with %i tabs', async (count) => {
  await fc.assert(
    fc.asyncProperty(steps(count), async (given) => {
      const world = openCenters(count);
      const check = (): void => {
        // One tab has the devices at most, and none without a call.
        expect(openMedia(world).length).toBeLessThanOrEqual(1);
        for (const { center, media, handlers } of world.all) {
          if (center.live) continue;
          expect([center.current, media.filter(({ isClosed }) => !isClosed), handlers.size]).toEqual([null, [], 0]);
        }
      };
      await run(world, given, check);
      check();
      expect(world.all.map(({ center }) => center.live)).toEqual(world.all.map(() => undefined));
      expect(world.timers.size).toBe(0);
      // The next call is anybody's.
      if (world.tabs) expect(await world.tabs.lock('call', 'try').isHeld).toBe(true);
    }),
  );
});

/** A call that rings in another tab rings again after a login. */
const lastOfEach = <T extends { readonly call: { readonly id: string } }>(ended: readonly T[]): T[] => [
  ...new Map(ended.map((end) => [end.call.id, end])).values(),
];

/** Ends after which the caller, or whoever noticed it, writes a record. */
const RECORDED = ['hungUp', 'canceled', 'timeout', 'peerDeclined', 'busy'];

test.each([1, 2] as const)(
  'whatever happens, a call has one record, and no message after its end, with %i tabs',
  async (count) => {
    await fc.assert(
      fc.asyncProperty(steps(count), async (given) => {
        const world = openCenters(count);
        await run(world, given);
        const names = given.map(([name]) => name);
        for (const { by, call, saidBefore, isOnline } of world.all.flatMap(({ ended }) => lastOfEach(ended))) {
          const own = world.said.filter(({ callId }) => callId === call.id);
          const records = own.filter(({ action }) => action === 'record');
          // A tab that makes another call says busy, while the user declines in the one that rings.
          const hangUps = own.filter(
            ({ action, content, isRefused }) => action === 'hangup' && content !== 'busy' && !isRefused,
          );
          expect(hangUps.length).toBeLessThanOrEqual(1);
          expect(records.length).toBeLessThanOrEqual(1);
          const isPeers = names.includes('peer records') || names.includes('peer drops');
          if (!isPeers && call.direction === 'outgoing' && RECORDED.includes(String(call.reason)))
            expect(records).toHaveLength(1);
          const after = world.said.slice(saidBefore).filter((said) => said.callId === call.id && said.by === by);
          // A record may be owed by a client that was offline, and a tab that was making another call says that it is busy.
          const isLate = ({ action, content }: (typeof after)[number]): boolean =>
            content !== 'busy' && (isOnline || action !== 'record');
          expect(after.filter(isLate)).toEqual([]);
        }
      }),
    );
  },
);

test('a call that ends while its tab asks for the lock: the lock is given back', async () => {
  const answers: ((isHeld: boolean) => void)[] = [];
  let released = 0;
  const lost = new Promise<void>(() => undefined);
  const world = openCenters(1, {
    open: () => ({ post: () => undefined, close: () => undefined }),
    lock: (_name, how) => {
      const isHeld = how === 'try' ? new Promise<boolean>((resolve) => answers.push(resolve)) : Promise.resolve(true);
      return { isHeld, lost, release: () => released++ };
    },
  });
  const [tab] = world.all;
  const later = async (): Promise<void> => {
    await settle();
    world.advance(5);
    await settle();
  };
  TO_THE_USER['other calls']!(world);
  await later();
  IN_A_TAB['accept']!(tab!);
  await later();
  // Another tab has a call. This one ends, and then that one.
  IN_A_TAB['decline']!(tab!);
  answers[0]!(false);
  await later();
  answers[1]!(true);
  await later();
  expect([answers.length, tab!.center.live, tab!.media]).toEqual([2, undefined, []]);
  expect(released).toBe(2);
});
