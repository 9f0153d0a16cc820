import type { AccountSource } from '../account/account.ts';
import { idNumber } from '../model/ids.ts';
import { conversationOf, isMessage } from '../store/schema.ts';
import { normalizeText } from '../store/search-text.ts';
import { matchesTerms, searchTerms } from '../store/search.ts';
import type { Tail } from '../store/segments.ts';

/** A user found by name, or by the `content` of a message with this user. */
export interface FoundRoster {
  user_id: number;
  username: string;
  avatar: string;
  content?: string;
}

/** A group found by name, or by the `content` of a message in it. */
export interface FoundGroup {
  group_id: number;
  name: string;
  content?: string;
}

export interface ContactSearch {
  rosterArr: FoundRoster[];
  groupArr: FoundGroup[];
}

/** Searches what is in memory: the names of all known users and groups, the newest messages of recent conversations. */
export function searchContacts(accounts: AccountSource, text: unknown): ContactSearch {
  const found: ContactSearch = { rosterArr: [], groupArr: [] };
  const account = accounts.current();
  const terms = searchTerms(typeof text === 'string' ? text : '');
  if (!account || terms.length === 0) return found;
  const matches = (...texts: (string | undefined)[]): boolean =>
    texts.some((each) => each && matchesTerms(normalizeText(each), terms));
  const { users, groupInfos, tails } = account.store.working;

  const contents = { roster: new Map<string, string>(), group: new Map<string, string>() };
  for (const [key, tail] of tails.entries()) {
    const { type, id } = conversationOf(key);
    const content = newestMatch(tail, matches);
    if (content !== undefined) contents[type].set(id, content);
  }
  for (const id of new Set([...users.keys(), ...contents.roster.keys()])) {
    const { username = '', avatar = '', nick_name, alias } = users.get(id) ?? {};
    const content = contents.roster.get(id);
    if (content === undefined && !matches(username, nick_name, alias)) continue;
    found.rosterArr.push({ user_id: idNumber(id), username, avatar, ...(content !== undefined && { content }) });
  }
  for (const id of new Set([...groupInfos.keys(), ...contents.group.keys()])) {
    const { name = '' } = groupInfos.get(id) ?? {};
    const content = contents.group.get(id);
    if (content === undefined && !matches(name)) continue;
    found.groupArr.push({ group_id: idNumber(id), name, ...(content !== undefined && { content }) });
  }
  return found;
}

/** The text of the newest message that matches. */
function newestMatch(tail: Tail, matches: (text: string) => boolean): string | undefined {
  for (let segment = tail.length - 1; segment >= 0; segment--) {
    const { items } = tail[segment]!;
    for (let at = items.length - 1; at >= 0; at--) {
      const item = items[at]!;
      if (isMessage(item) && item.type === 'text' && matches(item.content)) return item.content;
    }
  }
  return undefined;
}
