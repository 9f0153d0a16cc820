import { MessageBodyContentType, MessageBodyQoS, MessageBodyType, MessageOperationType } from 'flooim/wire';
import type { IMessageBody } from 'flooim/wire';
import type { AppData } from '../../devserver/src/model/app-data.ts';
import type { StoredMessage } from '../../devserver/src/model/messages.ts';
import type { ServerCore } from '../../devserver/src/server-core.ts';
import type { MessageType } from '../../src/index.ts';
import { contentTypeOf, idOf, jsonOf, toTestMessage } from './messages.ts';
import type { MessageRef, TestMessage } from './messages.ts';
import { mustFindPlace, mustFindUserId } from './places.ts';
import type { Place } from './places.ts';

/** What a message of a scripted user has beside its text. */
export interface Sending {
  /** The user or group that it goes to. */
  to: Place;
  /**
   * Its type.
   *
   * @default 'text'
   */
  type?: MessageType;
  /** The app's extension: JSON as text or as a value. */
  ext?: unknown;
  /** The config: JSON as text or as a value. */
  config?: unknown;
  /** The attachment: JSON as text or as a value. */
  attachment?: unknown;
}

/** A file that a scripted user sends. */
export interface SendingFile extends Omit<Sending, 'type' | 'attachment'> {
  /** Its bytes, or the text of a text file. */
  content: Uint8Array | string;
  /** Its name. */
  name: string;
  /**
   * How it is shown.
   *
   * @default by the ending of its name
   */
  type?: 'image' | 'audio' | 'video' | 'file';
  /** More of the attachment, such as `width` and `height`, or `duration`. */
  facts?: Readonly<Record<string, unknown>>;
}

/** What a scripted user does with messages. Each promise resolves when the clients have got what it caused. */
export interface PeerMessages {
  /**
   * Sends a message.
   *
   * @param content - its text
   * @throws Error when there is no such user or group, or when the server refuses it
   * @example
   * import { createTestServer } from 'flooim/testing';
   *
   * const server = createTestServer();
   * const bob = server.addUser('bob');
   * server.addUser('alice');
   * await bob.says('hi', { to: 'alice' });
   */
  says(content: string, sending: Sending): Promise<TestMessage>;
  /**
   * Sends an answer that grows: a message with the first part, and an append for each of the others.
   *
   * @param parts - the parts of its text
   */
  streams(parts: readonly string[], sending: Sending): Promise<TestMessage>;
  /** Uploads a file and sends a message with it. */
  sendsFile(file: SendingFile): Promise<TestMessage>;
  /**
   * Sends a typing signal.
   *
   * @param status - `'typing'` and `'nothing'` are what the SDK's own clients send
   * @param options.to - the user
   */
  types(status: 'typing' | 'nothing' | (string & {}), options: { to: Place }): Promise<void>;
  /**
   * Marks a message as read.
   *
   * @param message - the message, or its server id
   */
  reads(message: MessageRef): Promise<void>;
  /**
   * Marks all messages of a conversation as read.
   *
   * @param place - the other user, or the group
   */
  readsAll(place: Place): Promise<void>;
  /**
   * Recalls a message of its own.
   *
   * @param message - the message, or its server id
   */
  recalls(message: MessageRef): Promise<void>;
  /**
   * Replaces the text of a message of its own.
   *
   * @param message - the message, or its server id
   * @param content - its new text
   */
  edits(message: MessageRef, content: string): Promise<void>;
  /**
   * Adds text to a message of its own.
   *
   * @param message - the message, or its server id
   * @param content - the text to add
   */
  appends(message: MessageRef, content: string): Promise<void>;
  /**
   * The messages of a conversation as this user's history shows them, oldest first.
   *
   * @param place - the other user, or the group
   */
  messages(place: Place): TestMessage[];
}

/** The kit's parts that a scripted user works with. */
export interface PeerDeps {
  readonly core: ServerCore;
  readonly app: AppData;
  readonly baseUrl: string;
  settled(): Promise<void>;
}

/** Numbers of the kinds of files for chats with users. */
const FILE_TYPES = { file: 100, audio: 101, image: 102, video: 103 } as const;
const SHARED = 100;
/** The number of the one device that a scripted user has. */
const GUID = 'scripted';

export function createPeerMessages({ core, app, baseUrl, settled }: PeerDeps, userId: number): PeerMessages {
  const { messaging, data } = core;
  const send = (toId: number, body: IMessageBody): string => {
    const now = core.clock.now();
    const from = { userId, device: app.devices.open(userId, GUID, now).device.sn };
    const result = messaging.send(app, { from, toId, body });
    if (!result.ok)
      throw new Error(`the server refused what ${app.users.get(userId)?.username} sent: ${result.reason}`);
    return String(result.id);
  };
  const mustFind = (id: string): StoredMessage => {
    const message = /^\d+$/.test(id) ? app.messages.get(BigInt(id)) : undefined;
    if (!message)
      throw new Error(`no message ${id}: give the server's id, which a sent message has when it was answered`);
    return message;
  };
  const operate = async (ref: MessageRef, type: number, toId: (message: StoredMessage) => number, content = '') => {
    const message = mustFind(idOf(ref));
    const ctype = content === '' ? MessageBodyContentType.COMMAND : MessageBodyContentType.TEXT;
    const operation = { type, mid: String(message.id) };
    send(toId(message), { type: MessageBodyType.OPER, content, ctype, operation });
    await settled();
  };
  /** The one who gets the operation of somebody else than the sender. */
  const backTo = ({ inGroup, toId, fromId }: StoredMessage): number => (inGroup ? toId : fromId);
  const onTo = ({ toId }: StoredMessage): number => toId;

  const peer: PeerMessages = {
    async says(content, { to, type = 'text', ext, config, attachment }) {
      const id = send(mustFindPlace(app, to), {
        type: MessageBodyType.NORMAL,
        content,
        ctype: contentTypeOf(type),
        ...(ext !== undefined && { ext: jsonOf(ext) }),
        ...(config !== undefined && { config: jsonOf(config) }),
        ...(attachment !== undefined && { attachment: jsonOf(attachment) }),
      });
      await settled();
      return toTestMessage(mustFind(id));
    },
    async streams([first = '', ...parts], sending) {
      const { id } = await peer.says(first, sending);
      for (const part of parts) await peer.appends(id, part);
      return toTestMessage(mustFind(id));
    },
    async sendsFile({ content, name, type = typeOf(name), facts = {}, ...sending }) {
      const toId = mustFindPlace(app, sending.to);
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      const file = app.files.create(FILE_TYPES[type] + (app.groups.isGroupId(toId) ? SHARED : 0));
      app.files.fill(file, { name, contentType: '', bytes });
      const { name: sign } = app.files.link(file, { uploaderId: userId, toId });
      const url = `${baseUrl}/file/download/chat?file_sign=${sign}`;
      const attachment = { url, dName: name, fLen: bytes.length, ...facts };
      return peer.says('', { ...sending, type, attachment });
    },
    async types(status, { to }) {
      const ext = JSON.stringify({ input_status: status });
      const toId = mustFindUserId(app, to);
      send(toId, { type: MessageBodyType.CHAT, content: '', ext, qos: MessageBodyQoS.AT_MOST_ONCE });
      await settled();
    },
    reads: async (message) => operate(message, MessageOperationType.READ_ACK, backTo),
    async readsAll(place) {
      const conversation = mustFindPlace(app, place);
      const mid = data.app(app.appId).messages.newestId(app.historyView(userId, conversation));
      if (mid === 0n) return;
      const operation = { type: MessageOperationType.READ_ALL, mid: String(mid), xid: { uid: String(conversation) } };
      send(userId, { type: MessageBodyType.OPER, content: '', ctype: MessageBodyContentType.COMMAND, operation });
      await settled();
    },
    recalls: async (message) => operate(message, MessageOperationType.RECALL, onTo),
    edits: async (message, content) => operate(message, MessageOperationType.REPLACE, onTo, content),
    appends: async (message, content) => operate(message, MessageOperationType.APPEND, onTo, content),
    messages(place) {
      const view = app.historyView(userId, mustFindPlace(app, place));
      return app.messages.page(view, 0n, Infinity).messages.reverse().map(toTestMessage);
    },
  };
  return peer;
}

function typeOf(name: string): keyof typeof FILE_TYPES {
  if (/\.(png|jpe?g|gif|webp)$/i.test(name)) return 'image';
  if (/\.(mp4|webm|mov)$/i.test(name)) return 'video';
  return /\.(mp3|amr|wav|ogg)$/i.test(name) ? 'audio' : 'file';
}
