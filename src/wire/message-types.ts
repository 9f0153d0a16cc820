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
  /** Password. It is a secret; this SDK sends a token instead. */
  password?: string;
  /** Token of the session. It is a secret. */
  token?: string;
  /** One of {@link ProvisionOsType}. */
  os_type?: number;
  /** Version of the client. */
  sdk_vsn?: string;
  /** Whether the user has just logged in. */
  is_manual_login?: boolean;
  /** Names this device of the user; made once and kept. */
  device_guid?: string;
  /** Name of the push certificate. */
  device_notifier?: string;
  /** Token of the push service. */
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
  /** The conversation. */
  xid?: IXID | null;
  /** How many items wait for this device. */
  n?: number;
  /** One of {@link ConversationUnreadConvType}. */
  type?: number;
}

/** The unread list: every conversation the server knows, also those with nothing unread. */
export interface IUnreadDL {
  /** How the request ended. */
  status?: IStatus | null;
  /** The conversations. */
  unread?: IConversationUnread[];
}

/** Something is new in a conversation. */
export interface INotice {
  /** The conversation. */
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
  /** Text. */
  content?: string;
  /** One of {@link MessageBodyContentType}. */
  ctype?: number;
  /** The operation, when `type` is OPER. */
  operation?: IMessageOperation | null;
  /** JSON text: push texts, mentions, read receipts. */
  config?: string;
  /** JSON text: the file or place of a message that has one. */
  attachment?: string;
  /** The app's own data, usually JSON text. */
  ext?: string;
  /** One of {@link MessageBodyQoS}. */
  qos?: number;
  /** Name of the sender, for pushes. */
  sender_name?: string;
  /** Whether it is a system message. */
  is_system?: boolean;
  /** Priority at the server. */
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
  /** The group. */
  gid?: IXID | null;
  /** Who did it. */
  from?: IXID | null;
  /** To whom it was done. */
  to?: IXID[];
  /** By type: a reason, or JSON text with the changes. */
  content?: string;
}

/** Something happened to the friend list. */
export interface IRosterNotice {
  /** One of {@link RosterNoticeType}. */
  type?: number;
  /** Who did it. */
  from?: IXID | null;
  /** To whom it was done. */
  to?: IXID[];
  /** By type: a reason, or JSON text with the changes. */
  content?: string;
  /** Version of the friend list. */
  roster_vsn?: string;
}

/** Something happened to the own account. */
export interface IUserNotice {
  /** One of {@link UserNoticeType}. */
  type?: number;
  /** More about it, by type. */
  content?: string;
}

/** What is done to a conversation. */
export interface IConversationOperation {
  /** One of {@link ConversationOperationType}. */
  type?: number;
  /** The conversation. */
  xid?: IXID | null;
}

/** An operation on a whole conversation. */
export interface IConversation {
  /** One of {@link ConversationType}. */
  type?: number;
  /** The operation, when `type` is OPER. */
  operation?: IConversationOperation | null;
}

/** Describes a client. */
export interface IInfo {
  /** Version of the client. */
  sdk_vsn?: string;
  /** One of {@link InfoNetwork}. */
  network?: number;
  /** More about it. */
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
