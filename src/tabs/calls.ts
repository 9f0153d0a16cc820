import type { EditText, PreparedMessage, AppOperation } from '../sync/outgoing.ts';
import type { OutgoingSignal } from '../sync/signals.ts';
import type { DetailChange } from '../sync/detail-commands.ts';
import type { Id } from '../model/ids.ts';
import type { MessageType } from '../model/message.ts';
import type { FileBody } from '../platform/ports.ts';
import type { ConversationKey } from '../store/schema.ts';

/** A change of the user's in one tab, as plain data: the tab shows it at once, and the leading tab stores it. */
export type ChangeCall =
  | { readonly name: 'send'; readonly key: ConversationKey; readonly message: PreparedMessage }
  | {
      readonly name: 'sendFile';
      readonly key: ConversationKey;
      readonly message: PreparedMessage;
      readonly file: FileBody;
    }
  | {
      readonly name: 'operate';
      readonly type: AppOperation;
      readonly key: ConversationKey;
      readonly mid: Id;
      readonly text: EditText | undefined;
    }
  | { readonly name: 'markPlayed' | 'markUnread'; readonly key: ConversationKey; readonly mid: Id }
  | {
      readonly name: 'markRead';
      readonly key: ConversationKey;
      readonly only: Id | undefined;
      readonly known: Id | undefined;
    }
  | {
      readonly name: 'saveDraft';
      readonly key: ConversationKey;
      readonly typed: string;
      readonly time: number | undefined;
    }
  | { readonly name: 'touch'; readonly key: ConversationKey; readonly time: number | undefined }
  | { readonly name: 'consumeMention'; readonly key: ConversationKey }
  | {
      readonly name: 'removeConversations';
      readonly keys: readonly ConversationKey[];
      readonly everywhere: boolean;
      readonly known: readonly (Id | undefined)[];
    }
  | { readonly name: 'changeDetails'; readonly change: DetailChange }
  | { readonly name: 'resend'; readonly mid: Id };

/** What a tab asks the leading tab for. To carry one out twice does no harm. */
export type Request =
  | {
      readonly name: 'before' | 'after';
      readonly key: ConversationKey;
      readonly id: Id;
      readonly limit: number;
      readonly type: MessageType | undefined;
    }
  | { readonly name: 'message'; readonly key: ConversationKey; readonly id: Id }
  | { readonly name: 'count'; readonly key: ConversationKey; readonly type: MessageType | undefined }
  | { readonly name: 'search'; readonly text: string; readonly keyStart: string; readonly limit: number }
  | { readonly name: 'tail'; readonly key: ConversationKey }
  | {
      readonly name: 'loadHistory' | 'requestHistory';
      readonly queue: Id;
      readonly before: Id;
      readonly amount: number;
    }
  | { readonly name: 'typing'; readonly to: Id; readonly status: string; readonly mid: Id }
  | { readonly name: 'signal'; readonly signal: OutgoingSignal; readonly mid: Id }
  | { readonly name: 'discard'; readonly mid: Id }
  | { readonly name: 'explain' }
  | { readonly name: 'refresh' | 'refreshFriends' | 'refreshGroups' }
  | { readonly name: 'fetchUsers' | 'fetchGroups'; readonly ids: readonly Id[]; readonly refetch: boolean };

/** A call on its way to the leading tab. `number` counts the calls of a tab: changes are carried out in this order, each once. */
export type SentCall =
  | {
      readonly kind: 'change';
      readonly number: number;
      readonly change: ChangeCall;
      /** The client mids that the tab made for it, in their order. */
      readonly mids: readonly Id[];
    }
  | { readonly kind: 'request'; readonly number: number; readonly request: Request };
