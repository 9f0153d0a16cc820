// For apps
export type { ClientOptions, PlatformParts, UntypedOptions } from './options.ts';
export type { CallMessage, CallPort, CallsEngine, CallsPlugin, SentCallMessage } from './call-port.ts';
export type {
  EventHandler,
  EventHandlers,
  EventName,
  FlooClient,
  LogoutOptions,
  NeverEmitted,
  NeverEmittedHandler,
} from './floo-client.ts';
export type {
  AppendedMessage,
  ClientEvents,
  GroupBan,
  MessageReference,
  ReplacedMessage,
  SendingStatusEvent,
  UploadProgress,
} from './client-events.ts';
export type { ConnectionReason, ConnectionStateName, ConnectionStatus } from './chronicle/connection-status.ts';
export type { Explanation, StorageExplanation, WaitingItem, WaitingReason } from './chronicle/explanation.ts';
export type { Step, StepCode, StepDetails, WakeCause } from './chronicle/step.ts';
export type { FlooErrorEvent, FlooNotice } from './session-events.ts';
export { errorNumber, FlooError, isFlooError } from './errors.ts';
export type { FlooErrorCode } from './errors.ts';
export type { AppConfig, AppInfo } from './managers/app-info.ts';
export type { ContactSearch, FoundGroup, FoundRoster } from './managers/contact-search.ts';
export type { ConversationCalls } from './managers/conversation-calls.ts';
export type { FileDownload, FileTransfers, FileUpload, TransferOptions } from './managers/file-transfers.ts';
export type { FileUrls } from './managers/file-urls.ts';
export type { GroupContentCalls } from './managers/group-content-calls.ts';
export type { GroupInfoCalls } from './managers/group-info-calls.ts';
export type { GroupCalls, GroupManage } from './managers/group-manage.ts';
export type { GroupMemberCalls } from './managers/group-member-calls.ts';
export type { LinkParser } from './managers/link-parser.ts';
export type { MessageCommands } from './managers/message-commands.ts';
export type { MessagePage } from './managers/message-pages.ts';
export type { ConversationName, FoundMessage, MessagePageQuery, MessageReads } from './managers/message-reads.ts';
export type { MessageSending } from './managers/message-sending.ts';
export type {
  Forwarded,
  MentionMessage,
  OutgoingContent,
  OutgoingFields,
  OutgoingMessage,
  UntypedMessage,
} from './managers/outgoing-message.ts';
export type { RosterCalls } from './managers/roster-calls.ts';
export type { RosterManage } from './managers/roster-manage.ts';
export type { RtcCalls, RtcManage } from './managers/rtc-manage.ts';
export type { StaticVars } from './managers/static-vars.ts';
export type { SysCalls } from './managers/sys-calls.ts';
export type { SysManage } from './managers/sys-manage.ts';
export type { UserAccountCalls } from './managers/user-account-calls.ts';
export type { UserMobileCalls } from './managers/user-mobile-calls.ts';
export type { UserCalls, UserProfileCalls } from './managers/user-calls.ts';
export type { UserManage } from './managers/user-manage.ts';
export type { ConversationItem } from './model/conversation.ts';
export type { Device } from './model/device.ts';
export type * from './model/file.ts';
export type * from './model/group.ts';
export type { Id, IdInput } from './model/ids.ts';
export type { OneOf } from './model/one-of.ts';
export type {
  Arrival,
  ArrivedMessage,
  Attachments,
  AudioAttachment,
  ConversationType,
  DeliveryStatus,
  FileAttachment,
  ImageAttachment,
  LocationAttachment,
  Message,
  MessageAttachment,
  MessageConfig,
  MessageType,
  SendingStatus,
  VideoAttachment,
} from './model/message.ts';
export type { GroupNoticePayload, KeptNoticePayload, NoticeMeta, NoticePayload, Xid } from './model/notice.ts';
export type { Paged, PageInfo, PageQuery } from './model/page.ts';
export type * from './model/user.ts';
export type * from './model/user-access.ts';

// For adapter authors
export { buildClient } from './client.ts';
export type { ClientSetup, ConfigurableClient } from './client.ts';
export type * from './platform/ports.ts';
