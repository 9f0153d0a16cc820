import type { AppData } from './model/app-data.ts';
import { join } from './model/groups.ts';

/** The password of every seeded user. */
export const DEMO_PASSWORD = 'demo1234';

/** The result of {@link seedDemo}. */
interface DemoSeed {
  readonly users: readonly { readonly id: number; readonly username: string }[];
  readonly group: { readonly id: number; readonly name: string };
}

/** Adds three users, two friendships and a group with all three. No notice is sent, because no user is online yet. */
export function seedDemo(app: AppData): DemoSeed {
  const [alice, bob, carol] = (['alice', 'bob', 'carol'] as const).map((username) => {
    const user = app.users.add(username, DEMO_PASSWORD);
    user.profile.nick_name = username[0]!.toUpperCase() + username.slice(1);
    return user;
  }) as [Seeded, Seeded, Seeded];
  app.roster.befriend(alice.id, bob.id);
  app.roster.befriend(bob.id, carol.id);
  const now = Date.now();
  const group = app.groups.create({ ownerId: alice.id, type: 0, info: { name: 'Demo group' } }, now);
  join(group, bob.id, now);
  join(group, carol.id, now);
  return {
    users: [alice, bob, carol].map(({ id, username }) => ({ id, username })),
    group: { id: group.id, name: group.info.name },
  };
}

/** The ids that the cURL examples of the server API name. */
const EXAMPLE_FRIENDS = { a: 2199040544848, b: 2199040544992 };
const EXAMPLE_NEXT_IDS = { user: 2302128618880, group: 2306414607729 };

/**
 * Adds the data with which the documented cURL examples of the server API work unchanged, one after the other: the users
 * that they befriend, and the ids that their own user and group get.
 */
export function seedServerApi(app: AppData): void {
  for (const [username, id] of Object.entries(EXAMPLE_FRIENDS)) {
    app.ids.continueFrom({ user: id });
    app.users.add(username, DEMO_PASSWORD);
  }
  app.ids.continueFrom(EXAMPLE_NEXT_IDS);
}

type Seeded = ReturnType<AppData['users']['add']>;
