import type { Meta, MessageMeta, SyncDown } from '../wire/frame-types.ts';
import type { IMessageBody } from '../wire/gen/codec.js';

/** Something decoded: an absent field reads as its zero value, an absent message as null. */
export type Received<T> = T extends Uint8Array
  ? T
  : T extends readonly (infer Item)[]
    ? Received<Item>[]
    : T extends object
      ? { [Field in keyof T]-?: Received<Exclude<T[Field], undefined>> }
      : T;

export type ReceivedPage = Received<SyncDown>;
export type ReceivedMeta = Received<Meta>;
/** A meta with a message body, as all of its namespace that carry something have. */
export type ReceivedMessage = Received<MessageMeta> & { payload: Received<IMessageBody> };

/** An operation, received or acknowledged; one's own has of these texts what the app gave. */
export type OperationMeta = Omit<ReceivedMessage, 'payload'> & {
  payload: Omit<Received<IMessageBody>, 'config' | 'ext'> & Pick<IMessageBody, 'config' | 'ext'>;
};
