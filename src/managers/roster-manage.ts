import { mustAccount } from '../account/account.ts';
import type { AccountSource } from '../account/account.ts';
import type { ClientEvents } from '../client-events.ts';
import type { RestClient } from '../http/rest-client.ts';
import { restMethods } from '../http/rest-methods.ts';
import { idNumber, parseId } from '../model/ids.ts';
import type { IdInput } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { RosterItem } from '../model/user.ts';
import { conversationKey } from '../store/schema.ts';
import type { Emitter } from '../util/emitter.ts';
import { flatMap, fromEntries } from '../util/es2019.ts';
import { mustId } from './arguments.ts';
import { DEPLOYED_NAMES, withDeployedNames } from './deployed-names.ts';
import type { RightNames } from './deployed-names.ts';
import { createMessageCommands } from './message-commands.ts';
import type { MessageCommands } from './message-commands.ts';
import { createMessageQueries } from './message-queries.ts';
import { DELETE_FRIEND, ROSTER_ENDPOINTS } from './roster-calls.ts';
import type { RosterCalls } from './roster-calls.ts';

/** Friends and single chats (api-surface 2.2). */
export interface RosterManage extends RosterCalls, MessageCommands {
  /** The newest messages with this user, at most 100, ascending by id. */
  getRosterMessageByRid(uid: IdInput): Message[];
  /** Marks one message, or all of the conversation, read, here and at the other side. */
  readRosterMessage(uid: IdInput, mid?: IdInput): void;
  /** Messages of this user that were not read. */
  getUnreadCount(uid: IdInput): number;
  /** Ids of the friends: as stored, or with `force` as the server has them. */
  asyncGetRosterIdList(force?: boolean): Promise<number[]>;
  /** What is known of a user; fetched when there is no name yet, or with `force`. Only `user_id` when nobody has this id. */
  asyncGetRosterInfo(uid: IdInput, force?: boolean): Promise<RosterItem>;
  /** The same of many users, without those that nobody is. */
  asyncGetRosterListDetailByIds(uids: readonly IdInput[]): Promise<RosterItem[]>;
  /** @deprecated Misspelt: use {@link asyncGetRosterListDetailByIds}. */
  asnycGetRosterListDetailByIds: RosterManage['asyncGetRosterListDetailByIds'];
  /** What is known of a user at once; only `user_id` when nothing is. */
  getRosterInfo(uid: IdInput): RosterItem;
  /** Everybody whose details are known, by user id. Never undefined. */
  getAllRosterDetail(): Record<string, RosterItem>;
  /** Removes a friend, and the conversation from the list. */
  asyncDeleteRoster(params: { user_id: IdInput }): Promise<boolean>;
}

export interface RosterManageDeps {
  accounts: AccountSource;
  rest: RestClient;
  emitter: Emitter<ClientEvents>;
}

export function createRosterManage({ accounts, rest, emitter }: RosterManageDeps): RosterManage {
  const queries = createMessageQueries(accounts, 'roster');
  const infoOf = (uid: IdInput): RosterItem => {
    const id = parseId(uid) ?? '0';
    return { user_id: idNumber(id), ...accounts.current()?.store.reader.user(id) };
  };
  const manager: RightNames<RosterManage> = {
    ...restMethods<RightNames<RosterCalls>>(rest, ROSTER_ENDPOINTS),
    ...createMessageCommands(accounts, 'roster'),
    getRosterMessageByRid: queries.messages,
    readRosterMessage: queries.read,
    getUnreadCount: queries.unreadCount,
    asyncGetRosterIdList: async (force = false) => {
      const { store, directory } = mustAccount(accounts);
      return (force ? await directory.refreshFriends() : store.reader.friends()).map(idNumber);
    },
    asyncGetRosterInfo: async (uid, force) => {
      await mustAccount(accounts).directory.fetchUsers([mustId(uid, 'user_id')], force);
      return infoOf(uid);
    },
    asyncGetRosterListDetailByIds: async (uids) => {
      const { directory, store } = mustAccount(accounts);
      const ids = uids.map((uid) => mustId(uid, 'user_id'));
      await directory.fetchUsers(ids);
      return flatMap(ids, (id) => store.reader.user(id) ?? []);
    },
    getRosterInfo: infoOf,
    getAllRosterDetail: () => fromEntries(accounts.current()?.store.reader.users() ?? []),
    asyncDeleteRoster: async (params) => {
      const { store } = mustAccount(accounts);
      const id = mustId(params?.user_id, 'user_id');
      const { data } = await rest.call<boolean>(DELETE_FRIEND, { user_id: id });
      const key = conversationKey('roster', id);
      await store.update((tx) => {
        tx.removeFriend(id);
        if (tx.conversation(key)) tx.updateConversation(key, { listed: false });
      });
      emitter.emit('onRosterListUpdate', undefined);
      emitter.emit('recentlistUpdate', undefined);
      return data;
    },
  };
  return withDeployedNames(manager, DEPLOYED_NAMES.rosterManage);
}
