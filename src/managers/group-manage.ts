import { mustAccount } from '../account/account.ts';
import type { AccountSource } from '../account/account.ts';
import type { ClientEvents } from '../client-events.ts';
import { GROUP_INFO } from '../http/endpoints.ts';
import type { RestClient } from '../http/rest-client.ts';
import { restMethods } from '../http/rest-methods.ts';
import type { GroupInfo, NamedGroupMember } from '../model/group.ts';
import { idNumber, parseId } from '../model/ids.ts';
import type { IdInput } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import { conversationKey } from '../store/schema.ts';
import type { Emitter } from '../util/emitter.ts';
import { flatMap, fromEntries } from '../util/es2019.ts';
import { mustId } from './arguments.ts';
import { DEPLOYED_NAMES, withDeployedNames } from './deployed-names.ts';
import type { RightNames } from './deployed-names.ts';
import type { GroupCalls } from './group-calls.ts';
import { GROUP_CONTENT_ENDPOINTS } from './group-content-calls.ts';
import type { GroupContentCalls } from './group-content-calls.ts';
import { GROUP_INFO_ENDPOINTS } from './group-info-calls.ts';
import type { GroupInfoCalls } from './group-info-calls.ts';
import { GROUP_MEMBER_ENDPOINTS } from './group-member-calls.ts';
import type { GroupMemberCalls } from './group-member-calls.ts';
import { createMessageCommands } from './message-commands.ts';
import type { MessageCommands } from './message-commands.ts';
import { createMessageQueries } from './message-queries.ts';

/** Groups and group chats (api-surface 2.3). */
export interface GroupManage extends GroupCalls, MessageCommands {
  /** The joined groups as stored, or with `force` their ids as the server has them. */
  asyncGetJoinedGroups(force: true): Promise<number[]>;
  asyncGetJoinedGroups(force?: false): Promise<GroupInfo[]>;
  /** What is known of a group; fetched when there is no name yet, or with `force`. */
  asyncGetGroupInfo(gid: IdInput, force?: boolean): Promise<GroupInfo>;
  /** What the server has of many groups, without those that it does not know. */
  asyncGetGroupListDetail(gids: readonly IdInput[]): Promise<GroupInfo[]>;
  /** Every group whose details are known, by group id. Never undefined. */
  getAllGroupDetail(): Record<string, GroupInfo>;
  /** Fetches the members: `onGroupMemberChanged` at once and when they are there, for `getGroupMembers`. */
  openGroup(gid: IdInput): void;
  /** The same; resolves with their ids, ascending. */
  asyncGetGroupMembers(gid: IdInput): Promise<number[]>;
  /** The members with their names, ascending by id; none before the group was opened. */
  getGroupMembers(gid: IdInput): NamedGroupMember[];
  /** The newest messages of this group, at most 100, ascending by id. */
  getGroupMessage(gid: IdInput): Message[];
  /** @deprecated Misspelt: use {@link getGroupMessage}. */
  getGruopMessage: GroupManage['getGroupMessage'];
  /** Marks one message, or all of the group, read. */
  readGroupMessage(gid: IdInput, mid?: IdInput): void;
  /** Messages of this group that were not read. */
  getUnreadCount(gid: IdInput): number;
  /** The user saw that somebody mentioned them: `hasAt` of the conversation goes. */
  consumeGroupAtStatus(gid: IdInput): void;
}

export interface GroupManageDeps {
  accounts: AccountSource;
  rest: RestClient;
  emitter: Emitter<ClientEvents>;
}

export function createGroupManage({ accounts, rest, emitter }: GroupManageDeps): GroupManage {
  const queries = createMessageQueries(accounts, 'group');
  async function asyncGetJoinedGroups(force?: boolean): Promise<(number | GroupInfo)[]> {
    const { store, directory } = mustAccount(accounts);
    if (force) return (await directory.refreshGroups()).map(idNumber);
    return store.reader.joinedGroups().map((id) => ({ ...store.reader.group(id), group_id: idNumber(id) }));
  }
  const asyncGetGroupMembers = async (gid: IdInput): Promise<number[]> => {
    const id = mustId(gid, 'group_id');
    const account = mustAccount(accounts);
    const members = await account.members.open(id);
    if (account.isOpen) emitter.emit('onGroupMemberChanged', idNumber(id));
    return members.map(idNumber);
  };
  const manager: RightNames<GroupManage> = {
    ...restMethods<GroupInfoCalls>(rest, GROUP_INFO_ENDPOINTS),
    ...restMethods<RightNames<GroupMemberCalls>>(rest, GROUP_MEMBER_ENDPOINTS),
    ...restMethods<RightNames<GroupContentCalls>>(rest, GROUP_CONTENT_ENDPOINTS),
    ...createMessageCommands(accounts, 'group'),
    asyncGetJoinedGroups: asyncGetJoinedGroups as GroupManage['asyncGetJoinedGroups'],
    asyncGetGroupInfo: async (gid, force) => {
      const { store } = mustAccount(accounts);
      const id = mustId(gid, 'group_id');
      if (force || !store.reader.group(id)?.name) {
        const { data } = await rest.call<GroupInfo>(GROUP_INFO, { group_id: id });
        await store.update((tx) => tx.putGroupInfos([data]));
      }
      return { ...store.reader.group(id), group_id: idNumber(id) };
    },
    asyncGetGroupListDetail: async (gids) => {
      const { store, directory } = mustAccount(accounts);
      const ids = gids.map((gid) => mustId(gid, 'group_id'));
      await directory.fetchGroups(ids, true);
      return flatMap(ids, (id) => store.reader.group(id) ?? []);
    },
    getAllGroupDetail: () => fromEntries(accounts.current()?.store.reader.groups() ?? []),
    openGroup: (gid) => {
      emitter.emit('onGroupMemberChanged', idNumber(mustId(gid, 'group_id')));
      // An app that wants to know whether it went well awaits asyncGetGroupMembers.
      asyncGetGroupMembers(gid).catch(() => undefined);
    },
    asyncGetGroupMembers,
    getGroupMembers: (gid) => accounts.current()?.members.of(parseId(gid) ?? '0') ?? [],
    getGroupMessage: queries.messages,
    readGroupMessage: queries.read,
    getUnreadCount: queries.unreadCount,
    consumeGroupAtStatus: (gid) => {
      const key = conversationKey('group', mustId(gid, 'group_id'));
      const { store } = mustAccount(accounts);
      if (!store.reader.conversation(key)?.hasAt) return;
      store
        .update((tx) => tx.updateConversation(key, { hasAt: false }))
        .then(
          () => emitter.emit('recentlistUpdate', undefined),
          // The mark stays, as the app can see.
          () => undefined,
        );
    },
  };
  return withDeployedNames(manager, DEPLOYED_NAMES.groupManage);
}
