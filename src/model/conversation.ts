import type { ConversationType } from './message.ts';

/** An entry of the conversation list (api-surface 4.3), newest activity first. */
export interface ConversationItem {
  type: ConversationType;
  id: number;
  /** The newest message's text, or its type name (`'image'`, …) when it is no text. */
  content: string;
  ext: string | Record<string, never>;
  /** ms since 1970; `''` when nothing is known but that the conversation exists. */
  timestamp: string;
  hasAt: boolean;
  draft: string;
  draftTimestamp: number | '';
  /** Messages from others that were not read. */
  unread: number;
}
