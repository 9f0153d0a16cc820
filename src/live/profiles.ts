import type { FlooClient, GroupInfo, RosterItem } from '../index.ts';
import { conversationKey } from './conversations.ts';
import type { ConversationRef } from './conversations.ts';
import type { Hub } from './hub.ts';
import { createLive } from './live.ts';
import type { Live } from './live.ts';

/** How a user or a group is shown. */
export interface Profile<Info = RosterItem | GroupInfo> {
  /** The name to show: for a user the first of alias, nick name and user name that is known; else the id. */
  readonly name: string;
  /** URL of a small picture; `''` when there is none. */
  readonly avatar: string;
  /** Everything that is known. Undefined until something is. */
  readonly info: Info | undefined;
}

/** `getImage` returns it when there is no picture. */
const NO_PICTURE = '-';

/** Names and pictures of users and groups, shared by all who show one. Those that are not known are fetched, all of a moment by one request. */
function createProfiles(hub: Hub): (ref: ConversationRef | undefined) => Live<Profile> {
  /** Who was asked for since the last login, found or not. */
  const asked = new Set<string>();
  let missing: ConversationRef[] = [];
  let groups: Record<string, GroupInfo> | undefined;

  const fetchMissing = (): void => {
    const { client } = hub;
    const idsOf = (kind: string): ConversationRef['id'][] =>
      missing.filter(({ type }) => type === kind).map(({ id }) => id);
    const [users, chats] = [idsOf('roster'), idsOf('group')];
    missing = [];
    const show = (): void => hub.emit('onGroupListUpdate', 'people');
    // Who could not be fetched is shown by the id, and asked for again after the next login.
    if (users.length > 0) client?.rosterManage.asyncGetRosterListDetailByIds(users).then(show, () => undefined);
    if (chats.length > 0) client?.groupManage.asyncGetGroupListDetail(chats).then(show, () => undefined);
  };
  const want = (client: FlooClient, ref: ConversationRef): void => {
    const key = conversationKey(ref);
    if (asked.has(key) || !client.isLogin()) return;
    asked.add(key);
    missing.push(ref);
    hub.schedule(fetchMissing);
  };
  /** All groups, read once a turn, however many rows of a list show one. */
  const groupOf = (client: FlooClient, id: string): GroupInfo | undefined => {
    if (!groups) void Promise.resolve().then(() => (groups = undefined));
    groups ??= client.groupManage.getAllGroupDetail();
    return groups[id];
  };
  return (ref) => {
    let isFollowed = false;
    return createLive<Profile>(hub, {
      topics: ['people'],
      empty: { name: '', avatar: '', info: undefined },
      onEvent: (event) => {
        isFollowed = event !== 'close';
        if (event === 'loginSuccess') asked.delete(conversationKey(ref!));
      },
      read:
        ref &&
        ((client) => {
          const { type, id } = ref;
          const info = type === 'group' ? groupOf(client, String(id)) : client.rosterManage.getRosterInfo(id);
          const name = info && nameOf(info);
          if (!name && isFollowed) want(client, ref);
          const avatar = info?.avatar;
          const url = avatar && client.sysManage.getImage({ avatar, type, sdefault: NO_PICTURE });
          return {
            name: name || String(id),
            avatar: !url || url === NO_PICTURE ? '' : url,
            info: name ? info : undefined,
          };
        }),
    });
  };
}

/** The name and the picture of a user or a group. */
export const liveProfile = (hub: Hub, ref: ConversationRef | undefined): Live<Profile> => hub.of(createProfiles)(ref);

function nameOf(info: RosterItem | GroupInfo): string | undefined {
  if ('group_id' in info) return info.name;
  return info.alias || info.nick_name || info.nickname || info.username;
}
