import { mustAccount } from '../account/account.ts';
import type { AccountSource } from '../account/account.ts';
import { FlooError } from '../errors.ts';
import { ENDPOINTS } from '../http/endpoints.ts';
import type { RestClient } from '../http/rest-client.ts';
import type { CreateGroupParams, GroupInfo } from '../model/group.ts';
import { idNumber } from '../model/ids.ts';
import type { IdInput } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import { createMessageCommands } from './message-commands.ts';
import type { MessageCommands } from './message-commands.ts';
import { createMessageQueries } from './message-queries.ts';

/** Groups and group chats (api-surface 2.3). */
export interface GroupManage extends MessageCommands {
  /** Creates a group; the invited join at once or are asked, as they chose. @throws FlooError GroupExceedLimitUserCreate, … */
  asyncCreate(params: CreateGroupParams): Promise<GroupInfo>;
  /** The joined groups as stored, or with `force` their ids as the server has them. */
  asyncGetJoinedGroups(force: true): Promise<number[]>;
  asyncGetJoinedGroups(force?: false): Promise<GroupInfo[]>;
  /** Every group whose details are known, by group id. Never undefined. */
  getAllGroupDetail(): Record<string, GroupInfo>;
  /** The newest messages of this group, at most 100, ascending by id. */
  getGroupMessage(gid: IdInput): Message[];
  /** @deprecated the deployed spelling of {@link GroupManage.getGroupMessage}. */
  getGruopMessage(gid: IdInput): Message[];
  /** Marks one message, or all of the group, read. */
  readGroupMessage(gid: IdInput, mid?: IdInput): void;
  /** Messages of this group that were not read. */
  getUnreadCount(gid: IdInput): number;
}

export function createGroupManage({ accounts, rest }: { accounts: AccountSource; rest: RestClient }): GroupManage {
  const queries = createMessageQueries(accounts, 'group');
  async function asyncGetJoinedGroups(force?: boolean): Promise<(number | GroupInfo)[]> {
    const { store, directory } = mustAccount(accounts);
    if (force) return (await directory.refreshGroups()).map(idNumber);
    return [...store.working.groups].map((id) => ({ ...store.working.groupInfos.get(id), group_id: idNumber(id) }));
  }
  return {
    ...createMessageCommands(accounts, 'group'),
    asyncCreate: async (params) => {
      if (!params.name) throw new FlooError('InvalidParam', 'name can not be null..');
      return (await rest.call<GroupInfo>(ENDPOINTS.groupCreate, { ...params })).data;
    },
    asyncGetJoinedGroups: asyncGetJoinedGroups as GroupManage['asyncGetJoinedGroups'],
    getAllGroupDetail: () => Object.fromEntries(accounts.current()?.store.working.groupInfos ?? []),
    getGroupMessage: queries.messages,
    getGruopMessage: queries.messages,
    readGroupMessage: queries.read,
    getUnreadCount: queries.unreadCount,
  };
}
