import type { FrameCommand, MetaNameSpace } from './enums.ts';
import type {
  IConversation,
  IGroupNotice,
  IInfo,
  IMessageBody,
  INotice,
  IProvision,
  IRosterNotice,
  IRtcSignal,
  IStatus,
  IUnreadDL,
  IUnreadUL,
  IUserNotice,
  IXID,
} from './message-types.ts';

/** Who sends: `up` is client to server, `down` is server to client. The payload types differ. */
export type Direction = 'up' | 'down';

/** The commands, by name. */
type Command = typeof FrameCommand;
/** The namespaces, by name. */
type Ns = typeof MetaNameSpace;

/** The fields of every item of a page. */
interface MetaHead {
  /** A decimal uint64: the server's id, or on the way up the client's own. */
  id?: string;
  /** Who sent it. */
  from?: IXID | null;
  /** Whom it was sent to. */
  to?: IXID | null;
  /** ms since 1970, a decimal uint64. */
  timestamp?: string;
}

/** An item with a namespace, which decides the type of the payload. */
type MetaOf<NameSpace, Payload> = MetaHead & {
  /** Decides the type of the payload. */
  ns: NameSpace;
  /** The content. */
  payload?: Payload | null;
};

/** A message, or an operation on one. */
export type MessageMeta = MetaOf<Ns['MESSAGE'] | Ns['PUSH'], IMessageBody>;
/** A notice about a group. */
export type GroupNoticeMeta = MetaOf<Ns['GROUP_NOTICE'], IGroupNotice>;
/** A notice about friends. */
export type RosterNoticeMeta = MetaOf<Ns['ROSTER_NOTICE'], IRosterNotice>;
/** A notice about the account. */
export type UserNoticeMeta = MetaOf<Ns['USER_NOTICE'], IUserNotice>;
/** A signal of a call. */
export type RtcSignalMeta = MetaOf<Ns['RTC_SIGNAL'], IRtcSignal>;
/** An operation on a conversation. */
export type ConversationMeta = MetaOf<Ns['CONVERSATION'], IConversation>;

/** One item of a page. The payload of a namespace that is not known here stays bytes. */
export type Meta =
  | MessageMeta
  | GroupNoticeMeta
  | RosterNoticeMeta
  | UserNoticeMeta
  | ConversationMeta
  | MetaOf<Ns['INFO'], IInfo>
  | RtcSignalMeta
  | MetaOf<Ns['UNKNOWN'], Uint8Array>;

/** An item that could not be decoded and was left out of its page. */
export interface SkippedMeta {
  /** `"0"` when the id could not be decoded either. */
  id: string;
  /** 0 when the namespace could not be decoded either. */
  ns: number;
  /** Why it could not be decoded. */
  reason: string;
}

/** A request of the client: for a page, for history, or to send one item. */
export interface SyncUp {
  /** The conversation to sync. */
  xid?: IXID | null;
  /** Acknowledges everything before it; in a request for history, the id to go back from. */
  key?: string;
  /** The item to send. */
  meta?: Meta | null;
  /** The request is for history. */
  is_full_sync?: boolean;
  /** How many items of history to return at most. */
  full_sync_num?: number;
}

/** A page of a conversation, or the answer to an item that was sent. */
export interface SyncDown {
  /** How the request ended. */
  status?: IStatus | null;
  /** The items of the page. */
  metas?: Meta[];
  /** The key of the next page; `"0"` is the end. */
  next_key?: string;
  /** The conversation of the page. */
  xid?: IXID | null;
  /** The answered item's own id, set by the client. */
  client_mid?: string;
  /** The answered item's id on the server. */
  server_mid?: string;
  /** When the server took the answered item: ms since 1970. */
  server_time?: string;
  /** The page is history. */
  is_full_sync?: boolean;
  /** The id before the first item of the page, or before `server_mid`; `"0"` when the server does not send it. */
  prev_mid?: string;
  /** The page was pushed without a request. */
  is_eager_sync?: boolean;
  /** When the answered edit took effect: ms since 1970. */
  edit_timestamp?: string;
}

/** The fields of every frame. */
interface Envelope {
  /** One of {@link FrameVSN}. */
  vsn?: number;
  /** One of {@link FrameCompressMethod}; with ZLIB the payload travels as a zlib stream. */
  compress_method?: number;
  /** One of {@link FrameEncryptMethod}. Encrypted frames are refused. */
  encrypt_method?: number;
  /** Key of an encrypted frame. */
  encrypt_key?: Uint8Array | null;
  /** Check sum of the payload. This SDK does not use it. */
  check_sum?: number;
  /** Tag of the frame. This SDK does not use it. */
  tag?: string;
}

/** A frame with a command, which decides the type of the payload. */
type FrameOf<Command, Payload> = Envelope & {
  /** Decides the type of the payload. */
  command: Command;
  /** The content. */
  payload?: Payload | null;
};

/** A frame from a client to the server. */
export type UpFrame =
  FrameOf<Command['UNREAD'], IUnreadUL> | FrameOf<Command['SYNC'], SyncUp> | FrameOf<Command['PROVISION'], IProvision>;

/** A frame from the server to a client. */
export type DownFrame = (
  | FrameOf<Command['UNREAD'], IUnreadDL>
  | FrameOf<Command['SYNC'], SyncDown>
  | FrameOf<Command['NOTICE'], INotice>
  | FrameOf<Command['PROVISION'], IProvision>
) & {
  /** Items that could not be decoded and were left out of the page; absent when there are none. */
  skipped?: SkippedMeta[];
};
