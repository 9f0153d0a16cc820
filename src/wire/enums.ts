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

export const StatusErrorCode = numbersOf(xsync.Status.ErrorCode);
export const ConversationOperationType = numbersOf(xsync.ConversationOperation.Type);
export const ConversationType = numbersOf(xsync.Conversation.Type);
export const FrameVSN = numbersOf(xsync.Frame.VSN);
export const FrameCompressMethod = numbersOf(xsync.Frame.CompressMethod);
export const FrameCommand = numbersOf(xsync.Frame.Command);
export const FrameEncryptMethod = numbersOf(xsync.Frame.EncryptMethod);
export const InfoNetwork = numbersOf(xsync.Info.Network);
export const MessageOperationType = numbersOf(xsync.MessageOperation.Type);
export const MessageBodyType = numbersOf(xsync.MessageBody.Type);
export const MessageBodyContentType = numbersOf(xsync.MessageBody.ContentType);
export const MessageBodyQoS = numbersOf(xsync.MessageBody.QoS);
export const MessageBodyDeliveryStatus = numbersOf(xsync.MessageBody.DeliveryStatus);
export const GroupNoticeType = numbersOf(xsync.GroupNotice.Type);
export const RosterNoticeType = numbersOf(xsync.RosterNotice.Type);
export const UserNoticeType = numbersOf(xsync.UserNotice.Type);
export const ProvisionOsType = numbersOf(xsync.Provision.OsType);
export const RtcSignalType = numbersOf(xsync.RtcSignal.Type);
export const ConversationUnreadConvType = numbersOf(xsync.ConversationUnread.ConvType);
export const MetaNameSpace = numbersOf(xsync.Meta.NameSpace);
