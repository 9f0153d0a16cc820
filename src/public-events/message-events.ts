import type { ClientEvents } from '../client-events.ts';
import { copyError } from '../errors.ts';
import { idNumber } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { toOwnMessage } from '../model/message.ts';
import { isGroupKey, peerIdOf } from '../store/schema.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import type { Emitter } from '../util/emitter.ts';

type Emits = Pick<Emitter<ClientEvents>, 'emit'>;
type SyncEventOf<Type extends SyncEvent['type']> = SyncEvent & { type: Type };

/** Emits a message. When it is a mention or the signalling of a call, that event comes first. */
export function emitMessage(emitter: Emits, { message, arrival, mentioned }: SyncEventOf<'message'>, self: Id): void {
  const isGroup = message.toType === 'group';
  const arrived = { ...toOwnMessage(message, self), arrival };
  if (mentioned) emitter.emit('onMentionMessage', arrived);
  if (message.type === 'rtc' && !isGroup) {
    emitter.emit('onRosterRTCMessage', { ...arrived, isNative: message.clientMid !== undefined });
  }
  emitter.emit(isGroup ? 'onGroupMessage' : 'onRosterMessage', arrived);
}

/** Emits an edited message with what was added or replaced. */
export function emitEdit(emitter: Emits, { key, message: edited, edit }: SyncEventOf<'edited'>, self: Id): void {
  const message = toOwnMessage(edited, self);
  const isGroup = isGroupKey(key);
  const { content: appendedContent, config, ext } = edit;
  if (edit.append) {
    const added = { appendedContent, ...(config && { appendConfig: config }), ...(ext && { appendExt: ext }) };
    emitter.emit(isGroup ? 'onGroupMessageContentAppend' : 'onRosterMessageContentAppend', { ...message, ...added });
  } else {
    const replaced = { ...(config && { replaceConfig: config }), ...(ext && { replaceExt: ext }) };
    emitter.emit(isGroup ? 'onGroupMessageReplace' : 'onRosterMessageReplace', { ...message, ...replaced });
  }
}

/** Emits how far a message is on its way to the server. */
export function emitSending(emitter: Emits, event: SyncEventOf<'sending' | 'sent' | 'failed'>, self: Id): void {
  const { type: status } = event;
  emitter.emit('onSendingMessageStatusChanged', {
    status,
    mid: idNumber(event.mid),
    ...(event.message && { message: toOwnMessage(event.message, self) }),
    ...(status === 'sending' && { uid: idNumber(event.message.to) }),
    ...(status === 'failed' && {
      errorCode: event.error.statusCode ?? event.error.number,
      errorReason: event.error.rawMessage,
      error: copyError(event.error),
    }),
  });
}

/** Emits how much of a message's file is uploaded. */
export function emitUploading(emitter: Emits, { mid, key, loaded, total, percent }: SyncEventOf<'uploading'>): void {
  emitter.emit('onUploadProgress', { mid: idNumber(mid), uid: idNumber(peerIdOf(key)), loaded, total, percent });
}
