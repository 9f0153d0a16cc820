import type { IdInput } from '../model/ids.ts';
import type { Attachments, MessageType } from '../model/message.ts';
import type { OneOf } from '../model/one-of.ts';

// What apps hand in to be sent.

/** Type and attachment of a message to send. An attachment may have more fields. */
export type OutgoingContent =
  | {
      [T in keyof Attachments]: {
        /** Content type. */
        type: T;
        /** What is attached, an object or JSON text. */
        attachment?: string | Attachments[T] | (Attachments[T] & Record<string, unknown>);
      };
    }[keyof Attachments]
  | {
      /**
       * Content type. A text has no attachment.
       * @default 'text', or for a `file` the type that its MIME type stands for
       */
      type?: Exclude<MessageType, keyof Attachments>;
      /** What is attached, an object or JSON text. */
      attachment?: string | object;
    };

/** A message to send, without its receiver. */
export type OutgoingMessage = OutgoingFields & OutgoingContent;

/** A message to send whose content type is in a variable, without its receiver. Deployed apps write it so. */
export interface UntypedMessage<Type extends string> extends OutgoingFields {
  /** Content type, one of {@link MessageType}. */
  type?: OneOf<never, Type>;
  /** What is attached, an object or JSON text. */
  attachment?: string | object;
}

/** The fields of a message to send, besides its content type and attachment. */
export interface OutgoingFields {
  /** Text. */
  content?: string;
  /** The app's own text, or a value that is sent as JSON. */
  ext?: string | object;
  /** Settings of the message, an object or JSON text. */
  config?: string | object;
  /**
   * A file to upload first: a `File`, a `Blob` or bytes; in Node also a path; in a mini-program a path, or what a
   * picker answered.
   *
   * The message shows in `getSendingMessages` at once, and `onUploadProgress` reports its progress. A reload does not
   * stop it. `discardMessage` cancels it, and `resendMessage` tries again. `attachment` gets `url`, `dName` and
   * `fLen`; in a page also `width`, `height` and `duration`. The fields that the app gives stay, except `url`. Later
   * files of the conversation are sent after it; other messages do not wait for it.
   *
   * A picture that is an extended (animated) WebP is uploaded as a still PNG, as by the deployed SDK.
   */
  file?: unknown;
}

/** A text message that mentions members of a group. */
export interface MentionMessage {
  /** The group. */
  gid: IdInput;
  /** Text. */
  txt: string;
  /** Whether it mentions everyone. */
  mentionAll?: boolean;
  /** User ids of the mentioned members. */
  mentionList?: readonly number[];
  /** Push text for the mentioned members. */
  mentionedMessage?: string;
  /** Push text for the other members. */
  pushMessage?: string;
  /** Name of the sender in the push. */
  senderNickname?: string;
  /** Name of the sender in the push, as deployed uni-app apps spell the field. */
  senderNickName?: string;
}

/** The parts of a message that are forwarded. A whole message fits. */
export interface Forwarded {
  /** Text. */
  content?: string;
  /**
   * Content type, one of {@link MessageType}.
   * @default 'text'
   */
  type?: string | undefined;
  /** What is attached. */
  attach?: object | undefined;
}
