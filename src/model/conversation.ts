import type { ConversationType } from './message.ts';

/** One row of the conversation list. It names no user or group: join `getRosterInfo(id)` or `getAllGroupDetail()[id]`. */
export interface ConversationItem {
  /** `'roster'`: a chat with one user. `'group'`: a group chat. */
  type: ConversationType;
  /** The user's or the group's id. */
  id: number;
  /** Text of the newest message, or its type (`'image'`, …) when it is neither a text nor a call. `''` when it is not known. */
  content: string;
  /** `ext` of the newest message, as it was sent. `{}` when no message is known, as in the deployed SDK. */
  ext: string | Record<string, never>;
  /** Time of the newest message, ms since 1970 as text. `''` when no message is known. */
  timestamp: string;
  /** Whether an unread message mentions the user. `groupManage.consumeGroupAtStatus` clears it. */
  hasAt: boolean;
  /** Text that the user has typed and not sent, see `sysManage.saveConversationDraft`. `''` for none. */
  draft: string;
  /** When the draft was saved, ms since 1970. `''` without a draft. */
  draftTimestamp: number | '';
  /** Number of unread messages from others, including those that are still on the server. */
  unread: number;
}
