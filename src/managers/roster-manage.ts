import { mustResumedAccount } from '../account/account.ts';
import type { AccountSource } from '../account/account.ts';
import type { ClientEvents } from '../client-events.ts';
import type { RestClient } from '../http/rest-client.ts';
import { restMethods } from '../http/rest-methods.ts';
import { idNumber, parseId } from '../model/ids.ts';
import type { IdInput } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { RosterItem } from '../model/user.ts';
import type { Emitter } from '../util/emitter.ts';
import { copiesById, copyData } from '../util/copy-data.ts';
import { flatMap } from '../util/es2019.ts';
import { mustId, mustIds } from './arguments.ts';
import { DEPLOYED_NAMES, withDeployedNames } from './deployed-names.ts';
import type { RightNames } from './deployed-names.ts';
import { createMessageCommands } from './message-commands.ts';
import type { MessageCommands } from './message-commands.ts';
import { createMessageQueries } from './message-queries.ts';
import { ROSTER_CHANGES } from './own-change-tables.ts';
import { withOwnChanges } from './own-changes.ts';
import { DELETE_FRIEND, ROSTER_ENDPOINTS } from './roster-calls.ts';
import type { RosterCalls } from './roster-calls.ts';

/** Friends, and chats with one user. */
export interface RosterManage extends RosterCalls, MessageCommands {
  /**
   * Returns the newest messages with a user, at most 100, ascending by id. `sysManage.getMessages` reads any page.
   *
   * @param uid - the user
   * @example
   * const messages = im.rosterManage.getRosterMessageByRid(6597478514688);
   * console.log(messages[messages.length - 1]?.content);
   */
  getRosterMessageByRid(uid: IdInput): Message[];
  /**
   * Marks a message, or all messages from a user, as read. The other side gets a receipt.
   *
   * @param uid - the user
   * @param mid - the message; absent: all of them
   * @throws FlooError `InvalidParam` when `uid` or `mid` is no id
   * @example
   * im.rosterManage.readRosterMessage(6597478514688);
   */
  readRosterMessage(uid: IdInput, mid?: IdInput): void;
  /**
   * Returns the number of unread messages from a user, including those that are still on the server.
   *
   * @param uid - the user
   */
  getUnreadCount(uid: IdInput): number;
  /**
   * Lists the ids of the friends.
   *
   * @param force - true: from the server; else from storage
   * @throws FlooError `UserNotLogin` when nobody is logged in
   * @example
   * const friends = await im.rosterManage.asyncGetRosterIdList();
   * for (const id of friends) console.log(im.rosterManage.getRosterInfo(id).nick_name);
   */
  asyncGetRosterIdList(force?: boolean): Promise<number[]>;
  /**
   * Resolves with the details of a user. It fetches them when no name is known yet.
   *
   * @param uid - the user
   * @param force - true: fetch them in any case
   * @returns the details; only `user_id` when nobody has this id
   * @throws FlooError `UserNotLogin` when nobody is logged in
   */
  asyncGetRosterInfo(uid: IdInput, force?: boolean): Promise<RosterItem>;
  /**
   * Resolves with the details of many users. Users that the server does not know are left out.
   *
   * @param uids - user ids
   * @throws FlooError `InvalidParam` when `uids` is no list of ids
   * @throws FlooError `UserNotLogin` when nobody is logged in
   */
  asyncGetRosterListDetailByIds(uids: readonly IdInput[]): Promise<RosterItem[]>;
  /** @deprecated Misspelt: use {@link asyncGetRosterListDetailByIds}. */
  asnycGetRosterListDetailByIds: RosterManage['asyncGetRosterListDetailByIds'];
  /**
   * Returns what is known of a user, from memory. Only `user_id` when nothing is known.
   *
   * @param uid - the user
   */
  getRosterInfo(uid: IdInput): RosterItem;
  /** Returns everybody whose details are known, by user id. Empty when nobody is logged in. */
  getAllRosterDetail(): Record<string, RosterItem>;
  /**
   * Removes a friend, and the conversation from the list. The server may refuse it, so the getters show it when the promise
   * resolves. The messages stay.
   *
   * @param params.user_id - the friend
   * @throws FlooError `UserNotLogin` when nobody is logged in
   */
  asyncDeleteRoster(params: { user_id: IdInput }): Promise<boolean>;
}

interface RosterManageDeps {
  accounts: AccountSource;
  rest: RestClient;
  emitter: Emitter<ClientEvents>;
}

export function createRosterManage(deps: RosterManageDeps): RosterManage {
  const { accounts, rest } = deps;
  const queries = createMessageQueries(accounts, 'roster');
  const infoOf = (uid: IdInput): RosterItem => {
    const id = parseId(uid) ?? '0';
    return { user_id: idNumber(id), ...copyData(accounts.current()?.store.reader.user(id)) };
  };
  const manager: RightNames<RosterManage> = {
    ...withOwnChanges(restMethods<RightNames<RosterCalls>>(rest, ROSTER_ENDPOINTS), ROSTER_CHANGES, deps),
    ...createMessageCommands(accounts, 'roster'),
    getRosterMessageByRid: queries.messages,
    readRosterMessage: queries.read,
    getUnreadCount: queries.unreadCount,
    asyncGetRosterIdList: async (force = false) => {
      const { store, directory } = await mustResumedAccount(accounts);
      return (force ? await directory.refreshFriends() : store.reader.friends()).map(idNumber);
    },
    asyncGetRosterInfo: async (uid, force) => {
      const id = mustId(uid, 'user_id');
      const { directory } = await mustResumedAccount(accounts);
      await directory.fetchUsers([id], force);
      return infoOf(uid);
    },
    asyncGetRosterListDetailByIds: async (uids) => {
      const ids = mustIds(uids, 'user_ids');
      const { directory, store } = await mustResumedAccount(accounts);
      await directory.fetchUsers(ids);
      return flatMap(ids, (id) => copyData(store.reader.user(id)) ?? []);
    },
    getRosterInfo: infoOf,
    getAllRosterDetail: () => copiesById(accounts.current()?.store.reader.users()),
    asyncDeleteRoster: async (params) => {
      const id = mustId(params?.user_id, 'user_id');
      const account = await mustResumedAccount(accounts);
      const { data } = await rest.call<boolean>(DELETE_FRIEND, { user_id: id });
      if (account.isOpen) account.sync.details.change({ unfriended: id });
      return data;
    },
  };
  return withDeployedNames(manager, DEPLOYED_NAMES.rosterManage);
}
