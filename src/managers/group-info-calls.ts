import { GROUP_IDS, GROUP_INFO } from '../http/endpoints.ts';
import type { EndpointTable } from '../http/endpoints.ts';
import type { CreateGroupParams, GroupInfo, UserResult } from '../model/group.ts';
import type { IdInput } from '../model/ids.ts';
import type { Paged, PageQuery } from '../model/page.ts';

/** Names a group. */
interface Group {
  /** Id of the group. */
  group_id: IdInput;
}

/** A text to set for a group. */
interface Text extends Group {
  /** The new text. */
  value: string;
}

/** A switch of a group. */
interface Switch extends Group {
  /** Whether it is on. Deployed apps send 0 and 1. */
  value: boolean | number;
}

/**
 * Groups and their settings: one REST call each. What a call changed is seen by getters, with its event, when it resolves. They reject as those of {@link UserCalls} do, and with `GroupNotExist`,
 * `GroupNotMemberFound`, `GroupAdminPermissionRequired` or `GroupOwnerPermissionRequired`.
 */
export interface GroupInfoCalls {
  /**
   * Creates a group. The invited users join at once or are asked, as they chose.
   *
   * @throws FlooError `GroupExceedLimitUserCreate` when the user may not create more groups
   */
  asyncCreate(params: CreateGroupParams): Promise<GroupInfo>;
  /** Dissolves a group. */
  asyncDestroy(params: Group): Promise<boolean>;
  /**
   * Leaves a group.
   *
   * @throws FlooError `GroupOwnerCannotLeave` when the user is its owner
   */
  asyncLeave(params: Group): Promise<boolean>;
  /**
   * Makes a member the owner.
   *
   * @param params.new_owner - user id of the new owner
   * @throws FlooError `GroupTransferNotAllowed` when the server does not allow it
   */
  asyncOwnerTransfer(params: Group & { new_owner: IdInput }): Promise<UserResult>;
  /**
   * Fetches a group from the server. The user need not be a member.
   *
   * @param group - the group, or its id alone
   */
  asyncGetInfo(group: Group | IdInput): Promise<GroupInfo>;
  /** Fetches a group with the user's own settings for it. */
  asyncGetSettings(params: Group): Promise<GroupInfo>;
  /** Lists the ids of the joined groups. */
  asyncGetUserJoined(params?: PageQuery): Promise<Paged<number>>;
  /** Lists the ids of the groups that everybody may find. */
  asyncGetPublicList(params?: PageQuery): Promise<Paged<number>>;

  /** Changes the name of a group. */
  asyncUpdateName(params: Text): Promise<boolean>;
  /** Changes the description of a group. */
  asyncUpdateDescription(params: Text): Promise<boolean>;
  /**
   * Changes the avatar of a group.
   *
   * @param params.value - URL or object name of an uploaded picture
   */
  asyncUpdateAvatar(params: Text): Promise<boolean>;
  /** Changes the app's own text about a group. */
  asyncUpdateExt(params: Text): Promise<boolean>;
  /** Changes the user's own card, which is the name in this group. */
  asyncUpdateDisplayName(params: Text): Promise<boolean>;

  /** Sets whether members may invite users. */
  asyncUpdateAllowMemberInvitation(params: Switch): Promise<boolean>;
  /** Sets whether members may change the group's name and other details. */
  asyncUpdateAllowMemberModify(params: Switch): Promise<boolean>;
  /** Sets whether messages in the group ask for read receipts. */
  asyncUpdateEnableReadack(params: Switch): Promise<boolean>;
  /** Sets whether new members see earlier messages. */
  asyncUpdateHistoryVisible(params: Switch): Promise<boolean>;
  /** Sets whether members cannot see the details of other members. */
  asyncHideMemberInfo(params: Switch): Promise<boolean>;
  /**
   * Sets how applications to join are answered.
   *
   * @param params.apply_approval - 0 accept all, 1 an admin decides, 2 refuse all
   */
  asyncUpdateRequireadminapproval(params: Group & { apply_approval: number }): Promise<boolean>;
  /**
   * Mutes a group for the user.
   *
   * @param params.msg_mute_mode - 0 none, 1 no local alert, 2 nothing is received
   */
  asyncGroupMsgMutemode(params: Group & { msg_mute_mode: number }): Promise<boolean>;
  /** Sets whether messages of a group do not alert the user. */
  asyncUpdateMsgNotDisturb(params: Switch): Promise<unknown>;
}

export const GROUP_INFO_ENDPOINTS = {
  asyncCreate: { method: 'POST', path: '/group/create', send: 'body', required: ['name'] },
  asyncDestroy: { method: 'POST', path: '/group/destroy', send: 'query', required: ['group_id'] },
  asyncLeave: { method: 'POST', path: '/group/leave', send: 'query', required: ['group_id'] },
  asyncOwnerTransfer: { method: 'POST', path: '/group/transfer', send: 'body', required: ['group_id', 'new_owner'] },
  asyncGetInfo: GROUP_INFO,
  asyncGetSettings: { method: 'GET', path: '/group/settings', required: ['group_id'] },
  asyncGetUserJoined: GROUP_IDS,
  asyncGetPublicList: { method: 'GET', path: '/group/public_list' },

  asyncUpdateName: { method: 'POST', path: '/group/info/name', send: 'body', required: ['group_id', 'value'] },
  asyncUpdateDescription: {
    method: 'POST',
    path: '/group/info/description',
    send: 'body',
    required: ['group_id', 'value'],
  },
  asyncUpdateAvatar: { method: 'POST', path: '/group/info/avatar', send: 'body', required: ['group_id', 'value'] },
  asyncUpdateExt: { method: 'POST', path: '/group/info/ext', send: 'body', required: ['group_id', 'value'] },
  asyncUpdateDisplayName: {
    method: 'POST',
    path: '/group/display_name',
    send: 'body',
    required: ['group_id', 'value'],
  },

  asyncUpdateAllowMemberInvitation: {
    method: 'POST',
    path: '/group/settings/allow_member_invitation',
    send: 'body',
    required: ['group_id', 'value'],
  },
  asyncUpdateAllowMemberModify: {
    method: 'POST',
    path: '/group/settings/allow_member_modify',
    send: 'body',
    required: ['group_id', 'value'],
  },
  asyncUpdateEnableReadack: {
    method: 'POST',
    path: '/group/settings/enable_read_ack',
    send: 'body',
    required: ['group_id', 'value'],
  },
  asyncUpdateHistoryVisible: {
    method: 'POST',
    path: '/group/settings/history_visible',
    send: 'body',
    required: ['group_id', 'value'],
  },
  asyncHideMemberInfo: {
    method: 'POST',
    path: '/group/settings/hide_member_info',
    send: 'body',
    required: ['group_id', 'value'],
  },
  asyncUpdateRequireadminapproval: {
    method: 'POST',
    path: '/group/settings/require_admin_approval',
    send: 'body',
    required: ['group_id', 'apply_approval'],
  },
  asyncGroupMsgMutemode: {
    method: 'POST',
    path: '/group/msg/mute_mode',
    send: 'body',
    required: ['group_id', 'msg_mute_mode'],
  },
  asyncUpdateMsgNotDisturb: {
    method: 'POST',
    path: '/group/msg/not_disturb',
    send: 'body',
    required: ['group_id', 'value'],
  },
} as const satisfies EndpointTable<GroupInfoCalls>;
