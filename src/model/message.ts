import type { Id } from './ids.ts';

/** Content types by their number on the wire. */
export const MESSAGE_TYPES = [
  'text',
  'image',
  'audio',
  'video',
  'file',
  'location',
  'command',
  'forward',
  'rtc',
] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

/** Delivery states by their number on the wire. */
export const DELIVERY_STATUS = { unread: 0, delivered: 1, read: 2 } as const;
export type DeliveryStatus = (typeof DELIVERY_STATUS)[keyof typeof DELIVERY_STATUS];

export type ConversationType = 'roster' | 'group';

/** A file that was uploaded. */
export interface FileAttachment {
  /** See `getChatFile`. */
  url?: string;
  /** The file's name. */
  dName?: string;
  /** Bytes. */
  fLen?: number;
}

export interface ImageAttachment extends FileAttachment {
  /** Pixels. */
  width?: number;
  height?: number;
}

export interface AudioAttachment extends FileAttachment {
  /** Seconds. */
  duration?: number;
}

export interface VideoAttachment extends ImageAttachment, AudioAttachment {}

/** A place on the earth. */
export interface LocationAttachment {
  /** Degrees north and east. */
  lat: number;
  lon: number;
  /** In words. */
  addr?: string;
}

/** What is attached to a message of a type. */
export interface Attachments {
  image: ImageAttachment;
  audio: AudioAttachment;
  video: VideoAttachment;
  file: FileAttachment;
  location: LocationAttachment;
}

/** A type, and what is attached to it: as its sender wrote it, with whatever else; nobody checked it. */
export type MessageContent =
  | {
      [T in keyof Attachments]: { type: T; attach?: Partial<Attachments[T]> & Record<string, unknown> };
    }[keyof Attachments]
  | {
      /** Undefined for a content type this version does not know. */
      type: Exclude<MessageType, keyof Attachments> | undefined;
      attach?: Record<string, unknown>;
    };

/** A message as apps see it (api-surface 4.1). Ids and times are decimal strings; `id` orders a conversation. */
export type Message = MessageFields & MessageContent;

export interface MessageFields {
  /** The server's id; the client's own while sending. */
  id: Id;
  from: Id;
  /** The peer, or the group when `toType` is `group`. */
  to: Id;
  content: string;
  /** Text as sent, JSON by habit. */
  ext: string;
  /** 0 unread, 1 delivered, 2 read. */
  status: DeliveryStatus;
  /** ms since 1970. */
  timestamp: string;
  toType: ConversationType;
  is_system: boolean;
  /** Came with a page of history. */
  isHistory: boolean;
  isNative: boolean;
  /** The receiver played it (voice). */
  isPlayed: boolean;
  /** ms since 1970 of the last edit, `'0'` for none. */
  editTimestamp: string;
  /** The id this device gave it when it sent it; absent for everything received. */
  clientMid?: Id;
  /** Only of `getSendingMessages`. */
  sendingStatus?: 'sending' | 'failed';
  /** The same: how much of its file is uploaded, 0 to 100. */
  progress?: number;
  /** The same, when it failed: the documented name of the error. */
  sendingError?: string;
  /** The same, of a picture or a film: a small picture of it, a data URL. */
  preview?: string;
  /** The parsed config; whole numbers of more than 15 digits are strings in it. */
  config?: Record<string, unknown>;
}

/** Where a sent message is: `sending` until the server answered. */
export type SendingStatus = 'sending' | 'sent' | 'failed';
