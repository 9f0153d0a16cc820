import { has, toId } from './codec.ts';
import { StatusErrorCode } from './enums.ts';
import { im } from './gen/xsync.js';
import type {
  IConversation,
  IConversationOperation,
  IConversationUnread,
  IGroupNotice,
  IMessageBody,
  IMessageOperation,
  IProvision,
  IRosterNotice,
  IStatus,
  IUnreadDL,
  IXID,
} from './message-types.ts';

import xsync = im.floo.protobuf;

/**
 * A class of messages whose fields read as these values until they are set, so that only what was on the wire is an own property.
 *
 * UserNotice, Info and RtcSignal need no class: they have neither ids nor messages in them, so what protobufjs decodes is the same.
 */
export function messageClass<Message extends object>(zero: Required<Message>): new () => Message {
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- its fields are set by those who read a message
  class DecodedMessage {}
  Object.assign(DecodedMessage.prototype, zero);
  return DecodedMessage as new () => Message;
}

const Xid = messageClass<IXID>({ uid: '0', deviceSN: 0 });
const Status = messageClass<IStatus>({ code: 0, reason: '' });
const Provision = messageClass<IProvision>({
  status: null,
  xid: null,
  password: '',
  token: '',
  os_type: 0,
  sdk_vsn: '',
  is_manual_login: false,
  device_guid: '',
  device_notifier: '',
  device_token: '',
  device_info: '',
  last_login_time: '0',
});
const ConversationUnread = messageClass<IConversationUnread>({ xid: null, n: 0, type: 0 });
const UnreadDL = messageClass<IUnreadDL>({ status: null, unread: [] });
const MessageOperation = messageClass<IMessageOperation>({ type: 0, mid: '0', xid: null });
const MessageBody = messageClass<IMessageBody>({
  type: 0,
  content: '',
  ctype: 0,
  operation: null,
  config: '',
  attachment: '',
  ext: '',
  qos: 0,
  sender_name: '',
  is_system: false,
  priority: 0,
  status: 0,
  edit_timestamp: '0',
});
const GroupNotice = messageClass<IGroupNotice>({ type: 0, gid: null, from: null, to: [], content: '' });
const RosterNotice = messageClass<IRosterNotice>({ type: 0, from: null, to: [], content: '', roster_vsn: '' });
const ConversationOperation = messageClass<IConversationOperation>({ type: 0, xid: null });
const Conversation = messageClass<IConversation>({ type: 0, operation: null });

export function readXid(wire: xsync.IXID): IXID {
  const xid = new Xid();
  if (has(wire, 'uid')) xid.uid = toId(wire.uid);
  if (has(wire, 'deviceSN')) xid.deviceSN = wire.deviceSN;
  return xid;
}

export function readStatus(wire: xsync.IStatus): IStatus {
  const status = new Status();
  if (has(wire, 'code')) status.code = wire.code;
  if (has(wire, 'reason')) status.reason = wire.reason;
  return status;
}

export function readProvision(wire: xsync.Provision): IProvision {
  const provision = new Provision();
  if (wire.status) provision.status = readStatus(wire.status);
  if (wire.xid) provision.xid = readXid(wire.xid);
  if (has(wire, 'password')) provision.password = wire.password;
  if (has(wire, 'token')) provision.token = wire.token;
  if (has(wire, 'os_type')) provision.os_type = wire.os_type;
  if (has(wire, 'sdk_vsn')) provision.sdk_vsn = wire.sdk_vsn;
  if (has(wire, 'is_manual_login')) provision.is_manual_login = wire.is_manual_login;
  if (has(wire, 'device_guid')) provision.device_guid = wire.device_guid;
  if (has(wire, 'device_notifier')) provision.device_notifier = wire.device_notifier;
  if (has(wire, 'device_token')) provision.device_token = wire.device_token;
  if (has(wire, 'device_info')) provision.device_info = wire.device_info;
  if (has(wire, 'last_login_time')) provision.last_login_time = toId(wire.last_login_time);
  return provision;
}

function readConversationUnread(wire: xsync.IConversationUnread): IConversationUnread {
  const unread = new ConversationUnread();
  if (wire.xid) unread.xid = readXid(wire.xid);
  if (has(wire, 'n')) unread.n = wire.n;
  if (has(wire, 'type')) unread.type = wire.type;
  return unread;
}

export function readUnreadDL(wire: xsync.UnreadDL): IUnreadDL {
  const list = new UnreadDL();
  if (wire.status) list.status = readStatus(wire.status);
  list.unread = wire.unread.map(readConversationUnread);
  return list;
}

function readMessageOperation(wire: xsync.IMessageOperation): IMessageOperation {
  const operation = new MessageOperation();
  if (has(wire, 'type')) operation.type = wire.type;
  if (has(wire, 'mid')) operation.mid = toId(wire.mid);
  if (wire.xid) operation.xid = readXid(wire.xid);
  return operation;
}

export function readMessageBody(wire: xsync.MessageBody): IMessageBody {
  const body = new MessageBody();
  if (has(wire, 'type')) body.type = wire.type;
  if (has(wire, 'content')) body.content = wire.content;
  if (has(wire, 'ctype')) body.ctype = wire.ctype;
  if (wire.operation) body.operation = readMessageOperation(wire.operation);
  if (has(wire, 'config')) body.config = wire.config;
  if (has(wire, 'attachment')) body.attachment = wire.attachment;
  if (has(wire, 'ext')) body.ext = wire.ext;
  if (has(wire, 'qos')) body.qos = wire.qos;
  if (has(wire, 'sender_name')) body.sender_name = wire.sender_name;
  if (has(wire, 'is_system')) body.is_system = wire.is_system;
  if (has(wire, 'priority')) body.priority = wire.priority;
  if (has(wire, 'status')) body.status = wire.status;
  if (has(wire, 'edit_timestamp')) body.edit_timestamp = toId(wire.edit_timestamp);
  return body;
}

export function readGroupNotice(wire: xsync.GroupNotice): IGroupNotice {
  const notice = new GroupNotice();
  if (has(wire, 'type')) notice.type = wire.type;
  if (wire.gid) notice.gid = readXid(wire.gid);
  if (wire.from) notice.from = readXid(wire.from);
  notice.to = wire.to.map(readXid);
  if (has(wire, 'content')) notice.content = wire.content;
  return notice;
}

export function readRosterNotice(wire: xsync.RosterNotice): IRosterNotice {
  const notice = new RosterNotice();
  if (has(wire, 'type')) notice.type = wire.type;
  if (wire.from) notice.from = readXid(wire.from);
  notice.to = wire.to.map(readXid);
  if (has(wire, 'content')) notice.content = wire.content;
  if (has(wire, 'roster_vsn')) notice.roster_vsn = wire.roster_vsn;
  return notice;
}

function readConversationOperation(wire: xsync.IConversationOperation): IConversationOperation {
  const operation = new ConversationOperation();
  if (has(wire, 'type')) operation.type = wire.type;
  if (wire.xid) operation.xid = readXid(wire.xid);
  return operation;
}

export function readConversation(wire: xsync.Conversation): IConversation {
  const conversation = new Conversation();
  if (has(wire, 'type')) conversation.type = wire.type;
  if (wire.operation) conversation.operation = readConversationOperation(wire.operation);
  return conversation;
}

/** The failure that a status reports. Undefined when all is well, which is also the case without a status or without a code. */
export function failureOf(status: IStatus | null | undefined): { code: number; reason: string } | undefined {
  if (!status || !has(status, 'code') || status.code === StatusErrorCode.OK) return undefined;
  return { code: status.code, reason: status.reason ?? '' };
}
