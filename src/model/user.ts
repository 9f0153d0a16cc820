/** REST shapes of users (rest-api 3.0). Ids are numbers there and stay numbers here. */

export interface UserSettings {
  id?: number;
  user_id: number;
  /** 0 anyone may add me, 1 with my consent, 2 who answers my question, 3 nobody. */
  auth_mode?: number;
  auth_question?: string;
  auth_answer?: string;
  auto_download?: boolean;
  /** Invitations to groups need my consent. */
  group_confirm?: boolean;
  no_push?: boolean;
  no_push_detail?: boolean;
  /** Hours, 0 to 23. */
  no_push_start_hour?: number;
  no_push_end_hour?: number;
  no_sounds?: boolean;
  push_nick_name?: string;
  push_token?: string;
  /** Hours, 0 to 23. */
  silence_start_time?: number;
  silence_end_time?: number;
  vibratory?: boolean;
}

/** What one may know of oneself. */
export interface UserProfile {
  user_id: number;
  username?: string;
  nick_name?: string;
  avatar?: string;
  description?: string;
  email?: string;
  mobile?: string;
  /** For everybody; for oneself. */
  public_info?: string;
  private_info?: string;
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
  /** As in {@link UserSettings}. */
  auth_mode?: number;
  auth_question?: string;
  mute_notification?: boolean;
  /** 0 friend, 1 removed, 2 stranger, 3 blocked. */
  relation?: number;
}

/** Somebody asks to be a friend. */
export interface RosterApplication {
  user_id: number;
  reason?: string;
  /** 0 pending, 1 accepted, 2 declined. */
  status: number;
  /** ms since 1970. */
  expired_time: number;
}

/** Somebody to turn to: a service account of the app. */
export interface StaticContact {
  user_id: number;
  username?: string;
  nick_name?: string;
  avatar?: string;
  source?: string;
}
