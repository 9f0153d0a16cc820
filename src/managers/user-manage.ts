import type { AccountSource } from '../account/account.ts';
import type { ClientEvents } from '../client-events.ts';
import type { RestClient } from '../http/rest-client.ts';
import { restMethods } from '../http/rest-methods.ts';
import type { ConversationItem } from '../model/conversation.ts';
import { compareIds, idNumber } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { activityOf } from '../store/schema.ts';
import type { ConversationRecord } from '../store/schema.ts';
import type { Emitter } from '../util/emitter.ts';
import { currentUser } from './app-source.ts';
import type { AppSource } from './app-source.ts';
import { DEPLOYED_NAMES, withDeployedNames } from './deployed-names.ts';
import type { RightNames } from './deployed-names.ts';
import { PROFILE_CHANGES } from './own-change-tables.ts';
import { withOwnChanges } from './own-changes.ts';
import { USER_ACCOUNT_ENDPOINTS } from './user-account-calls.ts';
import type { UserAccountCalls } from './user-account-calls.ts';
import { USER_MOBILE_ENDPOINTS } from './user-mobile-calls.ts';
import type { UserMobileCalls } from './user-mobile-calls.ts';
import { USER_PROFILE_ENDPOINTS } from './user-calls.ts';
import type { UserCalls, UserProfileCalls } from './user-calls.ts';

/** The user's own account, and the conversation list. */
export interface UserManage extends UserCalls {
  /** Returns the user id of the session. Undefined when nobody is logged in. */
  getUid(): number | undefined;
  /** Returns the token of the session, for `tokenLogin`. Undefined when there is none. It is a secret. */
  getToken(): string | undefined;
  /** Returns the application id of this client. */
  getAppid(): string;
  /**
   * Returns the serial number of this device; 0 while nobody is logged in. The client makes one up and stores it, until the
   * server has given one.
   */
  getDeviceSN(): number;
  /**
   * Forgets the token. The session goes on, but calls that need a token fail, and the next start does not resume it.
   */
  deleteToken(): void;
  /**
   * Returns the conversation list, newest activity first. It is readable before the network answers. When thousands are stored,
   * it has the newest ones at first; `recentlistUpdate` is emitted when all are there, a moment after the start.
   *
   * @example
   * for (const { type, id, content, unread } of im.userManage.getConversationList())
   *   console.log(type, id, content, unread);
   */
  getConversationList(): ConversationItem[];
}

interface UserManageDeps {
  accounts: AccountSource;
  rest: RestClient;
  emitter: Emitter<ClientEvents>;
  app(): AppSource | undefined;
}

export function createUserManage(deps: UserManageDeps): UserManage {
  const { accounts, rest, app } = deps;
  const identities = (): AppSource['identities'] | undefined => app()?.identities;
  const self = (): Id | undefined => currentUser(accounts, app);
  const manager: RightNames<UserManage> = {
    ...restMethods<UserAccountCalls>(rest, USER_ACCOUNT_ENDPOINTS),
    ...restMethods<UserMobileCalls>(rest, USER_MOBILE_ENDPOINTS),
    ...withOwnChanges(restMethods<RightNames<UserProfileCalls>>(rest, USER_PROFILE_ENDPOINTS), PROFILE_CHANGES, deps),
    getUid: () => {
      const uid = self();
      return uid ? idNumber(uid) : undefined;
    },
    getToken: () => identities()?.load()?.token,
    getAppid: () => app()?.options.appId ?? '',
    getDeviceSN: () => accounts.current()?.device.names.serial ?? 0,
    deleteToken: () => {
      const uid = self();
      // Where the vault fails, the token is gone from the preferences all the same.
      if (uid)
        identities()
          ?.forgetToken(uid)
          .catch(() => undefined);
    },
    getConversationList: () =>
      (accounts.current()?.store.reader.conversations() ?? [])
        .map(([, record]) => record)
        .filter(({ listed }) => listed)
        .sort((a, b) => activityOf(b) - activityOf(a) || compareIds(b.previewId, a.previewId))
        .map(toItem),
  };
  return withDeployedNames(manager, DEPLOYED_NAMES.userManage);
}

function toItem({
  type,
  id,
  content,
  ext,
  timestamp,
  hasAt,
  draft,
  draftTimestamp,
  unread,
  undelivered,
}: ConversationRecord): ConversationItem {
  return {
    type,
    id: idNumber(id),
    content,
    ext: ext || (timestamp ? '' : {}),
    timestamp,
    hasAt,
    draft,
    draftTimestamp,
    unread: unread + undelivered,
  };
}
