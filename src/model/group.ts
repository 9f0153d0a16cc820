/** A group (api-surface 4.8). Only `group_id` is always there: the batch endpoint answers with fewer fields. */
export interface GroupInfo {
  group_id: number;
  name?: string;
  avatar?: string;
  description?: string;
  ext?: string;
  /** 0 private, 1 public, 2 chat room, 3 temporary. */
  type?: number;
  /** 0 normal, 1 dissolved. */
  status?: number;
  owner_id?: number;
  capacity?: number;
  count?: number;
  /** ms since 1970. */
  created_at?: number;
  updated_at?: number;
  /** 0 accept all, 1 an admin decides, 2 refuse all. */
  apply_approval?: number;
  /** 0 or past: none; -1: forever. */
  ban_expire_time?: number;
  history_visible?: boolean;
  hide_member_info?: boolean;
  member_invite?: boolean;
  member_modify?: boolean;
  /** Messages ask for read receipts. */
  read_ack?: boolean;
  /** One's own: 0 none, 1 no local alert, 2 nothing is received. */
  msg_mute_mode?: number;
  /** One's own: 0 all, 1 none, 2 admins and mentions, 3 admins, 4 mentions. */
  msg_push_mode?: number;
}

/** A member as the server says it. */
export interface GroupMember {
  user_id: number;
  /** The card: the name in this group. */
  display_name?: string;
  /** ms since 1970. */
  join_time?: number;
}

/** A member with what is known of the user. */
export interface NamedGroupMember extends GroupMember {
  /** The first there is of: alias (not of oneself), card, nick name, user name, id. */
  display_name: string;
  username: string;
  avatar: string;
  /** There is a name beside the user name and the id; always for oneself. */
  has_nick: boolean;
}

export interface BannedMember extends GroupMember {
  /** ms since 1970; -1: forever. */
  expired_time: number;
}

export interface CreateGroupParams {
  name: string;
  type?: number;
  avatar?: string;
  description?: string;
  /** Who is invited. */
  user_list?: readonly number[];
}

/** What became of one user of a list. */
export interface UserResult {
  user_id: number;
  result: 'success' | 'fail';
  reason?: string;
}

export interface Announcement {
  id: number;
  group_id: number;
  author: number;
  title: string;
  content: string;
  /** ms since 1970. */
  created_at: number;
}

export interface BlockedMember {
  user_id: number;
  group_id: number;
  created_at?: string;
}

/** The user is asked to join. */
export interface GroupInvitation {
  group_id: number;
  inviter_id: number;
  invitee_id: number;
  reason?: string;
  /** 0 pending, 1 agreed, 2 refused. */
  status: number;
  /** ms since 1970. */
  expired_time: number;
  updated_at?: string;
}

/** Somebody asks to be let in. */
export interface GroupApplication {
  group_id: number;
  applicant_id: number;
  reason?: string;
  /** 0 pending, 1 accepted, 2 declined. */
  status: number;
  /** ms since 1970. */
  expired_time: number;
}
