/** The user's settings at the server. */
export interface UserSettings {
  /** Id of the record at the server. */
  id?: number;
  /** The user. */
  user_id: number;
  /** Who may become a friend: 0 everybody, 1 with the user's consent, 2 who answers the question, 3 nobody. */
  auth_mode?: number;
  /** The question, for `auth_mode` 2. */
  auth_question?: string;
  /** The right answer, for `auth_mode` 2. */
  auth_answer?: string;
  /** Whether the user's apps download files by themselves. */
  auto_download?: boolean;
  /** Whether invitations to groups need the user's consent. Without it the user joins at once. */
  group_confirm?: boolean;
  /** Whether pushes are off. */
  no_push?: boolean;
  /** Whether pushes hide the text of a message. */
  no_push_detail?: boolean;
  /** First hour without pushes, 0 to 23. */
  no_push_start_hour?: number;
  /** Last hour without pushes, 0 to 23. */
  no_push_end_hour?: number;
  /** Whether pushes are silent. */
  no_sounds?: boolean;
  /** The user's name in pushes to others. */
  push_nick_name?: string;
  /** Where pushes for the user go. */
  push_token?: string;
  /** First hour of silence, 0 to 23. */
  silence_start_time?: number;
  /** Last hour of silence, 0 to 23. */
  silence_end_time?: number;
  /** Whether pushes vibrate. */
  vibratory?: boolean;
}

/** The user's own profile. */
export interface UserProfile {
  /** The user. */
  user_id: number;
  /** The unique name to log in with. */
  username?: string;
  /** Name to show. */
  nick_name?: string;
  /** URL or object name of the picture, for `sysManage.getImage`. */
  avatar?: string;
  /** What the user writes about themselves. */
  description?: string;
  /** Another name, where a server sends it. */
  alias?: string;
  /** E-mail address. */
  email?: string;
  /** Mobile number. */
  mobile?: string;
  /** The app's own text about the user; everybody can read it. */
  public_info?: string;
  /** The app's own text about the user; only the user can read it. */
  private_info?: string;
}

/** A user as the logged-in user sees them, friend or not. */
export interface RosterItem {
  /** The user. */
  user_id: number;
  /** The unique name to log in with. */
  username?: string;
  /** Name that this user shows to everybody. */
  nick_name?: string;
  /** Another spelling of `nick_name`, where a server sends it. */
  nickname?: string;
  /** Name that the logged-in user gave to this friend. */
  alias?: string;
  /** Name to show, where a server sends one. */
  display_name?: string;
  /** Whether `display_name` is more than the user name, where a server sends it. */
  has_nick?: boolean;
  /** URL or object name of the picture, for `sysManage.getImage`. */
  avatar?: string;
  /** What this user writes about themselves. */
  description?: string;
  /** What the logged-in user keeps about this friend. */
  ext?: string;
  /** The app's own text about this user. */
  public_info?: string;
  /** Who may become a friend: 0 everybody, 1 with the user's consent, 2 who answers the question, 3 nobody. */
  auth_mode?: number;
  /** The question, for `auth_mode` 2. */
  auth_question?: string;
  /** Whether the logged-in user muted this friend. */
  mute_notification?: boolean;
  /** 0 friend, 1 removed, 2 stranger, 3 blocked. */
  relation?: number;
}

/** A request to become a friend of the logged-in user. */
export interface RosterApplication {
  /** User id of the applicant. */
  user_id: number;
  /** What the applicant wrote. */
  reason?: string;
  /** 0 pending, 1 accepted, 2 declined. */
  status: number;
  /** When it expires, ms since 1970. */
  expired_time: number;
}

/** A service account of the app, for users who need help. */
export interface StaticContact {
  /** The service account's user id. */
  user_id: number;
  /** User name. */
  username?: string;
  /** Name to show. */
  nick_name?: string;
  /** Another spelling of `nick_name`, where a server sends it. */
  nickname?: string;
  /** URL or object name of the picture, for `sysManage.getImage`. */
  avatar?: string;
  /** Where this contact comes from, as the server names it. */
  source?: string;
}
