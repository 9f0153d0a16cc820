/** REST shapes of users (rest-api 3.0). Ids are numbers there and stay numbers here. */

export interface UserSettings {
  id?: number;
  user_id: number;
  /** 0 anyone may add me, 1 with my consent, 2 who answers my question, 3 nobody. */
  auth_mode?: number;
  auth_question?: string;
  auth_answer?: string;
  auto_download?: boolean;
  group_confirm?: boolean;
  no_push?: boolean;
  no_push_detail?: boolean;
  no_push_start_hour?: number;
  no_push_end_hour?: number;
  no_sounds?: boolean;
  push_nick_name?: string;
  push_token?: string;
  silence_start_time?: number;
  silence_end_time?: number;
  vibratory?: boolean;
}

export interface RosterItem {
  user_id: number;
  username?: string;
  nick_name?: string;
  alias?: string;
  avatar?: string;
  description?: string;
  ext?: string;
  public_info?: string;
  auth_mode?: number;
  auth_question?: string;
  mute_notification?: boolean;
  /** 0 friend, 1 removed, 2 stranger, 3 blocked. */
  relation?: number;
}
