import type { FlooError } from './errors.ts';
import type { TransferProgress } from './model/file.ts';
import type { Id } from './model/ids.ts';
import type { Message, SendingStatus } from './model/message.ts';
import type { GroupNoticePayload, NoticeMeta } from './model/notice.ts';

/** `flooNotice`: something the app may show or must act on (api-surface 3.3). */
export type FlooNotice =
  /** Progress of a login, in the deployed words. */
  | { category: 'loginMessage'; desc: string }
  /** `relogin`: log in again with saved credentials. `relogin_manually`: ask the user to. */
  | { category: 'action'; desc: 'relogin' | 'relogin_manually' }
  /** The name of a user notice, e.g. `PASSWORD_CHANGED`. */
  | { category: 'userNotice'; desc: string }
  | { category: 'conversation_deleted'; desc: { id: Id; source: 'user_operation' | 'other_operation' } };

/** `flooError`: something went wrong that no promise told. */
export interface FlooErrorEvent {
  /** `DNS_FAILED`, `APP_BANNED`, `APP_FROZEN`, `APP_REVOKED`, `USER_BANNED`, `USER_FROZEN`, `LICENSE`, `FAIL`, `CONNECT_ERROR`, a status code as text, or the error's documented name. */
  category: string;
  desc: string;
  /** The server's code, 0 for none. */
  code?: number;
  error: FlooError;
}

export interface SendingStatusEvent {
  status: SendingStatus;
  /** The client's id of the message, as `sendRosterMessage` returned it. */
  mid: number;
  /** While sending its `id` is the client's; when sent, the server's. Absent for a refused operation. */
  message?: Message;
  /** The other side, while sending. */
  uid?: number;
  /** When failed. */
  errorCode?: number;
  errorReason?: string;
  error?: FlooError;
}

/** The file of a message is being uploaded. */
export interface UploadProgress extends TransferProgress {
  /** The client's id of the message, as `sendRosterMessage` returned it. */
  mid: number;
  /** The conversation. */
  uid: number;
  /** 0 to 100. */
  percent: number;
}

export type AppendedMessage = Message & {
  appendedContent: string;
  appendConfig?: string;
  appendExt?: string;
};

export type ReplacedMessage = Message & {
  replaceConfig?: string;
  replaceExt?: string;
};

/** Members were banned, or unbanned: they may not write for a while. */
export interface GroupBan {
  groupId: number;
  /** Empty when it is about the whole group. */
  toUids: number[];
  /** For how many minutes, as text. For the whole group: until when, -1: for ever. Absent when unbanned. */
  content?: string | number;
  /** The whole group, but for its owner and admins. */
  all?: true;
}

type GroupNotice = NoticeMeta<GroupNoticePayload>;

/** Every public event and its payload. Handlers get exactly one argument; `undefined` where there is nothing to say. */
export interface ClientEvents {
  /** The server accepted the login; also after every reconnect. Everything the getters answer from is loaded. */
  loginSuccess: Record<string, never>;
  /** `'token failure:' + message` when no token was had, `'socket_failure'` when the socket refused or was not to be had. */
  loginFail: string;
  /** The app logged out. */
  logout: undefined;
  flooNotice: FlooNotice;
  flooError: FlooErrorEvent;

  /** The socket carries messages; `loginSuccess` follows once the lists are loaded. */
  connected: undefined;
  /** The socket that carried messages is gone, whoever ended it. */
  disconnected: { reason: string };
  /** A connection is being made again, for the `attempt`th time since everything was last synced. */
  reconnecting: { attempt: number };
  /** The connection was lost and is being made again. */
  reconnect: { reason: string };
  /** Five tries in a row failed: another socket host is next, or DNS is asked again. */
  fireplaceError: undefined;
  /** Storage failed: from now on everything is in memory only, until the app starts again. At most once a login. */
  storageDegraded: FlooError;

  /** A single-chat message: received, from history, or one's own once the server has it. */
  onRosterMessage: Message;
  /** The same for a group. */
  onGroupMessage: Message;
  /** A group message that mentions the user or everyone; before `onGroupMessage`. */
  onMentionMessage: Message;
  /** The signalling of a call, before `onRosterMessage`; `isNative` when this device sent it. */
  onRosterRTCMessage: Message;
  /** Someone types (`{"input_status":"typing"}`) or stopped (`"nothing"`). */
  onInputStatusMessage: { ext: string; from: Id; to: Id };
  /** A sent message is on its way, arrived at the server, or was refused. */
  onSendingMessageStatusChanged: SendingStatusEvent;
  /** How far the file of a message is; at most once a percent. */
  onUploadProgress: UploadProgress;
  /** A receipt changed a message. `uid` is the conversation. */
  onMessageStatusChanged: { uid: Id; mid: Id };
  /** A message was recalled: it is gone on both sides. `uid` is the conversation. */
  onMessageRecalled: { uid: Id; mid: Id };
  /** A message was deleted on the user's devices. */
  onMessageDeleted: { uid: Id; mid: Id };
  /** A message was marked unread again. */
  onMessageCanceled: { uid: Id; mid: Id };
  /** Text was added to a message: the message as it is now, and what was added (JSON as text). */
  onRosterMessageContentAppend: AppendedMessage;
  onGroupMessageContentAppend: AppendedMessage;
  /** A message was replaced, in whole or in part: as it is now. */
  onRosterMessageReplace: ReplacedMessage;
  onGroupMessageReplace: ReplacedMessage;
  /** The unread count of this conversation changed. */
  onUnreadChange: Id;
  /** The conversation list changed, or an earlier run's is readable now: read it again. */
  recentlistUpdate: undefined;
  /** A page of history was told, message by message. `next`: pass it as the next start; `'0'`: the beginning was reached. */
  onReceiveHistoryMsg: { next: Id; conversationId: Id };
  /** An operation on a message was received, or one's own arrived: a receipt, a recall, an edit. Before the events of what came of it. */
  onActionMessage: NoticeMeta<Record<string, unknown>>;
  /** A message of type NORMAL. */
  messageNormal: NoticeMeta<Record<string, unknown>>;

  /** Friends or their details changed; the notice, when a friend was added. */
  onRosterListUpdate: NoticeMeta | undefined;
  /** The details of these users were fetched or changed. */
  onRosterInfoUpdate: number[];
  /** A user added us who needed no consent, or was added by us. */
  onRosterAdded: NoticeMeta;
  /** The user removed a friend, here or on another device; the conversation is gone. */
  onRosterRemoved: NoticeMeta;
  /** An application was accepted: by us, or ours. */
  onRosterAccepted: NoticeMeta;
  /** An application was declined: by us, or ours. */
  onRosterDeclined: NoticeMeta;
  /** The user blocked someone, here or on another device. */
  onRosterBlocked: NoticeMeta;
  onRosterUnblocked: NoticeMeta;
  /** Someone asks to be our friend. */
  onRosterApplied: NoticeMeta;
  /** The user muted the messages of a friend, here or on another device. */
  onRosterMuted: NoticeMeta;
  onRosterUnmuted: NoticeMeta;
  /** Before `onRosterBlocked` and `onRosterUnblocked`. */
  onRosterNotice: NoticeMeta;

  /** Groups or their details changed; the notice, when a group was created. */
  onGroupListUpdate: GroupNotice | undefined;
  /** The members of this group changed, or may have. */
  onGroupMemberChanged: number;
  /** Someone entered a chat room, or left it. */
  onGroupPresence: GroupNotice;
  onGroupAbsence: GroupNotice;
  onGroupCreated: GroupNotice;
  /** The group is no more; the conversation neither. */
  onGroupDestoryed: GroupNotice;
  /** `from` is a member now, maybe the user. */
  onGroupJoined: GroupNotice;
  /** `from` left, maybe the user on another device. */
  onGroupLeaved: GroupNotice;
  /** `from` asks to be let in; owner and admins hear it. */
  onGroupApplyed: GroupNotice;
  onGroupApplyAccepted: GroupNotice;
  onGroupApplyDeclined: GroupNotice;
  /** `to` are asked to join. */
  onGroupInvited: GroupNotice;
  onGroupInvitedAccepted: GroupNotice;
  onGroupInvitedDeclined: GroupNotice;
  /** `to` were removed, maybe the user. */
  onGroupKicked: GroupNotice;
  /** `to` were removed and cannot come back. */
  onGroupBlocked: GroupNotice;
  onGroupUnblocked: GroupNotice;
  /** `to` is the owner now. */
  onGroupOwnerAssigned: GroupNotice;
  onGroupAdminGranted: GroupNotice;
  onGroupAdminRevoked: GroupNotice;
  /** The user muted this group, here or on another device. */
  onGroupMuted: GroupNotice;
  onGroupUnmuted: GroupNotice;
  onGroupBaned: GroupBan;
  onGroupUnbaned: GroupBan;
  /** Name, settings or a member's card: `content` is JSON of what changed. After `onGroupListUpdate` or `onGroupMemberChanged`. */
  onGroupInfoUpdated: GroupNotice;
  onGroupAnnouncementUpdated: GroupNotice;
  /** The user's own settings for this group, changed here or on another device. */
  onGroupMessageSetting: GroupNotice;
  onGroupFileUploaded: GroupNotice;
  onGroupFileDeleted: GroupNotice;
  onGroupFileUpdated: GroupNotice;
  /** Before `onGroupInvited`. */
  onGroupNotice: GroupNotice;
}
