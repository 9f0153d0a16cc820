import { mustAccount } from '../account/account.ts';
import type { AccountSource } from '../account/account.ts';
import { idNumber } from '../model/ids.ts';
import type { IdInput } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { RosterItem } from '../model/user.ts';
import { createMessageCommands } from './message-commands.ts';
import type { MessageCommands } from './message-commands.ts';
import { createMessageQueries } from './message-queries.ts';

/** Friends and single chats (api-surface 2.2). */
export interface RosterManage extends MessageCommands {
  /** The newest messages with this user, at most 100, ascending by id. */
  getRosterMessageByRid(uid: IdInput): Message[];
  /** Marks one message, or all of the conversation, read, here and at the other side. */
  readRosterMessage(uid: IdInput, mid?: IdInput): void;
  /** Messages of this user that were not read. */
  getUnreadCount(uid: IdInput): number;
  /** Ids of the friends: as stored, or with `force` as the server has them. */
  asyncGetRosterIdList(force?: boolean): Promise<number[]>;
  /** Everybody whose details are known, by user id. Never undefined. */
  getAllRosterDetail(): Record<string, RosterItem>;
}

export function createRosterManage({ accounts }: { accounts: AccountSource }): RosterManage {
  const queries = createMessageQueries(accounts, 'roster');
  return {
    ...createMessageCommands(accounts, 'roster'),
    getRosterMessageByRid: queries.messages,
    readRosterMessage: queries.read,
    getUnreadCount: queries.unreadCount,
    asyncGetRosterIdList: async (force = false) => {
      const { store, directory } = mustAccount(accounts);
      return (force ? await directory.refreshFriends() : [...store.working.friends]).map(idNumber);
    },
    getAllRosterDetail: () => Object.fromEntries(accounts.current()?.store.working.users ?? []),
  };
}
