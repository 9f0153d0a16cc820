import type { AccountSource } from '../account/account.ts';
import { ENDPOINTS } from '../http/endpoints.ts';
import type { RestClient } from '../http/rest-client.ts';
import type { ConversationItem } from '../model/conversation.ts';
import { compareIds, idNumber } from '../model/ids.ts';
import type { UserSettings } from '../model/user.ts';
import type { Identity } from '../session/identity.ts';
import type { ConversationRecord } from '../store/schema.ts';

/** The own account (api-surface 2.1). */
export interface UserManage {
  /** The own user id, undefined when nobody is logged in. */
  getUid(): number | undefined;
  getToken(): string | undefined;
  getAppid(): string;
  /** The conversation list, newest activity first; readable before the network answers. */
  getConversationList(): ConversationItem[];
  /** Creates an account; log in afterwards. @throws FlooError UserAlreadyExist, InvalidRequestParameter, ServerLicenseLimit, … */
  asyncRegister(params: { username: string; password: string }): Promise<UserSettings>;
}

export interface UserManageDeps {
  accounts: AccountSource;
  rest: RestClient;
  identity(): Identity | undefined;
  appId(): string;
}

export function createUserManage({ accounts, rest, identity, appId }: UserManageDeps): UserManage {
  return {
    getUid: () => {
      const uid = accounts.current()?.uid ?? identity()?.uid;
      return uid === undefined ? undefined : idNumber(uid);
    },
    getToken: () => identity()?.token,
    getAppid: appId,
    getConversationList: () => {
      const { conversations } = accounts.current()?.store.working ?? {
        conversations: new Map<string, ConversationRecord>(),
      };
      return [...conversations.values()]
        .filter(({ listed }) => listed)
        .sort(byActivity)
        .map(toItem);
    },
    asyncRegister: async ({ username, password }) =>
      (await rest.call<UserSettings>(ENDPOINTS.register, { username, password })).data,
  };
}

const activity = ({ timestamp, draftTimestamp }: ConversationRecord): number =>
  Math.max(Number(timestamp), Number(draftTimestamp));

function byActivity(a: ConversationRecord, b: ConversationRecord): number {
  return activity(b) - activity(a) || compareIds(b.previewId, a.previewId);
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
