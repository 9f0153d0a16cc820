import { expect, test } from 'vitest';
import { staticVars } from '../../../src/model/static-vars.ts';
import * as enums from '../../../src/wire/enums.ts';

const OF_PROTOCOL: Record<string, object> = {
  STATIC_FRAME_VSN: enums.FrameVSN,
  STATIC_FRAME_COMMAND: enums.FrameCommand,
  STATIC_FRAME_COMPRESS_METHOD: enums.FrameCompressMethod,
  STATIC_FRAME_ERROR_STATUS: enums.StatusErrorCode,
  STATIC_FRAME_OSTYPE: enums.ProvisionOsType,
  STATIC_FRAME_ENCRYPTMETHOD: enums.FrameEncryptMethod,
  STATIC_META_NAMESPACE: enums.MetaNameSpace,
  STATIC_MESSAGE_TYPE: enums.MessageBodyType,
  STATIC_MESSAGE_OPTYPE: enums.MessageOperationType,
  STATIC_MESSAGE_CONTENT_TYPE: enums.MessageBodyContentType,
  STATIC_MESSAGE_QOS: enums.MessageBodyQoS,
  STATIC_MESSAGE_STATUS: enums.MessageBodyDeliveryStatus,
  STATIC_GROUPNOTICE_TYPE: enums.GroupNoticeType,
  STATIC_ROSTERNONTICE_TYPE: enums.RosterNoticeType,
  STATIC_USERNOTICE_TYPE: enums.UserNoticeType,
  STATIC_INFO_NETWORK: enums.InfoNetwork,
  STATIC_CONVERSATION_TYPE: enums.ConversationType,
  STATIC_CONVERSATION_OPTYPE: enums.ConversationOperationType,
  STATIC_RTC_SIGNAL_TYPE: enums.RtcSignalType,
};

test('are the 19 enumerations of the protocol', () => {
  expect(staticVars()).toEqual(OF_PROTOCOL);
});
