import { mustAccount, mustResumedAccount } from '../account/account.ts';
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
import { copiesById, copyData } from '../util/copy-data.ts';
import { flatMap } from '../util/es2019.ts';
import { mustId, mustIds } from './arguments.ts';
import { DEPLOYED_NAMES, withDeployedNames } from './deployed-names.ts';
import type { RightNames } from './deployed-names.ts';
import { GROUP_CONTENT_ENDPOINTS } from './group-content-calls.ts';
import type { GroupContentCalls } from './group-content-calls.ts';
import { GROUP_INFO_ENDPOINTS } from './group-info-calls.ts';
import type { GroupInfoCalls } from './group-info-calls.ts';
import { GROUP_MEMBER_ENDPOINTS } from './group-member-calls.ts';
import type { GroupMemberCalls } from './group-member-calls.ts';
import { createMessageCommands } from './message-commands.ts';
import type { MessageCommands } from './message-commands.ts';
import { createMessageQueries } from './message-queries.ts';
import { GROUP_INFO_CHANGES, GROUP_MEMBER_CHANGES } from './own-change-tables.ts';
import { withOwnChanges } from './own-changes.ts';

/**
 * Calls to the server about groups: one REST call each. They reject as those of {@link UserCalls} do. A call about one group
 * also rejects with `GroupNotExist`, `GroupNotMemberFound`, and `GroupAdminPermissionRequired` or
 * `GroupOwnerPermissionRequired`. Local data changes when the server's notice arrives, on every device alike.
 */
export interface GroupCalls extends GroupInfoCalls, GroupMemberCalls, GroupContentCalls {}

/** Groups, and group chats. */
export interface GroupManage extends GroupCalls, MessageCommands {
  /**
   * Lists the ids of the joined groups, from the server.
   *
   * @param force - true
   * @throws FlooError `UserNotLogin` when nobody is logged in
   */
  asyncGetJoinedGroups(force: true): Promise<number[]>;
  /**
   * Lists the joined groups, from storage.
   *
   * @param force - false or absent
   * @throws FlooError `UserNotLogin` when nobody is logged in
   * @example
   * const groups = await im.groupManage.asyncGetJoinedGroups();
   * for (const { group_id, name } of groups) console.log(group_id, name);
   */
  asyncGetJoinedGroups(force?: false): Promise<GroupInfo[]>;
  /**
   * Lists the joined groups: their ids from the server, or their details from storage.
   *
   * @param force - true: from the server
   * @throws FlooError `UserNotLogin` when nobody is logged in
   */
  asyncGetJoinedGroups(force?: boolean): Promise<(number | GroupInfo)[]>;
  /**
   * Resolves with the details of a group. It fetches them when no name is known yet.
   *
   * @param gid - the group
   * @param force - true: fetch them in any case
   * @throws FlooError `GroupNotExist` when there is no such group
   */
  asyncGetGroupInfo(gid: IdInput, force?: boolean): Promise<GroupInfo>;
  /**
   * Fetches the details of many groups. Groups that the server does not know are left out.
   *
   * @param gids - ids of the groups
   * @throws FlooError `InvalidParam` when `gids` is no list of ids
   */
  asyncGetGroupListDetail(gids: readonly IdInput[]): Promise<GroupInfo[]>;
  /** Returns every group whose details are known, by group id. Empty when nobody is logged in. */
  getAllGroupDetail(): Record<string, GroupInfo>;
  /**
   * Fetches the members of a group for `getGroupMembers`. It emits `onGroupMemberChanged` at once, and again when
   * they are there.
   *
   * @param gid - the group
   * @throws FlooError `InvalidParam` when `gid` is no id
   */
  openGroup(gid: IdInput): void;
  /**
   * Fetches the members of a group for `getGroupMembers`, and emits `onGroupMemberChanged`.
   *
   * @param gid - the group
   * @param force - no effect; deployed apps pass it
   * @returns their user ids, ascending
   * @throws FlooError `InvalidParam` when `gid` is no id
   * @throws FlooError `UserNotLogin` when nobody is logged in
   */
  asyncGetGroupMembers(gid: IdInput, force?: boolean): Promise<number[]>;
  /**
   * Returns the members with their names, ascending by id. Empty before `openGroup` or `asyncGetGroupMembers`.
   *
   * @param gid - the group
   */
  getGroupMembers(gid: IdInput): NamedGroupMember[];
  /**
   * Returns the newest messages of a group, at most 100, ascending by id. `sysManage.getMessages` reads any page.
   *
   * @param gid - the group
   */
  getGroupMessage(gid: IdInput): Message[];
  /** @deprecated Misspelt: use {@link getGroupMessage}. */
  getGruopMessage: GroupManage['getGroupMessage'];
  /**
   * Marks a message, or all messages of a group, as read.
   *
   * @param gid - the group
   * @param mid - the message; absent: all of them
   * @throws FlooError `InvalidParam` when `gid` or `mid` is no id
   */
  readGroupMessage(gid: IdInput, mid?: IdInput): void;
  /**
   * Returns the number of unread messages of a group, including those that are still on the server.
   *
   * @param gid - the group
   */
  getUnreadCount(gid: IdInput): number;
  /**
   * Clears the mark that somebody mentioned the user: `hasAt` of the conversation becomes false.
   *
   * @param gid - the group
   * @throws FlooError `InvalidParam` when `gid` is no id
   * @throws FlooError `UserNotLogin` when nobody is logged in
   */
  consumeGroupAtStatus(gid: IdInput): void;
}

interface GroupManageDeps {
  accounts: AccountSource;
  rest: RestClient;
  emitter: Emitter<ClientEvents>;
}

export function createGroupManage(deps: GroupManageDeps): GroupManage {
  const { accounts, rest, emitter } = deps;
  const queries = createMessageQueries(accounts, 'group');
  async function asyncGetJoinedGroups(force?: boolean): Promise<(number | GroupInfo)[]> {
    const { store, directory } = await mustResumedAccount(accounts);
    if (force) return (await directory.refreshGroups()).map(idNumber);
    await store.loaded;
    return store.reader.joinedGroups().map((id) => ({ ...copyData(store.reader.group(id)), group_id: idNumber(id) }));
  }
  const asyncGetGroupMembers = async (gid: IdInput): Promise<number[]> => {
    const id = mustId(gid, 'group_id');
    const account = await mustResumedAccount(accounts);
    const members = await account.members.open(id);
    if (account.isOpen) emitter.emit('onGroupMemberChanged', idNumber(id));
    return members.map(idNumber);
  };
  const manager: RightNames<GroupManage> = {
    ...withOwnChanges(restMethods<GroupInfoCalls>(rest, GROUP_INFO_ENDPOINTS), GROUP_INFO_CHANGES, deps),
    ...withOwnChanges(
      restMethods<RightNames<GroupMemberCalls>>(rest, GROUP_MEMBER_ENDPOINTS),
      GROUP_MEMBER_CHANGES,
      deps,
    ),
    ...restMethods<RightNames<GroupContentCalls>>(rest, GROUP_CONTENT_ENDPOINTS),
    ...createMessageCommands(accounts, 'group'),
    asyncGetJoinedGroups: asyncGetJoinedGroups as GroupManage['asyncGetJoinedGroups'],
    asyncGetGroupInfo: async (gid, force) => {
      const id = mustId(gid, 'group_id');
      const { store, sync } = await mustResumedAccount(accounts);
      await store.loaded;
      if (force || !store.reader.group(id)?.name) {
        const { data } = await rest.call<GroupInfo>(GROUP_INFO, { group_id: id });
        sync.details.change({ fetched: data });
      }
      return { ...copyData(store.reader.group(id)), group_id: idNumber(id) };
    },
    asyncGetGroupListDetail: async (gids) => {
      const ids = mustIds(gids, 'group_ids');
      const { store, directory } = await mustResumedAccount(accounts);
      await directory.fetchGroups(ids, true);
      return flatMap(ids, (id) => copyData(store.reader.group(id)) ?? []);
    },
    getAllGroupDetail: () => copiesById(accounts.current()?.store.reader.groups()),
    openGroup: (gid) => {
      emitter.emit('onGroupMemberChanged', idNumber(mustId(gid, 'group_id')));
      // Apps that need the outcome call asyncGetGroupMembers.
      asyncGetGroupMembers(gid).catch(() => undefined);
    },
    asyncGetGroupMembers,
    getGroupMembers: (gid) => accounts.current()?.members.of(parseId(gid) ?? '0') ?? [],
    getGroupMessage: queries.messages,
    readGroupMessage: queries.read,
    getUnreadCount: queries.unreadCount,
    consumeGroupAtStatus: (gid) => {
      const key = conversationKey('group', mustId(gid, 'group_id'));
      mustAccount(accounts).sync.conversations.consumeMention(key);
    },
  };
  return withDeployedNames(manager, DEPLOYED_NAMES.groupManage);
}
