import {
  ConversationOperationType,
  ConversationType,
  FrameCommand,
  FrameCompressMethod,
  FrameEncryptMethod,
  FrameVSN,
  GroupNoticeType,
  InfoNetwork,
  MessageBodyContentType,
  MessageBodyDeliveryStatus,
  MessageBodyQoS,
  MessageBodyType,
  MessageOperationType,
  MetaNameSpace,
  ProvisionOsType,
  RosterNoticeType,
  RtcSignalType,
  StatusErrorCode,
  UserNoticeType,
} from '../wire/enums.ts';

/** The enumerations of the protocol: each a table of names with their numbers. */
export type StaticVars = Record<`STATIC_${string}`, Readonly<Record<string, number>>>;

/** Copies, under the names of the deployed SDK. */
export const staticVars = (): StaticVars => ({
  STATIC_FRAME_VSN: { ...FrameVSN },
  STATIC_FRAME_COMMAND: { ...FrameCommand },
  STATIC_FRAME_COMPRESS_METHOD: { ...FrameCompressMethod },
  STATIC_FRAME_ERROR_STATUS: { ...StatusErrorCode },
  STATIC_FRAME_OSTYPE: { ...ProvisionOsType },
  STATIC_FRAME_ENCRYPTMETHOD: { ...FrameEncryptMethod },
  STATIC_META_NAMESPACE: { ...MetaNameSpace },
  STATIC_MESSAGE_TYPE: { ...MessageBodyType },
  STATIC_MESSAGE_OPTYPE: { ...MessageOperationType },
  STATIC_MESSAGE_CONTENT_TYPE: { ...MessageBodyContentType },
  STATIC_MESSAGE_QOS: { ...MessageBodyQoS },
  STATIC_MESSAGE_STATUS: { ...MessageBodyDeliveryStatus },
  STATIC_GROUPNOTICE_TYPE: { ...GroupNoticeType },
  STATIC_ROSTERNONTICE_TYPE: { ...RosterNoticeType }, // deployed spelling
  STATIC_USERNOTICE_TYPE: { ...UserNoticeType },
  STATIC_INFO_NETWORK: { ...InfoNetwork },
  STATIC_CONVERSATION_TYPE: { ...ConversationType },
  STATIC_CONVERSATION_OPTYPE: { ...ConversationOperationType },
  STATIC_RTC_SIGNAL_TYPE: { ...RtcSignalType },
});
