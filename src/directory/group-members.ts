import { GROUP_MEMBERS, MEMBER_CARDS } from '../http/endpoints.ts';
import { allItems } from '../http/pages.ts';
import type { RestClient } from '../http/rest-client.ts';
import type { GroupMember, NamedGroupMember } from '../model/group.ts';
import { compareIds, parseId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Store } from '../store/store.ts';
import { copyData } from '../util/copy-data.ts';
import type { Directory } from './directory.ts';

interface GroupMembersDeps {
  rest: RestClient;
  store: Pick<Store, 'reader' | 'loaded'>;
  directory: Pick<Directory, 'fetchUsers'>;
  self: Id;
}

/** The members of groups that were opened. They are in memory only. */
export class GroupMembers {
  private readonly deps: GroupMembersDeps;
  private readonly groups = new Map<Id, Map<Id, GroupMember>>();

  constructor(deps: GroupMembersDeps) {
    this.deps = deps;
  }

  /** The members with the names that are known now, ascending by id; empty for a group that was not opened. */
  of(group: Id): NamedGroupMember[] {
    const { store, self } = this.deps;
    const members = [...(this.groups.get(group) ?? [])].sort(([a], [b]) => compareIds(a, b));
    return members.map(([id, member]) => {
      const { alias, nick_name, username = '', avatar = '' } = store.reader.user(id) ?? {};
      const name = (id !== self && alias) || member.display_name || nick_name;
      return {
        ...copyData(member),
        username,
        avatar,
        has_nick: !!name || id === self,
        display_name: name || username || id,
      };
    });
  }

  /** Fetches the members of a group with their cards and details. @returns their ids, ascending */
  async open(group: Id): Promise<Id[]> {
    const { rest, store } = this.deps;
    // Whoever sees members may need what is known of their group.
    await store.loaded;
    const list = await allItems<GroupMember>(rest, GROUP_MEMBERS, { group_id: group });
    const members = byId(list);
    this.groups.set(group, members);
    await this.refresh(group, [...members.keys()]);
    return [...members.keys()].sort(compareIds);
  }

  /** Fetches members who joined or changed their card. Does nothing for a group that was not opened. */
  async refresh(group: Id, ids: readonly Id[]): Promise<void> {
    const { rest, directory } = this.deps;
    const opened = this.groups.get(group);
    if (!opened || ids.length === 0) return;
    // They are added now: a member who is missing when the answer comes has left meanwhile.
    for (const id of ids) if (!opened.has(id)) opened.set(id, { user_id: Number(id) });
    const cards = byId(await allItems<GroupMember>(rest, MEMBER_CARDS, { group_id: group, user_list: ids }));
    const members = this.groups.get(group)!;
    for (const id of ids) {
      const member = members.get(id);
      if (member) members.set(id, { ...member, ...cards.get(id) });
    }
    await directory.fetchUsers(ids);
  }

  /** A member has another card. @returns whether that is a member of a group that was opened */
  rename(group: Id, id: Id, card: string): boolean {
    const members = this.groups.get(group);
    const member = members?.get(id);
    if (member) members!.set(id, { ...member, display_name: card });
    return member !== undefined;
  }

  /** Removes members who left. @returns whether one was among those of a group that was opened */
  remove(group: Id, ids: readonly Id[]): boolean {
    const members = this.groups.get(group);
    return ids.filter((id) => members?.delete(id)).length > 0;
  }
}

/** What has no id is left out. */
function byId(members: readonly (GroupMember | null)[]): Map<Id, GroupMember> {
  const found = new Map<Id, GroupMember>();
  for (const member of members) {
    const id = parseId(member?.user_id);
    if (member && id !== undefined) found.set(id, member);
  }
  return found;
}
