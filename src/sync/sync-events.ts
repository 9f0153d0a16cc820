import type { FlooError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import type { Arrival, SyncedMessage } from '../model/message.ts';
import type { ConversationKey, Edit } from '../store/schema.ts';
import type { GroupNoticeMeta, RosterNoticeMeta, UserNoticeMeta } from '../wire/frame-types.ts';
import type { OperationMeta, Received, ReceivedMessage } from './message-mapper.ts';

/** The events of sync. Each is emitted after its change is stored. `public-events/` turns them into the public events. */
export type SyncEvent =
  | { type: 'message'; key: ConversationKey; message: SyncedMessage; arrival: Arrival; mentioned: boolean }
  /** A signal of a call, as the media server wrote it: JSON text. It is not stored. */
  | { type: 'signal'; content: string }
  | { type: 'typing'; from: Id; to: Id; ext: string }
  /** A receipt changed the delivery status of a message. */
  | { type: 'status'; key: ConversationKey; mid: Id }
  | { type: 'recalled' | 'deleted' | 'cancelled'; key: ConversationKey; mid: Id }
  /** APPEND or REPLACE; `message` is the new version. */
  | { type: 'edited'; key: ConversationKey; message: SyncedMessage; edit: Edit }
  | { type: 'unread'; key: ConversationKey }
  | { type: 'list' }
  /** The lists of friends or groups, or what is known of those in them. */
  | { type: 'friends' | 'groups' }
  /** The details of these users. */
  | { type: 'users'; ids: readonly Id[] }
  | { type: 'history'; queue: Id; next: Id }
  | { type: 'roster-notice'; meta: Received<RosterNoticeMeta> }
  | { type: 'group-notice'; meta: Received<GroupNoticeMeta> }
  | { type: 'user-notice'; meta: Received<UserNoticeMeta> }
  /** Deleted here, or by another device of the user. */
  | { type: 'conversation-deleted'; key: ConversationKey; source: 'user_operation' | 'other_operation' }
  /** An operation on a message; the events of its effect follow. `isReceived`: it is not our own. */
  | { type: 'operation'; meta: OperationMeta; isReceived?: true }
  /** MessageBody type NORMAL. */
  | { type: 'normal'; meta: ReceivedMessage }
  | { type: 'sending'; mid: Id; message: SyncedMessage }
  /** The file of a message is being uploaded. */
  | { type: 'uploading'; mid: Id; key: ConversationKey; loaded: number; total: number; percent: number }
  | { type: 'sent'; mid: Id; message: SyncedMessage }
  | { type: 'failed'; mid: Id; message: SyncedMessage | undefined; error: FlooError }
  | { type: 'problem'; error: FlooError };
