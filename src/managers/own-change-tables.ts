import type { GroupInfo, UserResult } from '../model/group.ts';
import { idNumber, parseId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { RosterItem } from '../model/user.ts';
import { flatMap, fromEntries } from '../util/es2019.ts';
import type { GroupInfoCalls } from './group-info-calls.ts';
import type { GroupMemberCalls } from './group-member-calls.ts';
import type { CallParams, OwnChangeOf } from './own-changes.ts';
import type { RosterCalls } from './roster-calls.ts';
import type { UserProfileCalls } from './user-calls.ts';

type Changes<Calls> = { readonly [Name in keyof Calls]?: OwnChangeOf };

const RELATION_BLOCKED = 3;

const isOn = (value: unknown): boolean => Number(value) !== 0;
const groupText =
  (name: keyof GroupInfo): OwnChangeOf =>
  ({ value }) => ({ group: { [name]: String(value) } });
const groupSwitch =
  (name: keyof GroupInfo): OwnChangeOf =>
  ({ value }) => ({ group: { [name]: isOn(value) } });
const groupNumber =
  (name: keyof GroupInfo): OwnChangeOf =>
  (params) => ({ group: { [name]: Number(params[name]) } });

const leaveGroup: OwnChangeOf = ({ group_id }) => ({ lists: { left: parseId(group_id)! } });

export const GROUP_INFO_CHANGES: Changes<GroupInfoCalls> = {
  asyncCreate: (_, data) => {
    const info = data as GroupInfo | null | undefined;
    if (!info || parseId(info.group_id) === undefined) return {};
    return { lists: { joined: info } };
  },
  asyncDestroy: leaveGroup,
  asyncLeave: leaveGroup,
  asyncOwnerTransfer: ({ new_owner }, data) =>
    doneFor(data).length > 0 ? { group: { owner_id: idNumber(parseId(new_owner)!) } } : {},
  asyncUpdateName: groupText('name'),
  asyncUpdateDescription: groupText('description'),
  asyncUpdateAvatar: groupText('avatar'),
  asyncUpdateExt: groupText('ext'),
  asyncUpdateDisplayName: ({ value }) => ({ card: String(value) }),
  asyncUpdateAllowMemberInvitation: groupSwitch('member_invite'),
  asyncUpdateAllowMemberModify: groupSwitch('member_modify'),
  asyncUpdateEnableReadack: groupSwitch('read_ack'),
  asyncUpdateHistoryVisible: groupSwitch('history_visible'),
  asyncHideMemberInfo: groupSwitch('hide_member_info'),
  asyncUpdateRequireadminapproval: groupNumber('apply_approval'),
  asyncGroupMsgMutemode: groupNumber('msg_mute_mode'),
};

export const GROUP_MEMBER_CHANGES: Changes<GroupMemberCalls> = {
  asyncKick: (_, data) => ({ gone: doneFor(data) }),
  asyncGroupBlock: (_, data) => ({ gone: doneFor(data) }),
  asyncBanAll: (_, data) => {
    const until: unknown = (data as { ban_expire_time?: unknown } | null | undefined)?.ban_expire_time;
    return typeof until === 'number' ? { group: { ban_expire_time: until } } : {};
  },
  asyncUnBanAll: () => ({ group: { ban_expire_time: 0 } }),
};

export const ROSTER_CHANGES: Changes<RosterCalls> = {
  asyncAccept: ({ user_id }) => ({ lists: { befriended: parseId(user_id)! } }),
  asyncUpdateRosterExt: (params) => ({ user: settingsIn(params) }),
  asyncUpdateRosterAlias: (params) => ({ user: settingsIn(params) }),
  asyncBlockAdd: () => ({ user: { relation: RELATION_BLOCKED } }),
};

export const PROFILE_CHANGES: Changes<UserProfileCalls> = {
  asyncUpdateProfile: (params) => ({ user: textsIn(params, ['nick_name', 'description', 'public_info']) }),
  asyncUpdateNickName: (params) => ({ user: textsIn(params, ['nick_name']) }),
  asyncUpdateAvatar: (params) => ({ user: textsIn(params, ['avatar']) }),
};

const settingsIn = (params: CallParams): Partial<RosterItem> => ({
  ...textsIn(params, ['alias', 'ext']),
  ...('mute_notification' in params && { mute_notification: isOn(params['mute_notification']) }),
});

/** Those of these texts that the app passed. */
function textsIn(params: CallParams, names: readonly (keyof RosterItem)[]): Partial<RosterItem> {
  const passed = names.filter((name) => params[name] !== undefined && params[name] !== null);
  return fromEntries(passed.map((name) => [name, String(params[name])]));
}

// An answer of another shape than the protocol's changes nothing: the call has succeeded all the same.
const resultsIn = (data: unknown): Partial<UserResult>[] =>
  (Array.isArray(data) ? (data as unknown[]) : [data]).filter(
    (one): one is Partial<UserResult> => typeof one === 'object' && one !== null,
  );
/** The users for whom the server did what was asked. */
const doneFor = (data: unknown): Id[] =>
  flatMap(resultsIn(data), ({ user_id, result }) => (result === 'success' ? (parseId(user_id) ?? []) : []));
