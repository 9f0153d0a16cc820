import type { HttpClient, SocketFactory, SocketListener } from '../../src/platform/ports.ts';
import { decodeFrame, encodeFrame, FrameCommand, MessageBodyType, MetaNameSpace } from '../../src/wire/index.ts';
import type { DownFrame, Meta, SyncUp } from '../../src/wire/index.ts';
import { PEER, SELF } from './inputs.ts';

/** Ids of good messages are above those of garbage. */
const FIRST_ID = 2n ** 62n;
const HOST = '{"protocol":"http","host":"127.0.0.1:1","ip_list":["127.0.0.1"]}';

/**
 * A server in the same process: it answers as a good one does, sends what a test wants in between, and a test may answer
 * requests in its place.
 */
export class FakeServer {
  /** Texts of the messages that a client sent. */
  readonly received = new Set<string>();
  /** The next answer of the REST host. */
  nextAnswer: string | undefined;
  /** The next answer of DNS. */
  nextDns: string | undefined;
  private listener: SocketListener | undefined;
  private isRaw = true;
  private readonly queue: Meta[] = [];
  private nextId = FIRST_ID;

  readonly http: HttpClient = async ({ url }) => {
    await Promise.resolve();
    const taken = url.includes('app_dns') ? this.takeDns() : this.takeAnswer();
    return { status: 200, headers: {}, body: taken ?? this.goodAnswer(url) };
  };

  readonly sockets: SocketFactory = (url, listener) => {
    this.isRaw = !url.includes('socket.io');
    let isOpen = true;
    const close = (): void => {
      if (!isOpen) return;
      isOpen = false;
      if (this.listener === listener) this.listener = undefined;
      setImmediate(() => listener.onClose('closed'));
    };
    setImmediate(() => {
      if (!isOpen) return;
      this.listener = listener;
      listener.onOpen();
      if (this.isRaw) return;
      listener.onMessage('0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":5000}');
      listener.onMessage('40');
    });
    return {
      send: (data) => {
        if (isOpen && typeof data !== 'string') this.answer(this.isRaw ? data : data.subarray(1));
      },
      close,
    };
  };

  /** Sends bytes as a frame. */
  sendFrame(bytes: Uint8Array): void {
    if (this.isRaw) return this.listener?.onMessage(bytes);
    this.listener?.onMessage('451-["frame",{"_placeholder":true,"num":0}]');
    this.listener?.onMessage(new Uint8Array(Buffer.concat([Buffer.of(4), bytes])));
  }

  sendText(text: string): void {
    this.listener?.onMessage(text);
  }

  /** The peer writes to the user. */
  say(content: string, more: object = {}): void {
    const id = (this.nextId += 3n);
    const payload = { type: MessageBodyType.CHAT, content, ...more };
    const timestamp = String(1_700_000_000_000);
    this.queue.push({
      id: String(id),
      from: { uid: PEER },
      to: { uid: SELF },
      timestamp,
      ns: MetaNameSpace.MESSAGE,
      payload,
    });
    this.notify();
  }

  notify(): void {
    this.push({ command: FrameCommand.NOTICE, payload: { xid: { uid: PEER } } });
  }

  private push(frame: DownFrame): void {
    this.sendFrame(encodeFrame(frame, 'down'));
  }

  private takeAnswer(): string | undefined {
    const { nextAnswer } = this;
    this.nextAnswer = undefined;
    return nextAnswer;
  }

  private takeDns(): string | undefined {
    const { nextDns } = this;
    this.nextDns = undefined;
    return nextDns;
  }

  private goodAnswer(url: string): string {
    if (url.includes('app_dns'))
      return `{"code":200,"data":{"app_status":"normal","dns_list":[{"group_level":0,"clusters":[{"ratel":[${HOST}],"webim":[${HOST}]}]}]}}`;
    if (url.includes('/token/')) return `{"code":200,"data":{"user_id":${SELF},"token":"t"}}`;
    return '{"code":200,"data":[]}';
  }

  private answer(bytes: Uint8Array): void {
    const frame = decodeFrame(bytes, 'up');
    // Answers come later, as over a network.
    setImmediate(() => {
      if (frame.command === FrameCommand.PROVISION)
        this.push({
          command: FrameCommand.PROVISION,
          payload: { status: { code: 1 }, xid: { uid: SELF, deviceSN: 5 } },
        });
      else if (frame.command === FrameCommand.UNREAD) this.push(this.unread());
      else this.push({ command: FrameCommand.SYNC, payload: this.page(frame.payload ?? {}) });
    });
  }

  private unread(): DownFrame {
    const unread = this.queue.length > 0 ? [{ xid: { uid: PEER }, n: this.queue.length, type: 1 }] : [];
    return { command: FrameCommand.UNREAD, payload: { status: { code: 1 }, unread } };
  }

  private page({ meta, xid, key, is_full_sync }: SyncUp): NonNullable<Extract<DownFrame, { command: 1 }>['payload']> {
    const status = { code: 1 };
    if (meta) {
      const { content } = (meta.payload ?? {}) as { content?: string };
      if (content) this.received.add(content);
      const id = String((this.nextId += 3n));
      return {
        status,
        client_mid: meta.id!,
        server_mid: id,
        server_time: String(1_700_000_000_000),
        xid: meta.to ?? null,
      };
    }
    if (is_full_sync || xid?.uid !== PEER)
      return { status, xid: xid ?? null, is_full_sync: !!is_full_sync, next_key: '0' };
    const acknowledged = this.queue.findIndex(({ id }) => BigInt(id!) >= BigInt(key ?? '0'));
    this.queue.splice(0, acknowledged < 0 ? this.queue.length : acknowledged);
    const metas = this.queue.slice(0, 50);
    const last = metas.at(-1);
    return { status, xid, metas, next_key: last ? String(BigInt(last.id!) + 1n) : '0' };
  }
}
