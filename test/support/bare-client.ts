import connectSocketIo from 'socket.io-client-v2';
import { WebSocket } from 'ws';
import { FrameCommand, MessageBodyType, MetaNameSpace, decodeFrame, encodeFrame } from 'flooim/wire';
import type { DownFrame, IMessageBody, IProvision, Meta, SyncDown, SyncUp, UpFrame } from 'flooim/wire';

const TIMEOUT_MS = 3000;

/** The parts of a socket that tests use, over any transport. */
interface Wire {
  send(bytes: Uint8Array): void;
  close(): void;
}

interface WireListener {
  onOpen(): void;
  onBytes(bytes: Uint8Array): void;
  onClose(): void;
}

export type BareTransport = 'raw' | 'socket.io';

/** An XSYNC client that does nothing by itself. It shows what a server sends, without the SDK. */
export class BareClient {
  readonly closed: Promise<void>;
  /** Frames that no `next` has returned yet. */
  readonly inbox: DownFrame[] = [];
  uid = '0';
  deviceSN = 0;
  #wire!: Wire;
  #isClosed = false;
  #nextMid = 1;
  #wake: (() => void)[] = [];

  private constructor(closed: Promise<void>) {
    this.closed = closed;
  }

  static async open(url: string, transport: BareTransport = 'raw'): Promise<BareClient> {
    let onClose = (): void => undefined;
    const client = new BareClient(new Promise((resolve) => (onClose = resolve)));
    await new Promise<void>((resolve, reject) => {
      const listener: WireListener = {
        onOpen: resolve,
        onBytes: (bytes) => client.#receive(bytes),
        onClose() {
          client.#isClosed = true;
          onClose();
          reject(new Error('closed before open'));
        },
      };
      client.#wire = transport === 'raw' ? openRaw(url, listener) : openSocketIo(url, listener);
    });
    return client;
  }

  close(): void {
    this.#wire.close();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  sendBytes(bytes: Uint8Array): void {
    this.#wire.send(bytes);
  }

  sendFrame(frame: UpFrame): void {
    this.#wire.send(encodeFrame(frame, 'up'));
  }

  /** Waits for the first frame that matches and removes it from the inbox. Past frames count. */
  async next(matches: (frame: DownFrame) => boolean = () => true): Promise<DownFrame> {
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      const index = this.inbox.findIndex(matches);
      if (index >= 0) return this.inbox.splice(index, 1)[0]!;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`no such frame came; there are ${JSON.stringify(this.inbox)}`);
      await this.#change(left);
    }
  }

  /** Waits for the next SyncDL that matches. */
  async nextSync(matches: (page: SyncDown) => boolean = () => true): Promise<SyncDown> {
    const frame = await this.next(({ command, payload }) => command === FrameCommand.SYNC && matches(payload!));
    return frame.payload as SyncDown;
  }

  async nextNotice(conversation: number | string): Promise<void> {
    await this.next(({ command, payload }) => {
      const uid = (payload as { xid?: { uid?: string } } | undefined)?.xid?.uid ?? '0';
      return command === FrameCommand.NOTICE && uid === String(conversation);
    });
  }

  async provision(login: IProvision): Promise<IProvision> {
    this.sendFrame({
      command: FrameCommand.PROVISION,
      payload: { os_type: 6, sdk_vsn: '2.0.0', device_info: 'Web', ...login },
    });
    const { payload } = await this.next(({ command }) => command === FrameCommand.PROVISION);
    const answer = payload as IProvision;
    this.uid = answer.xid?.uid ?? '0';
    this.deviceSN = answer.xid?.deviceSN ?? 0;
    return answer;
  }

  /** Conversation → number of undelivered items. */
  async unread(): Promise<Record<string, number>> {
    this.sendFrame({ command: FrameCommand.UNREAD });
    const { payload } = await this.next(({ command }) => command === FrameCommand.UNREAD);
    const rows = (payload as { unread?: { xid?: { uid?: string } | null; n?: number }[] }).unread ?? [];
    return Object.fromEntries(rows.map(({ xid, n }) => [xid?.uid ?? '0', n ?? 0]));
  }

  async sync(conversation: number | string, key?: string): Promise<SyncDown> {
    const xid = { uid: String(conversation) };
    this.sendFrame({ command: FrameCommand.SYNC, payload: { xid, ...(key !== undefined && { key }) } });
    return this.nextSync((page) => page.client_mid === '0' && !page.is_full_sync && !page.is_eager_sync);
  }

  /** Syncs until nothing is left, and acknowledges each page. */
  async syncAll(conversation: number | string): Promise<Meta[]> {
    const metas: Meta[] = [];
    let page = await this.sync(conversation);
    while (page.next_key !== '0') {
      metas.push(...(page.metas ?? []));
      page = await this.sync(conversation, page.next_key);
    }
    return metas;
  }

  async history(conversation: number | string, key: string, count: number): Promise<SyncDown> {
    const payload: SyncUp = { xid: { uid: String(conversation) }, key, is_full_sync: true, full_sync_num: count };
    this.sendFrame({ command: FrameCommand.SYNC, payload });
    return this.nextSync((page) => page.is_full_sync === true);
  }

  /** Sends a message or an operation and waits for its acknowledgement. */
  async send(toId: number | string, body: IMessageBody, clientMid = String(this.#nextMid++)): Promise<SyncDown> {
    return this.sendMeta({ id: clientMid, to: { uid: String(toId) }, ns: MetaNameSpace.MESSAGE, payload: body });
  }

  async sendMeta(meta: Meta): Promise<SyncDown> {
    const from = { uid: this.uid, deviceSN: this.deviceSN };
    this.sendFrame({ command: FrameCommand.SYNC, payload: { meta: { from, ...meta } as Meta } });
    return this.nextSync((page) => page.client_mid === meta.id);
  }

  async text(toId: number | string, content: string, type: number = MessageBodyType.CHAT): Promise<SyncDown> {
    return this.send(toId, { type, content });
  }

  #receive(bytes: Uint8Array): void {
    this.inbox.push(decodeFrame(bytes, 'down'));
    for (const wake of this.#wake.splice(0)) wake();
  }

  async #change(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function openRaw(url: string, listener: WireListener): Wire {
  const socket = new WebSocket(url.replace('http', 'ws'));
  socket.on('open', () => listener.onOpen());
  socket.on('message', (data) => listener.onBytes(data as Buffer));
  socket.on('close', () => listener.onClose());
  // `close` follows, which is all that a test needs.
  socket.on('error', () => undefined);
  return { send: (bytes) => socket.send(bytes), close: () => socket.close() };
}

function openSocketIo(url: string, listener: WireListener): Wire {
  const options = { transports: ['websocket'], reconnection: false, forceNew: true };
  const socket = connectSocketIo(url, options);
  socket.on('connect', () => listener.onOpen());
  socket.on('frame', (bytes: Uint8Array) => listener.onBytes(bytes));
  socket.on('disconnect', () => listener.onClose());
  socket.on('connect_error', () => listener.onClose());
  return { send: (bytes) => socket.emit('frame', Buffer.from(bytes)), close: () => socket.close() };
}
