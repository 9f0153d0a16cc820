import type { FileResult, SharedFile } from '../model/file.ts';
import type {
  Announcement,
  BannedMember,
  BlockedMember,
  CreateGroupParams,
  GroupApplication,
  GroupInfo,
  GroupInvitation,
  GroupMember,
  UserResult,
} from '../model/group.ts';
import type { IdInput } from '../model/ids.ts';
import type { Paged, PageQuery } from '../model/page.ts';

interface Group {
  group_id: IdInput;
}

interface Users extends Group {
  user_list: readonly IdInput[];
}

interface Text extends Group {
  value: string;
}

/** Deployed apps send 0 and 1. */
interface Switch extends Group {
  value: boolean | 0 | 1;
}

interface OneAnnouncement extends Group {
  announcement_id: IdInput;
}

/**
 * What the server does about groups: one REST call each (api-surface 2.3). They reject as those of {@link UserCalls}; what
 * concerns a group also with GroupNotExist, GroupNotMemberFound, and GroupAdminPermissionRequired or
 * GroupOwnerPermissionRequired. What changes here follows from the server's notice, for every device alike.
 */
export interface GroupCalls {
  /** Creates a group; the invited join at once or are asked, as they chose. @throws FlooError GroupExceedLimitUserCreate, … */
  asyncCreate(params: CreateGroupParams): Promise<GroupInfo>;
  /** Dissolves a group. */
  asyncDestroy(params: Group): Promise<boolean>;
  /** @throws FlooError GroupOwnerCannotLeave. */
  asyncLeave(params: Group): Promise<boolean>;
  /** Makes a member the owner. @throws FlooError GroupTransferNotAllowed. */
  asyncOwnerTransfer(params: Group & { new_owner: IdInput }): Promise<UserResult>;
  /** A group, joined or not, from the server. */
  asyncGetInfo(group: Group | IdInput): Promise<GroupInfo>;
  /** The same with one's own settings for it. */
  asyncGetSettings(params: Group): Promise<GroupInfo>;
  /** Ids of the joined groups. */
  asyncGetUserJoined(params?: PageQuery): Promise<Paged<number>>;
  /** Ids of the groups that everybody may find. */
  asyncGetPublicList(params?: PageQuery): Promise<Paged<number>>;

  asyncUpdateName(params: Text): Promise<boolean>;
  asyncUpdateDescription(params: Text): Promise<boolean>;
  /** @param params `value`: URL or object name of an uploaded picture. */
  asyncUpdateAvatar(params: Text): Promise<boolean>;
  asyncUpdateExt(params: Text): Promise<boolean>;
  /** One's own card: the name in this group. */
  asyncUpdateDisplayName(params: Text): Promise<boolean>;

  asyncUpdateAllowMemberInvitation(params: Switch): Promise<boolean>;
  asyncUpdateAllowMemberModify(params: Switch): Promise<boolean>;
  asyncUpdateEnableReadack(params: Switch): Promise<boolean>;
  asyncUpdateHistoryVisible(params: Switch): Promise<boolean>;
  asyncHideMemberInfo(params: Switch): Promise<boolean>;
  /** @param params `apply_approval`: 0 accept all, 1 an admin decides, 2 refuse all. */
  asyncUpdateRequireadminapproval(params: Group & { apply_approval: number }): Promise<boolean>;
  /** One's own: 0 none, 1 no local alert, 2 nothing is received. */
  asyncGroupMsgMutemode(params: Group & { msg_mute_mode: number }): Promise<boolean>;
  asyncUpdateMsgNotDisturb(params: Switch): Promise<unknown>;

  /** The members as the server has them; `getGroupMembers` has their names too. */
  asyncGetMemberList(group: (Group & PageQuery) | IdInput): Promise<Paged<GroupMember>>;
  /** The cards of some members. */
  asyncGetMemberDisplayName(params: Users): Promise<Paged<GroupMember>>;
  /** Without the owner. */
  asyncGetAdminList(params: Group): Promise<Paged<GroupMember>>;
  asyncAdminAdd(params: Users): Promise<UserResult[]>;
  asyncAdminRemove(params: Users): Promise<UserResult[]>;
  asyncKick(params: Users): Promise<UserResult[]>;

  asyncInvite(params: Users & { reason?: string }): Promise<UserResult[]>;
  /** The invitations the user got. */
  asyncGetInvitationList(params?: PageQuery): Promise<Paged<GroupInvitation>>;
  /** Answers an invitation. @throws FlooError GroupInvitationExpiredOrHandled. */
  asyncInviteHandle(params: Group & { approval: boolean; user_id: IdInput }): Promise<boolean>;
  /** Asks to be let in. */
  asyncApply(params: Group & { reason?: string }): Promise<UserResult>;
  /** Who asks to be let in to these groups of the user's. */
  asyncGetApplicationList(params: PageQuery & { group_list: readonly IdInput[] }): Promise<Paged<GroupApplication>>;
  /** @deprecated the deployed spelling of {@link asyncGetApplicationList}. */
  asncGetApplicationList: GroupCalls['asyncGetApplicationList'];
  /** Answers an application. @throws FlooError GroupApplicationExpiredOrHandled. */
  asyncApplyHandle(params: Group & { approval: boolean; user_id: IdInput }): Promise<UserResult>;

  /** Who may not write for a while. */
  asyncGroupBannedList(params: Group & PageQuery): Promise<Paged<BannedMember>>;
  /** @param params `duration`: minutes; -1: forever. */
  asyncGroupBan(params: Users & { duration: number }): Promise<UserResult[]>;
  /** @deprecated the deployed spelling of {@link asyncGroupBan}. */
  asyncGroupBab: GroupCalls['asyncGroupBan'];
  asyncGroupUnban(params: Users): Promise<UserResult[]>;
  /** Only owner and admins may write. @param params `duration`: minutes; -1: forever. */
  asyncBanAll(params: Group & { duration: number }): Promise<{ ban_expire_time: number }>;
  asyncUnBanAll(params: Group): Promise<boolean>;
  /** Who was removed and cannot come back. */
  asyncGroupBlockedlist(params: Group & PageQuery): Promise<Paged<BlockedMember>>;
  /** @deprecated the deployed spelling of {@link asyncGroupBlockedlist}. */
  asyncGroupBockedlist: GroupCalls['asyncGroupBlockedlist'];
  /** Removes users, who cannot come back. */
  asyncGroupBlock(params: Users): Promise<UserResult[]>;
  asyncGroupUnblock(params: Users): Promise<UserResult[]>;

  /** Oldest first. */
  asyncGetAnnouncementList(params: Group): Promise<Paged<Announcement>>;
  asyncGetAnnouncementById(params: OneAnnouncement): Promise<Announcement>;
  /** @deprecated the deployed spelling of {@link asyncGetAnnouncementById}. */
  asyncGetAnouncementById: GroupCalls['asyncGetAnnouncementById'];
  /** Adds an announcement; there is no way to change one. */
  asyncAnnouncementEdit(params: Group & { title: string; content: string }): Promise<Announcement>;
  asyncAnnouncementDelete(params: OneAnnouncement): Promise<boolean>;
  /** @deprecated the deployed spelling of {@link asyncAnnouncementDelete}. */
  asyncAnouncementDelete: GroupCalls['asyncAnnouncementDelete'];

  asyncGetFileList(params: Group): Promise<Paged<SharedFile>>;
  /** Shares a file that is uploaded already. @param params `size`: bytes. */
  asyncFileUpload(params: Group & { name: string; size: number; url: string; type?: string }): Promise<SharedFile>;
  asyncFileDelete(params: Group & { file_list: readonly IdInput[] }): Promise<FileResult[]>;
}
