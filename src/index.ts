// For apps
export type { ClientOptions } from './options.ts';
export type { EventHandler, EventHandlers, EventName, FlooClient, LogoutOptions } from './client.ts';
export type {
  AppendedMessage,
  ClientEvents,
  FlooErrorEvent,
  FlooNotice,
  GroupBan,
  ReplacedMessage,
  SendingStatusEvent,
} from './client-events.ts';
export { errorNumber, FlooError, isFlooError } from './errors.ts';
export type { FlooErrorCode } from './errors.ts';
export type { UserManage } from './managers/user-manage.ts';
export type { ConversationCalls } from './managers/conversation-calls.ts';
export type { MessageCommands } from './managers/message-commands.ts';
export type { RosterManage } from './managers/roster-manage.ts';
export type { GroupManage } from './managers/group-manage.ts';
export type { ContactSearch, FoundGroup, FoundRoster } from './managers/contact-search.ts';
export type { MessagePage } from './managers/message-pages.ts';
export type { ConversationName, FoundMessage, MessagePageQuery, MessageReads } from './managers/message-reads.ts';
export type { OutgoingMessage, SysManage } from './managers/sys-manage.ts';
export type { ConversationItem } from './model/conversation.ts';
export type { CreateGroupParams, GroupInfo, GroupMember } from './model/group.ts';
export type { Id, IdInput } from './model/ids.ts';
export type { ConversationType, DeliveryStatus, Message, MessageType, SendingStatus } from './model/message.ts';
export type { GroupNoticePayload, NoticeMeta, NoticePayload, Xid } from './model/notice.ts';
export type { RosterItem, UserSettings } from './model/user.ts';

// For adapter authors
export { buildClient } from './client.ts';
export type { ClientSetup, ConfigurableClient } from './client.ts';
export type * from './platform/ports.ts';
