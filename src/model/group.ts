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
  msg_mute_mode?: number;
  msg_push_mode?: number;
}

export interface GroupMember {
  user_id: number;
  display_name?: string;
  join_time?: number;
}

export interface CreateGroupParams {
  name: string;
  type?: number;
  avatar?: string;
  description?: string;
  user_list?: readonly number[];
}
