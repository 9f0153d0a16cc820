import type { AppData } from './model/app-data.ts';
import { join } from './model/groups.ts';

/** The password of every user that {@link seedDemo} makes. */
export const DEMO_PASSWORD = 'demo1234';

/** What {@link seedDemo} made. */
export interface DemoSeed {
  readonly users: readonly { readonly id: number; readonly username: string }[];
  readonly group: { readonly id: number; readonly name: string };
}

/** Three users, two friendships and a group with all three; nobody is told, for nobody is online yet. */
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

type Seeded = ReturnType<AppData['users']['add']>;
