import type Long from 'long';
import { toLong } from './codec.ts';
import { im } from './gen/xsync.js';
import type {
  IConversation,
  IConversationOperation,
  IConversationUnread,
  IGroupNotice,
  IInfo,
  IMessageBody,
  IMessageOperation,
  INotice,
  IProvision,
  IRosterNotice,
  IRtcSignal,
  IStatus,
  IUnreadDL,
  IUserNotice,
  IXID,
} from './message-types.ts';

import xsync = im.floo.protobuf;

// Each message is written as an object with all of its fields, in one order: V8 encodes objects of one shape eight times as
// fast as spread ones. `Required` makes the compiler miss a field that is added to the protocol.

export function writeStatus(status: IStatus): Required<xsync.IStatus> {
  return {
    code: own(status, 'code'),
    reason: own(status, 'reason'),
  };
}

export function writeProvision(provision: IProvision): Required<xsync.IProvision> {
  return {
    status: provision.status ? writeStatus(provision.status) : null,
    xid: xidOf(provision.xid),
    password: own(provision, 'password'),
    token: own(provision, 'token'),
    os_type: own(provision, 'os_type'),
    sdk_vsn: own(provision, 'sdk_vsn'),
    is_manual_login: own(provision, 'is_manual_login'),
    device_guid: own(provision, 'device_guid'),
    device_notifier: own(provision, 'device_notifier'),
    device_token: own(provision, 'device_token'),
    device_info: own(provision, 'device_info'),
    last_login_time: longOf(provision, 'last_login_time'),
  };
}

export function writeUnreadDL(list: IUnreadDL): Required<xsync.IUnreadDL> {
  return {
    status: list.status ? writeStatus(list.status) : null,
    unread: list.unread?.map(writeConversationUnread) ?? null,
  };
}

function writeConversationUnread(unread: IConversationUnread): Required<xsync.IConversationUnread> {
  return {
    xid: xidOf(unread.xid),
    n: own(unread, 'n'),
    type: own(unread, 'type'),
  };
}

export function writeNotice(notice: INotice): Required<xsync.INotice> {
  return {
    xid: xidOf(notice.xid),
  };
}

export function writeMessageBody(body: IMessageBody): Required<xsync.IMessageBody> {
  return {
    type: own(body, 'type'),
    content: own(body, 'content'),
    ctype: own(body, 'ctype'),
    operation: body.operation ? writeMessageOperation(body.operation) : null,
    config: own(body, 'config'),
    attachment: own(body, 'attachment'),
    ext: own(body, 'ext'),
    qos: own(body, 'qos'),
    sender_name: own(body, 'sender_name'),
    is_system: own(body, 'is_system'),
    priority: own(body, 'priority'),
    status: own(body, 'status'),
    edit_timestamp: longOf(body, 'edit_timestamp'),
  };
}

function writeMessageOperation(operation: IMessageOperation): Required<xsync.IMessageOperation> {
  return {
    type: own(operation, 'type'),
    mid: longOf(operation, 'mid'),
    xid: xidOf(operation.xid),
  };
}

export function writeGroupNotice(notice: IGroupNotice): Required<xsync.IGroupNotice> {
  return {
    type: own(notice, 'type'),
    gid: xidOf(notice.gid),
    from: xidOf(notice.from),
    to: notice.to?.map(writeXid) ?? null,
    content: own(notice, 'content'),
  };
}

export function writeRosterNotice(notice: IRosterNotice): Required<xsync.IRosterNotice> {
  return {
    type: own(notice, 'type'),
    from: xidOf(notice.from),
    to: notice.to?.map(writeXid) ?? null,
    content: own(notice, 'content'),
    roster_vsn: own(notice, 'roster_vsn'),
  };
}

export function writeUserNotice(notice: IUserNotice): Required<xsync.IUserNotice> {
  return {
    type: own(notice, 'type'),
    content: own(notice, 'content'),
  };
}

export function writeConversation(conversation: IConversation): Required<xsync.IConversation> {
  return {
    type: own(conversation, 'type'),
    operation: conversation.operation ? writeConversationOperation(conversation.operation) : null,
  };
}

function writeConversationOperation(operation: IConversationOperation): Required<xsync.IConversationOperation> {
  return {
    type: own(operation, 'type'),
    xid: xidOf(operation.xid),
  };
}

export function writeInfo(info: IInfo): Required<xsync.IInfo> {
  return {
    sdk_vsn: own(info, 'sdk_vsn'),
    network: own(info, 'network'),
    content: own(info, 'content'),
  };
}

export function writeRtcSignal(signal: IRtcSignal): Required<xsync.IRtcSignal> {
  return {
    type: own(signal, 'type'),
    content: own(signal, 'content'),
    media_server: own(signal, 'media_server'),
  };
}

function writeXid(xid: IXID): Required<xsync.IXID> {
  return {
    uid: longOf(xid, 'uid'),
    deviceSN: own(xid, 'deviceSN'),
  };
}

/** A message in a field; null, which leaves it out, when there is none. */
export function xidOf(xid: IXID | null | undefined): Required<xsync.IXID> | null {
  return xid ? writeXid(xid) : null;
}

/** A field that is set; null, which leaves it out, when it is not. */
export function own<Message extends object, Field extends keyof Message>(
  message: Message,
  field: Field,
): NonNullable<Message[Field]> | null {
  return Object.prototype.hasOwnProperty.call(message, field) ? (message[field] ?? null) : null;
}

/** A field with a decimal uint64; null, which leaves it out, when it is not set. */
export function longOf<Field extends string>(
  message: { readonly [Name in Field]?: string | undefined },
  field: Field,
): Long | null {
  const id = own(message, field);
  return id === null ? null : toLong(id);
}
