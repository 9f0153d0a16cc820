import type { AccountSource } from '../account/account.ts';
import { idNumber } from '../model/ids.ts';
import type { GroupInfo } from '../model/group.ts';
import type { Id } from '../model/ids.ts';
import type { RosterItem } from '../model/user.ts';
import { conversationOf } from '../store/schema.ts';
import type { StoredMessage } from '../store/schema.ts';
import { matchesTerms, normalizeText, searchTerms } from '../store/search-terms.ts';

/** A user found by a name, or by a message with this user. */
export interface FoundRoster {
  /** User id. */
  user_id: number;
  /** User name; `''` when it is not known. */
  username: string;
  /** URL or object name of the picture; `''` when it is not known. */
  avatar: string;
  /** Text of the message that matches, if one does. */
  content?: string;
}

/** A group found by its name, or by a message in it. */
export interface FoundGroup {
  /** Group id. */
  group_id: number;
  /** Name; `''` when it is not known. */
  name: string;
  /** Text of the message that matches, if one does. */
  content?: string;
}

/** Result of `sysManage.makeSearch`. */
export interface ContactSearch {
  /** Users that match. */
  rosterArr: FoundRoster[];
  /** Groups that match. */
  groupArr: FoundGroup[];
}

/** Searches memory: the names of all known users and groups, and the newest messages of recent conversations. */
export function searchContacts(accounts: AccountSource, text: unknown): ContactSearch {
  const found: ContactSearch = { rosterArr: [], groupArr: [] };
  const account = accounts.current();
  const terms = searchTerms(typeof text === 'string' ? text : '');
  if (!account || terms.length === 0) return found;
  const matches = (...texts: (string | undefined)[]): boolean =>
    texts.some((each) => each && matchesTerms(normalizeText(each), terms));
  const { reader } = account.store;

  const contents = { roster: new Map<Id, StoredMessage>(), group: new Map<Id, StoredMessage>() };
  for (const [key, messages] of reader.messagesInMemory()) {
    const { type, id } = conversationOf(key);
    const newest = [...messages].reverse().find((message) => message.type === 'text' && matches(message.content));
    if (newest) contents[type].set(id, newest);
  }
  const addUser = (id: Id, { username = '', avatar = '' }: Partial<RosterItem>, message?: StoredMessage): void =>
    void found.rosterArr.push({
      user_id: idNumber(id),
      username,
      avatar,
      ...(message && { content: message.content }),
    });
  for (const [id, user] of reader.users()) {
    const message = contents.roster.get(id);
    contents.roster.delete(id);
    if (message || matches(user.username, user.nick_name, user.alias)) addUser(id, user, message);
  }
  for (const [id, message] of contents.roster) addUser(id, {}, message);
  const addGroup = (id: Id, { name = '' }: Partial<GroupInfo>, message?: StoredMessage): void =>
    void found.groupArr.push({ group_id: idNumber(id), name, ...(message && { content: message.content }) });
  for (const [id, group] of reader.groups()) {
    const message = contents.group.get(id);
    contents.group.delete(id);
    if (message || matches(group.name)) addGroup(id, group, message);
  }
  for (const [id, message] of contents.group) addGroup(id, {}, message);
  return found;
}
