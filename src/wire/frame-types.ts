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
} from './gen/codec.js';
import type { FrameCommand, MetaNameSpace } from './enums.ts';

/** Who sends: `up` is client to server, `down` is server to client. The payload types differ. */
export type Direction = 'up' | 'down';

type Command = typeof FrameCommand;
type Ns = typeof MetaNameSpace;

interface MetaHead {
  /** uint64 as a decimal string: the server's id, or the client's own on the way up. */
  id?: string;
  from?: IXID | null;
  to?: IXID | null;
  /** ms since 1970 as a decimal string. */
  timestamp?: string;
}

type MetaOf<N, P> = MetaHead & { ns: N; payload?: P | null };

export type MessageMeta = MetaOf<Ns['MESSAGE'] | Ns['PUSH'], IMessageBody>;
export type GroupNoticeMeta = MetaOf<Ns['GROUP_NOTICE'], IGroupNotice>;
export type RosterNoticeMeta = MetaOf<Ns['ROSTER_NOTICE'], IRosterNotice>;
export type UserNoticeMeta = MetaOf<Ns['USER_NOTICE'], IUserNotice>;
export type ConversationMeta = MetaOf<Ns['CONVERSATION'], IConversation>;

/** One item of a page; `ns` says what `payload` is. A namespace without a schema keeps its bytes. */
export type Meta =
  | MessageMeta
  | GroupNoticeMeta
  | RosterNoticeMeta
  | UserNoticeMeta
  | ConversationMeta
  | MetaOf<Ns['INFO'], IInfo>
  | MetaOf<Ns['RTC_SIGNAL'], IRtcSignal>
  | MetaOf<Ns['UNKNOWN'], Uint8Array>;

/** An item that could not be read and was left out of its page. */
export interface SkippedMeta {
  id: string;
  ns: number;
  reason: string;
}

export interface SyncUp {
  xid?: IXID | null;
  key?: string;
  meta?: Meta | null;
  is_full_sync?: boolean;
  full_sync_num?: number;
}

export interface SyncDown {
  status?: IStatus | null;
  metas?: Meta[];
  next_key?: string;
  xid?: IXID | null;
  client_mid?: string;
  server_mid?: string;
  server_time?: string;
  is_full_sync?: boolean;
  prev_mid?: string;
  is_eager_sync?: boolean;
  edit_timestamp?: string;
}

interface Envelope {
  vsn?: number;
  /** 1: the payload travels as a zlib stream. */
  compress_method?: number;
  encrypt_method?: number;
  encrypt_key?: Uint8Array | null;
  check_sum?: number;
  tag?: string;
}

type FrameOf<C, P> = Envelope & { command: C; payload?: P | null };

export type UpFrame =
  FrameOf<Command['UNREAD'], IUnreadUL> | FrameOf<Command['SYNC'], SyncUp> | FrameOf<Command['PROVISION'], IProvision>;

export type DownFrame = (
  | FrameOf<Command['UNREAD'], IUnreadDL>
  | FrameOf<Command['SYNC'], SyncDown>
  | FrameOf<Command['NOTICE'], INotice>
  | FrameOf<Command['PROVISION'], IProvision>
) & {
  /** Items left out of the page because they could not be read; absent when there are none. */
  skipped?: SkippedMeta[];
};
