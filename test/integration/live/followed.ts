import { createLiveClient } from '../../../src/live/live-client.ts';
import type { LiveClient } from '../../../src/live/live-client.ts';
import type { Live } from '../../../src/live/live.ts';
import { startWorld } from '../../support/client-world.ts';
import type { Member, World } from '../../support/client-world.ts';

/** A live value that is followed to the end of the test. */
export interface Followed<T> {
  /** Each value that it had, the one at the start first. */
  readonly values: T[];
  readonly now: T;
}

export interface LiveWorld {
  readonly world: World;
  readonly alice: Member;
  readonly bob: Member;
  /** The live values of alice's client. */
  readonly live: LiveClient;
  follow<T>(source: Live<T>): Followed<T>;
}

export async function startLiveWorld(): Promise<LiveWorld> {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  const live = createLiveClient(alice.client);
  world.cleanup(live.open());
  return {
    world,
    alice,
    bob,
    live,
    follow: (source) => {
      const values = [source.get()];
      world.cleanup(source.subscribe(() => values.push(source.get())));
      return {
        values,
        get now() {
          return source.get();
        },
      };
    },
  };
}
