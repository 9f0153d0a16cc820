import type { GroupInfo } from '../model/group.ts';
import { parseId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { RosterItem } from '../model/user.ts';
import { flatMap, fromEntries } from '../util/es2019.ts';
import { isObject } from './record-shapes.ts';

/** What is known of a user or a group, in an answer, a notice or a record. */
type Details = RosterItem | GroupInfo;

type Fields = Readonly<Record<string, unknown>>;

/** Fields that apps show as text, and that a search looks through. */
const TEXTS: readonly string[] = [
  ...['username', 'name', 'nick_name', 'nickname', 'alias', 'display_name', 'avatar'],
  ...['description', 'ext', 'public_info', 'auth_question'],
];

/**
 * Reads details that came from outside, with their ids. What has no id is left out. A text that is none costs that field; a
 * number becomes text.
 *
 * @param idField - the field with the id
 */
export function readDetails<T extends Details>(items: unknown, idField: 'user_id' | 'group_id'): [Id, T][] {
  const read: [Id, T][] = [];
  for (const item of Array.isArray(items) ? (items as unknown[]) : []) {
    const id = isObject(item) ? parseId(item[idField]) : undefined;
    // Its fields were checked as far as anything here relies on them.
    if (id !== undefined) read.push([id, withTexts(item as Fields) as T]);
  }
  return read;
}

function withTexts(item: Fields): Fields {
  const isWrong = (name: string, value: unknown): boolean =>
    TEXTS.includes(name) && value !== null && typeof value !== 'string';
  const entries = Object.entries(item);
  if (!entries.some(([name, value]) => isWrong(name, value))) return item;
  return fromEntries(
    flatMap(entries, ([name, value]): [string, unknown][] =>
      !isWrong(name, value) ? [[name, value]] : typeof value === 'number' ? [[name, String(value)]] : [],
    ),
  );
}
