import { MessageBodyContentType, MessageBodyDeliveryStatus, MetaNameSpace } from 'flooim/wire';
import type { IMessageBody } from 'flooim/wire';
import { Faults } from '../faults.ts';
import type { Delivery } from '../mail/delivery.ts';
import { Notices } from '../mail/notices.ts';
import { Messaging } from '../messaging/messaging.ts';
import type { AppData } from '../model/app-data.ts';
import type { DevData } from '../model/dev-data.ts';
import type { Group } from '../model/groups.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Clock, Pictures, Random } from '../ports.ts';
import { RestServer } from '../rest/rest-server.ts';
import { createDemoFiles } from './files.ts';
import type { DemoFile } from './files.ts';

/** An attachment: address, name, bytes, and what its kind has. */
interface UploadedFile {
  readonly url: string;
  readonly dName: string;
  readonly fLen: number;
  readonly [detail: string]: number | string;
}

/** What the demo data is made with. */
export interface StageDeps {
  readonly data: DevData;
  readonly appId: string;
  readonly options: ResolvedOptions;
  readonly random: Random;
  readonly pictures: Pictures;
  /** The clock of the server: its time is the start. */
  readonly clock: Clock;
  readonly baseUrl: () => string;
}

const NOBODY: Delivery = {
  notify: () => undefined,
  push: () => undefined,
  disconnect: () => undefined,
  onlineDevices: () => [],
};
/** The number of no device, so that every device of the sender gets its messages. */
const NO_DEVICE = 0;
const AVATAR = 102;

const KINDS: Readonly<Record<DemoFile['kind'], { readonly ctype: number; readonly fileType: number }>> = {
  file: { ctype: MessageBodyContentType.FILE, fileType: 100 },
  audio: { ctype: MessageBodyContentType.AUDIO, fileType: 104 },
  image: { ctype: MessageBodyContentType.IMAGE, fileType: 102 },
  video: { ctype: MessageBodyContentType.VIDEO, fileType: 103 },
};

/** Acts for the people of the demo data, at any time of the past, through the server's own messaging and REST. */
export class Stage {
  readonly app: AppData;
  /** The time of what happens now, in ms since 1970. */
  now: number;
  readonly #groups = new Map<string, Group>();
  readonly #baseUrl: () => string;
  readonly #adminToken: string;
  readonly #fileOf: (name: string) => DemoFile;
  readonly #messaging: Messaging;
  readonly #rest: RestServer;

  constructor({ data, appId, options, random, pictures, clock, baseUrl }: StageDeps) {
    this.app = data.app(appId);
    this.now = clock.now();
    this.#baseUrl = baseUrl;
    this.#adminToken = options.adminToken;
    this.#fileOf = createDemoFiles(pictures);
    const past: Clock = { ...clock, now: () => this.now };
    this.#messaging = new Messaging(NOBODY, past);
    const notices = new Notices(NOBODY, past);
    const rest = {
      data,
      notices,
      messaging: this.#messaging,
      clock: past,
      random,
      uploadStyle: () => 'form' as const,
      baseUrl,
    } as const;
    this.#rest = new RestServer({ rest, faults: new Faults(), options, pictures, log: undefined });
  }

  idOf(username: string): number {
    return this.app.users.byName(username)!.id;
  }

  addGroup(key: string, group: Group): void {
    this.#groups.set(key, group);
  }

  group(key: string): Group {
    return this.#groups.get(key)!;
  }

  /** @returns the id of the message or operation */
  send(from: string, toId: number, body: IMessageBody): bigint {
    const sender = { userId: this.idOf(from), device: NO_DEVICE };
    const result = this.#messaging.send(this.app, { from: sender, toId, body });
    if (!result.ok) throw new Error(`${from}: ${result.reason}`);
    return result.id;
  }

  /**
   * Marks a message as read by somebody, in the history and where it waits for new devices. There is no operation for it: a
   * device that logs in for the first time would take hundreds of them as news.
   */
  markRead(reader: string, conversation: number, id: bigint): void {
    const { messages } = this.app;
    const message = messages.get(id);
    if (!message) return;
    messages.markRead(message, this.idOf(reader));
    this.#showRead(reader, conversation, id);
  }

  /** Marks a message as read for its sender. */
  markReceipt(sender: string, conversation: number, id: bigint): void {
    const { messages } = this.app;
    const message = messages.get(id);
    if (!message) return;
    messages.change(message, { status: MessageBodyDeliveryStatus.READ });
    this.#showRead(sender, conversation, id);
  }

  #showRead(username: string, conversation: number, id: bigint): void {
    const status = MessageBodyDeliveryStatus.READ;
    this.app.queues.change(this.idOf(username), conversation, id, (meta) =>
      meta.ns === MetaNameSpace.MESSAGE ? { ...meta, payload: { ...meta.payload, status } } : meta,
    );
  }

  /** Calls REST for somebody. */
  call(by: string, path: string, { query = {}, body = {} }: { query?: object; body?: object }): void {
    const handled = this.#rest.answer({
      method: 'POST',
      path,
      query: query as Record<string, unknown>,
      body: JSON.stringify(body),
      headers: {
        host: '127.0.0.1',
        app_id: this.app.appId,
        'access-token': this.#adminToken,
        user_id: String(this.idOf(by)),
      },
    });
    const { code, message } = JSON.parse(String(handled?.body)) as { code: number; message?: string };
    if (code !== 200) throw new Error(`${by} ${path}: ${message}`);
  }

  /** Uploads a picture that everybody may see. @returns its URL */
  uploadAvatar(owner: string, name: string, bytes: Uint8Array): string {
    const { files } = this.app;
    const content = files.create(AVATAR);
    files.fill(content, { name, contentType: 'image/png', bytes });
    const link = files.link(content, { uploaderId: this.idOf(owner) });
    return `${this.#baseUrl()}/file/download/avatar?object_name=${link.name}`;
  }

  /** Uploads a file for a user or a group. */
  upload(from: string, toId: number, name: string): { ctype: number; attachment: UploadedFile } {
    const { kind, contentType, bytes, details } = this.#fileOf(name);
    const { files } = this.app;
    const content = files.create(KINDS[kind].fileType);
    files.fill(content, { name, contentType, bytes });
    const link = files.link(content, { uploaderId: this.idOf(from), toId });
    const url = `${this.#baseUrl()}/file/download/chat?file_sign=${link.name}`;
    return { ctype: KINDS[kind].ctype, attachment: { url, dName: name, fLen: bytes.length, ...details } };
  }
}
