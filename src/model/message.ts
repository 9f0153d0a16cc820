import type { Id } from './ids.ts';

/** Content types. Stored messages have positions in this list, so a new type goes to its end. */
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
/** Content type of a message. */
export type MessageType = (typeof MESSAGE_TYPES)[number];

/** Delivery states with their numbers on the wire. */
export const DELIVERY_STATUS = { unread: 0, delivered: 1, read: 2 } as const;
/** Delivery state of a message: 0 unread, 1 delivered, 2 read. */
export type DeliveryStatus = (typeof DELIVERY_STATUS)[keyof typeof DELIVERY_STATUS];

/** `'roster'`: a chat with one user. `'group'`: a group chat. */
export type ConversationType = 'roster' | 'group';

/**
 * How a message came to this device.
 *
 * - `live`: it arrived while this device was online and had caught up, or this device sent it.
 * - `waiting`: the server held it while this device was away.
 * - `history`: an older one. A page of history brought it, or a gap was filled, or the server held it for a new device: for
 *   one that had not yet caught up for the first time.
 */
export type Arrival = 'live' | 'waiting' | 'history';

/** An uploaded file in a message. */
export interface FileAttachment {
  /** Where it is. `sysManage.getChatFile({ url })` adds what a download needs. */
  url?: string;
  /** File name. */
  dName?: string;
  /** Size in bytes. */
  fLen?: number;
}

/** A picture in a message. */
export interface ImageAttachment extends FileAttachment {
  /** Width in pixels. */
  width?: number;
  /** Height in pixels. */
  height?: number;
}

/** A voice message or another sound. */
export interface AudioAttachment extends FileAttachment {
  /** Length in seconds. */
  duration?: number;
}

/** A film in a message. */
export interface VideoAttachment extends ImageAttachment, AudioAttachment {}

/** A place. */
export interface LocationAttachment {
  /** Degrees north of the equator. */
  lat: number;
  /** Degrees east of Greenwich. */
  lon: number;
  /** Address or name. */
  addr?: string;
}

/** What is attached to a message. It is as its sender wrote it: nothing checks it, and it may have more fields. */
export interface MessageAttachment extends VideoAttachment, Partial<LocationAttachment> {
  /** Where its small picture is, when the sender's app uploaded one. */
  tUrl?: string;
  /** Any other field. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- deployed apps read what their peers wrote as it is
  [field: string]: any;
}

/** Settings of a message, as its sender wrote them: nothing checks them. */
export interface MessageConfig {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- deployed apps read what their peers wrote as it is
  [field: string]: any;
}

/** The attachment of each message type that has one, as it is sent. */
export interface Attachments {
  /** Attachment of a picture. */
  image: ImageAttachment;
  /** Attachment of a voice message. */
  audio: AudioAttachment;
  /** Attachment of a film. */
  video: VideoAttachment;
  /** Attachment of any other file. */
  file: FileAttachment;
  /** Attachment of a place. */
  location: LocationAttachment;
}

/** A message. Ids and times are decimal text. Ascending `id` is the order of a conversation. */
export interface Message {
  /** The server's id. While the message is being sent: the client's id. */
  id: Id;
  /** User id of the sender. */
  from: Id;
  /** Whether the user who is logged in sent it, from this device or another one. */
  isOwn: boolean;
  /** User id of the receiver, or the group id when `toType` is `'group'`. */
  to: Id;
  /** Content type. Undefined for one that this version does not know. */
  type: MessageType | undefined;
  /** Text of the message; `''` when it has none. */
  content: string;
  /** The parsed attachment, if there is one. */
  attach?: MessageAttachment;
  /** The app's own text about the message, JSON by habit; `''` for none. */
  ext: string;
  /** 0 unread, 1 delivered, 2 read. */
  status: DeliveryStatus;
  /** Time at the server, ms since 1970. While the message is being sent: the client's time. */
  timestamp: string;
  /** Whether it was sent to a user or to a group. */
  toType: ConversationType;
  /** Whether it is a system message. */
  is_system: boolean;
  /** Whether it came with a page of history. */
  isHistory: boolean;
  /**
   * How it came to this device. Message events always have it: see {@link ArrivedMessage}. What getters return has it too,
   * except for a message that is being sent, or that an earlier release stored.
   */
  arrival?: Arrival;
  /** Whether this device sent it. Only set in call events (`onRosterRTCMessage`). */
  isNative: boolean;
  /** Whether the receiver played it, for voice messages. */
  isPlayed: boolean;
  /** Time of the last edit, ms since 1970; `'0'` for none. */
  editTimestamp: string;
  /** The client's id, for messages that this device sent. */
  clientMid?: Id;
  /** Where the sending is. Only in `getSendingMessages`. */
  sendingStatus?: 'sending' | 'failed';
  /** Upload progress of its file, 0 to 100. Only in `getSendingMessages`. */
  progress?: number;
  /** `reason` of the error, when the sending failed. Only in `getSendingMessages`. */
  sendingError?: string;
  /** Small picture of its image or film, as a data URL. Only in `getSendingMessages`. */
  preview?: string;
  /** The parsed config. Integers of more than 15 digits are strings in it. */
  config?: MessageConfig;
}

/** A message as it is synced and stored. Whose it is depends on who reads it. */
export type SyncedMessage = Omit<Message, 'isOwn'>;

/** A message as an app gets it: it says whose it is. `self` is the user who is logged in. */
export function toOwnMessage<Of extends SyncedMessage>(message: Of, self: Id): Of & Pick<Message, 'isOwn'> {
  return { ...message, isOwn: message.from === self };
}

/** A message in a message event: it says how it came. */
export type ArrivedMessage = Message & {
  /** How it came to this device. A bot answers `live` and `waiting`; an app rings for `live` alone. */
  arrival: Arrival;
};

/** A synced message in an event of the sync: it says how it came. */
export type ArrivedSyncedMessage = SyncedMessage & Pick<ArrivedMessage, 'arrival'>;

/** Where a message on its way is. It stays `'sending'` until the server has answered. */
export type SendingStatus = 'sending' | 'sent' | 'failed';
