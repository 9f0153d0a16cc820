import type { Endpoint, Refusal } from './endpoint-table.ts';
import { accountRows } from './rows-account.ts';
import { appRows } from './rows-app.ts';
import { conversationRows } from './rows-conversation.ts';
import { groupContentRows } from './rows-group-content.ts';
import { groupJoinRows } from './rows-group-join.ts';
import { groupModerationRows } from './rows-group-moderation.ts';
import { groupRows } from './rows-group.ts';
import { mobileRows } from './rows-mobile.ts';
import { rosterRows } from './rows-roster.ts';
import { userRows } from './rows-user.ts';
import { wechatRows } from './rows-wechat.ts';
import type { Request, World } from './world.ts';

/** Every endpoint that the dev server has for apps. */
export const ROWS: readonly Endpoint[] = [
  ...accountRows,
  ...userRows,
  ...conversationRows,
  ...rosterRows,
  ...groupRows,
  ...groupJoinRows,
  ...groupModerationRows,
  ...groupContentRows,
  ...appRows,
  ...mobileRows,
  ...wechatRows,
];
/** Each of them with each of its methods: a name, the method and the row. */
export const CALLS = ROWS.flatMap((row) =>
  row.methods.split(' ').map((method) => [`${method} ${row.path}`, method, row] as const),
);

/** The request of a row, or one that differs from it. */
export function requestOf(row: Endpoint, world: World, { by, change }: Partial<Refusal> = {}): Request {
  const [method] = row.methods.split(' ');
  const changed = change?.(world) ?? {};
  const inQuery = new Set(Object.keys(row.query?.(world) ?? {}));
  const query = { ...row.query?.(world) };
  const body = { ...row.body?.(world) };
  for (const [name, value] of Object.entries(changed)) (inQuery.has(name) || !row.body ? query : body)[name] = value;
  return { method: method!, path: row.path, by: by ?? row.by ?? 'alice', query, body };
}
