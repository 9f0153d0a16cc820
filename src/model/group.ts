import type { IdInput } from './ids.ts';

/** A group. Only `group_id` is always there: a list of many groups has fewer fields than one group asked for alone. */
export interface GroupInfo {
  /** Id of the group. */
  group_id: number;
  /** Name to show. */
  name?: string;
  /** URL or object name of its picture, for `sysManage.getImage`. */
  avatar?: string;
  /** Description. */
  description?: string;
  /** The app's own text about the group, JSON by habit. */
  ext?: string;
  /** 0 private, 1 public, 2 chat room, 3 temporary. */
  type?: number;
  /** 0 normal, 1 dissolved. */
  status?: number;
  /** User id of the owner. */
  owner_id?: number;
  /** How many members it may have. */
  capacity?: number;
  /** How many members it has. */
  count?: number;
  /** When it was created, ms since 1970. */
  created_at?: number;
  /** When it last changed, ms since 1970. */
  updated_at?: number;
  /** Who may join on request: 0 everybody, 1 who an admin accepts, 2 nobody. */
  apply_approval?: number;
  /** When the ban of the whole group ends, as the server gives it. 0 or a time in the past: no ban; -1: no end. */
  ban_expire_time?: number;
  /** Whether new members can read older messages. */
  history_visible?: boolean;
  /** Whether members cannot see each other's details. */
  hide_member_info?: boolean;
  /** Whether every member may invite. */
  member_invite?: boolean;
  /** Whether every member may change name, picture and description. */
  member_modify?: boolean;
  /** Whether messages ask for read receipts. */
  read_ack?: boolean;
  /** The user's own setting: 0 not muted, 1 no local alert, 2 messages are not received. */
  msg_mute_mode?: number;
  /** The user's own setting for pushes: 0 all, 1 none, 2 from admins and mentions, 3 from admins, 4 mentions. */
  msg_push_mode?: number;
}

/** A member of a group, as the server has it. */
export interface GroupMember {
  /** The user. */
  user_id: number;
  /** The member's card: the name used in this group. */
  display_name?: string;
  /** When the user joined, ms since 1970. */
  join_time?: number;
}

/** A member of a group with the details that are known of the user. */
export interface NamedGroupMember extends GroupMember {
  /** The first of these that is there: alias (not for oneself), card, nick name, user name, id. */
  display_name: string;
  /** User name; `''` when it is not known. */
  username: string;
  /** URL or object name of the picture; `''` when it is not known. */
  avatar: string;
  /** Whether there is a name besides the user name and the id. Always true for oneself. */
  has_nick: boolean;
}

/** A member who may not write for a while. */
export interface BannedMember extends GroupMember {
  /** When the ban ends, ms since 1970; -1: never. */
  expired_time: number;
}

/** The facts about a new group. */
export interface CreateGroupParams {
  /** Name to show. */
  name: string;
  /** 0 private, 1 public, 2 chat room, 3 temporary. */
  type?: number;
  /** URL or object name of an uploaded picture. */
  avatar?: string;
  /** Description. */
  description?: string;
  /** User ids to invite. */
  user_list?: readonly IdInput[];
}

/** The outcome for one user of a list. */
export interface UserResult {
  /** The user. */
  user_id: number;
  /** Whether the call worked for this user. */
  result: 'success' | 'fail';
  /** The server's reason when it failed. */
  reason?: string;
}

/** An announcement of a group. */
export interface Announcement {
  /** Id of the announcement. */
  id: number;
  /** The group. */
  group_id: number;
  /** User id of its author. */
  author: number;
  /** Title. */
  title: string;
  /** Text. */
  content: string;
  /** When it was published, ms since 1970. */
  created_at: number;
}

/** A user who was removed from a group and cannot come back. */
export interface BlockedMember {
  /** The user. */
  user_id: number;
  /** The group. */
  group_id: number;
  /** When the user was blocked, date and time as text. */
  created_at?: string;
}

/** An invitation that the user got. */
export interface GroupInvitation {
  /** The group. */
  group_id: number;
  /** User id of the member who invites. */
  inviter_id: number;
  /** User id of the invited user. */
  invitee_id: number;
  /** What the inviter wrote. */
  reason?: string;
  /** 0 pending, 1 accepted, 2 declined. */
  status: number;
  /** When it expires, ms since 1970. */
  expired_time: number;
  /** When it last changed, date and time as text. */
  updated_at?: string;
}

/** A request to join a group. */
export interface GroupApplication {
  /** The group. */
  group_id: number;
  /** User id of the user who wants to join. */
  applicant_id: number;
  /** What the applicant wrote. */
  reason?: string;
  /** 0 pending, 1 accepted, 2 declined. */
  status: number;
  /** When it expires, ms since 1970. */
  expired_time: number;
}
