import { im } from './gen/xsync.js';

import xsync = im.floo.protobuf;

/** The numbers that an enum has, for instance `EnumValue<typeof GroupNoticeType>`. */
export type EnumValue<Enum> = Enum[keyof Enum];

/**
 * Copies a generated enum into a table with literal types.
 *
 * The generated enum types cannot be published: their declaration file imports the types of protobufjs, which an app does not
 * have. The return type has no name, so that the compiler writes the numbers themselves into our declaration files.
 */
function numbersOf<Generated extends Record<string, string | number>>(
  generated: Generated,
): {
  readonly [Name in Extract<keyof Generated, string>]: `${Generated[Name]}` extends `${infer Literal extends number}`
    ? Literal
    : never;
};
function numbersOf(generated: Record<string, string | number>): Record<string, string | number> {
  return { ...generated };
}

/** How a request ended. */
export const StatusErrorCode = numbersOf(xsync.Status.ErrorCode);
/** Operations on a conversation. */
export const ConversationOperationType = numbersOf(xsync.ConversationOperation.Type);
/** Kinds of conversation items. */
export const ConversationType = numbersOf(xsync.Conversation.Type);
/** Versions of the protocol. */
export const FrameVSN = numbersOf(xsync.Frame.VSN);
/** How the payload of a frame is compressed. */
export const FrameCompressMethod = numbersOf(xsync.Frame.CompressMethod);
/** What a frame is for. */
export const FrameCommand = numbersOf(xsync.Frame.Command);
/** How the payload of a frame is encrypted. */
export const FrameEncryptMethod = numbersOf(xsync.Frame.EncryptMethod);
/** Kinds of networks. */
export const InfoNetwork = numbersOf(xsync.Info.Network);
/** Operations on a message. */
export const MessageOperationType = numbersOf(xsync.MessageOperation.Type);
/** Kinds of messages: to a user, to a group, or an operation. */
export const MessageBodyType = numbersOf(xsync.MessageBody.Type);
/** Content types of messages. */
export const MessageBodyContentType = numbersOf(xsync.MessageBody.ContentType);
/** How often a message may be delivered. */
export const MessageBodyQoS = numbersOf(xsync.MessageBody.QoS);
/** Delivery states of a message. */
export const MessageBodyDeliveryStatus = numbersOf(xsync.MessageBody.DeliveryStatus);
/** What happened to a group. */
export const GroupNoticeType = numbersOf(xsync.GroupNotice.Type);
/** What happened to the friend list. */
export const RosterNoticeType = numbersOf(xsync.RosterNotice.Type);
/** What happened to the account. */
export const UserNoticeType = numbersOf(xsync.UserNotice.Type);
/** Kinds of platforms. */
export const ProvisionOsType = numbersOf(xsync.Provision.OsType);
/** Kinds of signals of a call. */
export const RtcSignalType = numbersOf(xsync.RtcSignal.Type);
/** Kinds of conversations in the unread list. */
export const ConversationUnreadConvType = numbersOf(xsync.ConversationUnread.ConvType);
/** Kinds of items. */
export const MetaNameSpace = numbersOf(xsync.Meta.NameSpace);
