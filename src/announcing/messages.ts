import { idNumber } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import { telling } from './telling.ts';
import type { Telling } from './telling.ts';

type MessageEvent = SyncEvent & { type: 'message' };
type EditEvent = SyncEvent & { type: 'edited' };
type SendingEvent = SyncEvent & { type: 'sending' | 'sent' | 'failed' };

/** The app may keep and change what it is given. */
const copy = (message: Message): Message => ({ ...message });

/** A message, after what it is beside a message: a mention, or the signalling of a call. */
export function messageTold({ message, mentioned }: MessageEvent): Telling[] {
  const told: Telling[] = [];
  const isGroup = message.toType === 'group';
  if (mentioned) told.push(['onMentionMessage', copy(message)]);
  if (message.type === 'rtc' && !isGroup)
    told.push(['onRosterRTCMessage', { ...message, isNative: message.clientMid !== undefined }]);
  return [...told, [isGroup ? 'onGroupMessage' : 'onRosterMessage', copy(message)]];
}

export function editTold({ key, message, edit }: EditEvent): Telling {
  const kind = key.startsWith('g') ? 'onGroupMessage' : 'onRosterMessage';
  const { content: appendedContent, config, ext } = edit;
  if (edit.append) {
    const added = { appendedContent, ...(config && { appendConfig: config }), ...(ext && { appendExt: ext }) };
    return telling(`${kind}ContentAppend`, { ...message, ...added });
  }
  const replaced = { ...(config && { replaceConfig: config }), ...(ext && { replaceExt: ext }) };
  return telling(`${kind}Replace`, { ...message, ...replaced });
}

export function sendingTold(event: SendingEvent): Telling {
  const { type: status } = event;
  return [
    'onSendingMessageStatusChanged',
    {
      status,
      mid: idNumber(event.mid),
      ...(event.message && { message: copy(event.message) }),
      ...(status === 'sending' && { uid: idNumber(event.message.to) }),
      ...(status === 'failed' && {
        errorCode: event.error.statusCode ?? event.error.number,
        errorReason: event.error.rawMessage,
        error: event.error,
      }),
    },
  ];
}

export function uploadTold({ mid, key, loaded, total, percent }: SyncEvent & { type: 'uploading' }): Telling {
  return ['onUploadProgress', { mid: idNumber(mid), uid: idNumber(key.slice(1)), loaded, total, percent }];
}
