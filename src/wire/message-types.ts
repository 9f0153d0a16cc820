/**
 * The messages inside a frame, as `proto/*.proto` describes them.
 *
 * A 64-bit number is a decimal string. The numbers of enums are not narrowed to the known ones, because newer servers add some.
 */

/** Names a user or a group, and one device of the user. */
export interface IXID {
  /** User or group id, a decimal uint64. `"0"` is the system. */
  uid?: string;
  /** Serial number of a device; 0 means any. */
  deviceSN?: number;
}

/** How a request ended. */
export interface IStatus {
  /** One of {@link StatusErrorCode}. A status without a code reports no error. */
  code?: number;
  /** The server's explanation, in English. */
  reason?: string;
}

/** Logs a device in on the socket, and the server's answer to it. */
export interface IProvision {
  /** Set in the answer only. */
  status?: IStatus | null;
  /** The user, and in the answer the device's serial number. */
  xid?: IXID | null;
  password?: string;
  token?: string;
  /** One of {@link ProvisionOsType}. */
  os_type?: number;
  sdk_vsn?: string;
  is_manual_login?: boolean;
  /** Names this device of the user; made once and kept. */
  device_guid?: string;
  device_notifier?: string;
  device_token?: string;
  /** What kind of client this is, for instance `Web`. */
  device_info?: string;
  /** ms since 1970, a decimal uint64. */
  last_login_time?: string;
}

/** Asks for the unread list. It has no fields. */
export type IUnreadUL = object;

/** A conversation in the unread list. */
export interface IConversationUnread {
  xid?: IXID | null;
  /** How many items wait for this device. */
  n?: number;
  /** One of {@link ConversationUnreadConvType}. */
  type?: number;
}

/** The unread list: every conversation the server knows, also those with nothing unread. */
export interface IUnreadDL {
  status?: IStatus | null;
  unread?: IConversationUnread[];
}

/** Something is new in a conversation. */
export interface INotice {
  xid?: IXID | null;
}

/** Changes a message that was sent before. */
export interface IMessageOperation {
  /** One of {@link MessageOperationType}. */
  type?: number;
  /** Id of the message, a decimal uint64. */
  mid?: string;
  /** The conversation, where the operation needs it. */
  xid?: IXID | null;
}

/** A message, or an operation on one. */
export interface IMessageBody {
  /** One of {@link MessageBodyType}. */
  type?: number;
  content?: string;
  /** One of {@link MessageBodyContentType}. */
  ctype?: number;
  operation?: IMessageOperation | null;
  /** JSON text: push texts, mentions, read receipts. */
  config?: string;
  /** JSON text: the file or place of a message that has one. */
  attachment?: string;
  /** The app's own data, usually JSON text. */
  ext?: string;
  /** One of {@link MessageBodyQoS}. */
  qos?: number;
  sender_name?: string;
  is_system?: boolean;
  priority?: number;
  /** One of {@link MessageBodyDeliveryStatus}. */
  status?: number;
  /** When the message was last edited: ms since 1970, a decimal uint64. */
  edit_timestamp?: string;
}

/** Something happened to a group. */
export interface IGroupNotice {
  /** One of {@link GroupNoticeType}. */
  type?: number;
  gid?: IXID | null;
  from?: IXID | null;
  to?: IXID[];
  content?: string;
}

/** Something happened to the friend list. */
export interface IRosterNotice {
  /** One of {@link RosterNoticeType}. */
  type?: number;
  from?: IXID | null;
  to?: IXID[];
  content?: string;
  roster_vsn?: string;
}

/** Something happened to the own account. */
export interface IUserNotice {
  /** One of {@link UserNoticeType}. */
  type?: number;
  content?: string;
}

/** What is done to a conversation. */
export interface IConversationOperation {
  /** One of {@link ConversationOperationType}. */
  type?: number;
  xid?: IXID | null;
}

/** An operation on a whole conversation. */
export interface IConversation {
  /** One of {@link ConversationType}. */
  type?: number;
  operation?: IConversationOperation | null;
}

/** Describes a client. */
export interface IInfo {
  sdk_vsn?: string;
  /** One of {@link InfoNetwork}. */
  network?: number;
  content?: string;
}

/** A signal of a call. */
export interface IRtcSignal {
  /** One of {@link RtcSignalType}. */
  type?: number;
  /** JSON text of the media server. */
  content?: string;
  /** URL of the media server. */
  media_server?: string;
}
