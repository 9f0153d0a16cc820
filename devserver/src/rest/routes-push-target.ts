import type { User } from '../model/users.ts';
import { DONE } from './answer.ts';
import { int, list, optional, text } from './params.ts';
import { GET, POST, route } from './route.ts';
import type { Route } from './route.ts';

const tags = { tags: list(text(), 'The tags.') };

/** What `/push/notify` finds a user by. */
export const pushTargetRoutes: readonly Route[] = [
  route({
    methods: POST,
    path: '/user/push/alias',
    summary: 'Changes the alias that pushes find the caller by.',
    body: { alias: text('The alias.'), push_token: optional(text('Has no effect.')) },
    handle({ user }, { alias }) {
      user.push = { ...pushOf(user), alias };
      return DONE;
    },
  }),
  route({
    methods: POST,
    path: '/user/push/badge',
    summary: "Changes the number on the icon of the caller's app.",
    body: { badge: int('The number.', { min: 0 }) },
    handle({ user }, { badge }) {
      user.push = { ...pushOf(user), badge };
      return DONE;
    },
  }),
  route({
    methods: GET,
    path: '/user/push/tag',
    summary: 'The tags that pushes find the caller by.',
    answers: list(text(), 'The tags.'),
    handle: ({ user }) => ({ data: pushOf(user).tags }),
  }),
  route({
    methods: POST,
    path: '/user/push/tag',
    summary: 'Adds tags that pushes find the caller by.',
    body: tags,
    handle({ user }, { tags: added }) {
      const push = pushOf(user);
      user.push = { ...push, tags: [...new Set([...push.tags, ...added])] };
      return DONE;
    },
  }),
  route({
    methods: ['DELETE'],
    path: '/user/push/tag',
    summary: 'Removes tags of the caller.',
    body: tags,
    handle({ user }, { tags: removed }) {
      const push = pushOf(user);
      user.push = { ...push, tags: push.tags.filter((tag) => !removed.includes(tag)) };
      return DONE;
    },
  }),
  route({
    methods: ['DELETE'],
    path: '/user/push/tag/all',
    summary: 'Removes all tags of the caller.',
    handle({ user }) {
      user.push = { ...pushOf(user), tags: [] };
      return DONE;
    },
  }),
];

function pushOf({ push }: User): NonNullable<User['push']> {
  return push ?? { tags: [] };
}
