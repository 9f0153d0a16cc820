import type { ConnectionStatus } from './chronicle/connection-status.ts';
import type { FlooError } from './errors.ts';
import type { TransferProgress } from './model/file.ts';
import type { Id } from './model/ids.ts';
import type { ArrivedMessage, ConversationType, Message, SendingStatus } from './model/message.ts';
import type { GroupNoticePayload, NoticeMeta } from './model/notice.ts';
import type { FlooErrorEvent, FlooNotice } from './session-events.ts';

/** Payload of `onSendingMessageStatusChanged`. */
export interface SendingStatusEvent {
  /** `sending`: stored and on its way. `sent`: the server has it. `failed`: it was refused, or had no connection for too long. */
  status: SendingStatus;
  /** The client's id of the message, as `sendRosterMessage` returned it. */
  mid: number;
  /** The message. Its `id` is the client's while sending and the server's once sent. Absent for a refused operation such as a recall. */
  message?: Message;
  /** The user or group it goes to. Only while sending. */
  uid?: number;
  /** When failed: the server's status code, or the documented number of the error. */
  errorCode?: number;
  /** When failed: the server's words. */
  errorReason?: string;
  /** When failed: the error. */
  error?: FlooError;
}

/** Payload of `onUploadProgress`: how much of a message's file is uploaded. */
export interface UploadProgress extends TransferProgress {
  /** The client's id of the message, as `sendRosterMessage` returned it. */
  mid: number;
  /** The user or group it goes to. */
  uid: number;
  /** Progress, 0 to 100. */
  percent: number;
}

/** Names a message and its conversation. */
export interface MessageReference {
  /** User or group id of the conversation. */
  uid: Id;
  /** Id of the message. */
  mid: Id;
}

/** A message after text was added to it. */
export type AppendedMessage = Message & {
  /** The added text. */
  appendedContent: string;
  /** What the operation set in `config`, JSON as text. */
  appendConfig?: string;
  /** What the operation set in `ext`, JSON as text. */
  appendExt?: string;
};

/** A message after its content was replaced. */
export type ReplacedMessage = Message & {
  /** What the operation set in `config`, JSON as text. */
  replaceConfig?: string;
  /** What the operation set in `ext`, JSON as text. */
  replaceExt?: string;
};

/** Payload of `onGroupBaned` and `onGroupUnbaned`: who may not write any more, or may write again. */
export interface GroupBan {
  /** The group. */
  groupId: number;
  /** User ids of the members. Empty when the whole group is meant. */
  toUids: number[];
  /** How long, in minutes as text. For the whole group: when the ban ends, -1 for never. Absent when a ban ended. */
  content?: string | number;
  /** True when the whole group is meant, except its owner and admins. */
  all?: true;
}

/** A notice about a group. */
type GroupNotice = NoticeMeta<GroupNoticePayload>;

/** Every event and its payload. A handler gets exactly one argument; `undefined` where an event has no payload. */
export interface ClientEvents {
  /** The server accepted the login. Emitted after every reconnect, too. All getters answer from loaded data by then. */
  loginSuccess: Record<string, never>;
  /** A login failed: `'token failure:' + message` when no token was obtained, `'socket_failure'` when no socket logged in. */
  loginFail: string;
  /** The app logged out. */
  logout: undefined;
  /** Something the app may show, or must act on. */
  flooNotice: FlooNotice;
  /** An error that no promise reports. */
  flooError: FlooErrorEvent;

  /** The socket is logged in and carries messages. `loginSuccess` follows when the lists are loaded. */
  connected: undefined;
  /** A socket that carried messages is closed, by either side or by the network. */
  disconnected: {
    /** Why, in words; `''` when it is not known. */
    reason: string;
  };
  /**
   * The state of the connection, for a status line: whenever it became another one, and never twice the same. Before the first
   * one it is `offline`, because nobody is logged in.
   */
  connectionState: ConnectionStatus;
  /** The client connects again. */
  reconnecting: {
    /** Number of this try since a session last worked, from 1. */
    attempt: number;
  };
  /** The connection was lost, and the client will connect again. */
  reconnect: {
    /** Why, in words; `''` when it is not known. */
    reason: string;
  };
  /** Five tries in a row failed. The next one goes to another socket host, or asks DNS again. */
  fireplaceError: undefined;
  /** Storage failed. Until the app starts again everything is in memory only. Emitted at most once a login. */
  storageDegraded: FlooError;
  /**
   * The storage is full, so old messages were removed from this device. The server still has them: `getMessages` asks for them
   * when the app reads that far. Emitted once each time room was made.
   */
  storageTrimmed: {
    /** The conversations that lost messages here, each as `getMessages` takes it. */
    conversations: {
      /** User or group id. */
      id: number;
      /** Whether it is with a user or a group. */
      type: ConversationType;
    }[];
  };

  /**
   * Credentials go to this host without TLS: whoever is on the way can read and use them. Emitted once for each host of the
   * app, except hosts of this device itself. A page that came over https refuses such hosts instead.
   */
  insecureHost: {
    /** The host, `http://host`. */
    host: string;
  };

  /** A message of a chat with one user: received, from history, or sent by the user once the server has it. */
  onRosterMessage: ArrivedMessage;
  /** A message of a group: received, from history, or sent by the user once the server has it. */
  onGroupMessage: ArrivedMessage;
  /** A group message that mentions the user or everyone. `onGroupMessage` follows with the same message. */
  onMentionMessage: ArrivedMessage;
  /** A signal or record of a call. `onRosterMessage` follows. `isNative` is true when this device sent it. */
  onRosterRTCMessage: ArrivedMessage;
  /** A user started or stopped typing. */
  onInputStatusMessage: {
    /** `{"input_status":"typing"}` or `{"input_status":"nothing"}`, as text. */
    ext: string;
    /** User id of who is typing. */
    from: Id;
    /** User id of the logged-in user. */
    to: Id;
  };
  /** A message is on its way, has arrived at the server, or failed. Also emitted for a refused operation such as a recall. */
  onSendingMessageStatusChanged: SendingStatusEvent;
  /** More of a message's file is uploaded. Emitted at most once a percent. */
  onUploadProgress: UploadProgress;
  /** The delivery status of a message changed. */
  onMessageStatusChanged: MessageReference;
  /** A message was recalled. It is gone for everybody. */
  onMessageRecalled: MessageReference;
  /** A message was deleted on the user's devices, or one that was not sent was discarded here: then `mid` is the client id. */
  onMessageDeleted: MessageReference;
  /** A message was marked unread again. */
  onMessageCanceled: MessageReference;
  /** Text was added to a message of a chat with one user. The payload is the message as it is now. */
  onRosterMessageContentAppend: AppendedMessage;
  /** Text was added to a message of a group. The payload is the message as it is now. */
  onGroupMessageContentAppend: AppendedMessage;
  /** A message of a chat with one user was replaced, in whole or in part. The payload is the message as it is now. */
  onRosterMessageReplace: ReplacedMessage;
  /** A message of a group was replaced, in whole or in part. The payload is the message as it is now. */
  onGroupMessageReplace: ReplacedMessage;
  /** The unread count of this user's or group's conversation changed. */
  onUnreadChange: Id;
  /** The conversation list changed, or the stored one was loaded. Call `userManage.getConversationList()` again. */
  recentlistUpdate: undefined;
  /**
   * A page of history is complete. Its messages were emitted before. Or stored messages that a getter missed are in memory now:
   * read the conversation again.
   */
  onReceiveHistoryMsg: {
    /** Start of the next page, for `requireHistoryMessage`. `'0'`: there are no older messages. */
    next: Id;
    /** User or group id of the conversation. */
    conversationId: Id;
  };
  /** An operation on a message (a receipt, a recall, an edit): received, or the user's own once the server has it. Its effects follow. */
  onActionMessage: NoticeMeta<Record<string, unknown>>;
  /** A message of the protocol's type NORMAL. It belongs to no conversation. */
  messageNormal: NoticeMeta<Record<string, unknown>>;

  /** The friends or their details changed. The payload is the notice when a friend was added, else undefined. */
  onRosterListUpdate: NoticeMeta | undefined;
  /** The details of these users were fetched or changed. */
  onRosterInfoUpdate: number[];
  /** A user became a friend without a request: they added the user, or the user added them. */
  onRosterAdded: NoticeMeta;
  /** The user removed a friend, here or on another device. The conversation is gone. */
  onRosterRemoved: NoticeMeta;
  /** A friend request was accepted: the user's own, or by the user. */
  onRosterAccepted: NoticeMeta;
  /** A friend request was declined: the user's own, or by the user. */
  onRosterDeclined: NoticeMeta;
  /** The user blocked someone, here or on another device. */
  onRosterBlocked: NoticeMeta;
  /** The user unblocked someone, here or on another device. */
  onRosterUnblocked: NoticeMeta;
  /** Someone asks to become a friend. */
  onRosterApplied: NoticeMeta;
  /** The user muted a friend, here or on another device. */
  onRosterMuted: NoticeMeta;
  /** The user unmuted a friend, here or on another device. */
  onRosterUnmuted: NoticeMeta;
  /** The user blocked or unblocked someone. `onRosterBlocked` or `onRosterUnblocked` follows. */
  onRosterNotice: NoticeMeta;

  /** The groups or their details changed. The payload is the notice when a group was created, else undefined. */
  onGroupListUpdate: GroupNotice | undefined;
  /** The members of the group with this id changed, or may have changed. */
  onGroupMemberChanged: number;
  /** `from` entered a chat room. */
  onGroupPresence: GroupNotice;
  /** `from` left a chat room. */
  onGroupAbsence: GroupNotice;
  /** The user created a group, here or on another device. */
  onGroupCreated: GroupNotice;
  /** A group was dissolved. Its conversation is gone. */
  onGroupDestoryed: GroupNotice;
  /** `from` is a member now. It may be the user. */
  onGroupJoined: GroupNotice;
  /** `from` left the group. It may be the user on another device. */
  onGroupLeaved: GroupNotice;
  /** `from` asks to join. The owner and the admins get this. */
  onGroupApplyed: GroupNotice;
  /** A request to join was accepted: the user's own, or by the user. */
  onGroupApplyAccepted: GroupNotice;
  /** A request to join was declined: the user's own, or by the user. */
  onGroupApplyDeclined: GroupNotice;
  /** `to` are invited to a group. They may include the user. */
  onGroupInvited: GroupNotice;
  /** An invitation was accepted. */
  onGroupInvitedAccepted: GroupNotice;
  /** An invitation was declined. */
  onGroupInvitedDeclined: GroupNotice;
  /** `to` were removed from the group. They may include the user. */
  onGroupKicked: GroupNotice;
  /** `to` were removed from the group and cannot come back. They may include the user. */
  onGroupBlocked: GroupNotice;
  /** `to` may join the group again. */
  onGroupUnblocked: GroupNotice;
  /** `to` is the owner now. */
  onGroupOwnerAssigned: GroupNotice;
  /** `to` are admins now. */
  onGroupAdminGranted: GroupNotice;
  /** `to` are no admins any more. */
  onGroupAdminRevoked: GroupNotice;
  /** The user muted the group, here or on another device. */
  onGroupMuted: GroupNotice;
  /** The user unmuted the group, here or on another device. */
  onGroupUnmuted: GroupNotice;
  /** Members, or the whole group, may not write for a while. */
  onGroupBaned: GroupBan;
  /** Members, or the whole group, may write again. */
  onGroupUnbaned: GroupBan;
  /** The group's name or settings changed, or a member's card. `content` is JSON with the changes. */
  onGroupInfoUpdated: GroupNotice;
  /** The group's announcements changed. */
  onGroupAnnouncementUpdated: GroupNotice;
  /** The user changed their own settings for the group, here or on another device. */
  onGroupMessageSetting: GroupNotice;
  /** A file was shared in the group. */
  onGroupFileUploaded: GroupNotice;
  /** A shared file was removed from the group. */
  onGroupFileDeleted: GroupNotice;
  /** A shared file of the group changed. */
  onGroupFileUpdated: GroupNotice;
  /** `to` are invited to a group. `onGroupInvited` follows. */
  onGroupNotice: GroupNotice;
}
