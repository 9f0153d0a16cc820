import type { IdInput } from '../model/ids.ts';
import type { Paged, PageQuery } from '../model/page.ts';
import type { RosterApplication, RosterItem, UserProfile, UserSettings } from '../model/user.ts';

interface User {
  user_id: IdInput;
}

/** What the server does about friends: one REST call each (api-surface 2.2). They reject as those of {@link UserCalls}. */
export interface RosterCalls {
  /** The own profile, always from the server: a copy would not know of changes on other devices. */
  asyncGetUserProfile(force?: boolean): Promise<UserProfile>;
  /** The same as `userManage.asyncRegister`. */
  asyncRegister(params: { username: string; password: string }): Promise<UserSettings>;
  /** @deprecated the deployed spelling of {@link asyncRegister}. */
  asyncRegester: RosterCalls['asyncRegister'];

  /** Who asked to be a friend. @param params `cursor` must be there; `''`: all of them. */
  asyncGetApplyList(params: PageQuery & { cursor: string }): Promise<Paged<RosterApplication>>;
  /** Asks a user to be a friend. @throws FlooError UserNotExist, CurrentUserIsInRoster, RosterRejectApplication, … */
  asyncApply(params: User & { alias: string; reason?: string; auth_answer?: string }): Promise<boolean>;
  asyncAccept(params: User): Promise<boolean>;
  asyncDecline(params: User & { reason?: string }): Promise<boolean>;
  /** What one keeps about a friend. */
  asyncUpdateRosterExt(params: User & { ext: string; mute_notification?: boolean }): Promise<boolean>;
  asyncUpdateRosterAlias(params: User & { alias: string; mute_notification?: boolean }): Promise<boolean>;

  /** Ids of whom the user blocked. */
  asyncGetBlockedlist(params?: PageQuery): Promise<Paged<number>>;
  asyncBlockAdd(params: User): Promise<boolean>;
  /** @deprecated the deployed spelling of {@link asyncBlockAdd}. */
  asyncBlockeAdd: RosterCalls['asyncBlockAdd'];
  asyncBlockRemove(params: User): Promise<boolean>;
  /** @deprecated the deployed spelling of {@link asyncBlockRemove}. */
  asyncBlockeRemove: RosterCalls['asyncBlockRemove'];

  /** Any user, friend or not. @throws FlooError UserNotExist. */
  asyncSearchRosterByName(params: { username: string }): Promise<RosterItem>;
  asyncSearchRosterById(params: User): Promise<RosterItem>;
}
