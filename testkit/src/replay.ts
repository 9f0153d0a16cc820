import { FrameCommand, decodeFrame, encodeFrame } from 'flooim/wire';
import type { DownFrame, UpFrame } from 'flooim/wire';
import type { HttpClient, Socket, SocketFactory, SocketListener } from '../../src/platform/ports.ts';
import { failure } from '../../src/platform/web-api/http.ts';
import { createVirtualClock } from './clock.ts';
import type { TestClock } from './clock.ts';
import { optionsFor } from './client-options.ts';
import type { TestClientOptions } from './client-options.ts';
import { createTestDevice } from './device.ts';
import type { DeviceNetwork } from './device.ts';
import { withoutSecrets } from './recording.ts';
import type { RecordedEvent, Recording } from './recording.ts';
import { Traffic } from './traffic.ts';
import { soon } from './turn.ts';

/** A recording that is played to a client. */
export interface Replay {
  /** The time. It begins when the recording began. */
  readonly clock: TestClock;
  /**
   * The options of the client: its `appid`, its `dnsServer` and the parts of its platform.
   *
   * @param options.tab - the tab that was recorded
   */
  clientOptions(options?: { tab?: string }): TestClientOptions;
  /** What the client asked and the recording does not have, such as `GET /user/profile`. */
  readonly unknown: readonly string[];
  /** Resolves when nothing is in flight. */
  settled(): Promise<void>;
}

/**
 * Plays a recording to a client. No server is behind it: each request gets the answer of the recording, and a frame of the server
 * comes when the client has sent what it had sent before it.
 *
 * @param recording - what {@link TestRecorder.stop} returned
 * @param options.device - the device whose client it is; absent when the recording has one only
 * @throws Error when the recording has no such device
 * @example
 * import { createClient } from 'flooim';
 * import { replay } from 'flooim/testing';
 * import type { Recording } from 'flooim/testing';
 *
 * export async function open(recording: Recording) {
 *   const played = replay(recording, { device: 'phone' });
 *   const im = createClient(played.clientOptions());
 *   await im.login({ name: 'alice', password: 'any' });
 *   return im;
 * }
 */
export function replay(recording: Recording, options: { device?: string } = {}): Replay {
  const { device = Object.keys(recording.devices)[0] } = options;
  const events = device === undefined ? undefined : recording.devices[device];
  if (device === undefined || !events)
    throw new Error(
      `no device ${JSON.stringify(device)} in the recording; there are ${Object.keys(recording.devices).join(', ')}`,
    );
  const traffic = new Traffic();
  const clock = createVirtualClock(recording.startedAt, traffic);
  const unknown: string[] = [];
  const openNetwork = (): DeviceNetwork => ({
    http: playedHttp(events, traffic, unknown),
    sockets: playedSockets(events, traffic, unknown),
    cutAll: () => undefined,
    // A recording has no time.
    setQuality: () => undefined,
    replace: () => undefined,
  });
  const { seed, appId } = recording;
  const { platform } = createTestDevice({ name: device, clock, seed, traffic, openNetwork });
  return {
    clock,
    clientOptions: ({ tab = 'main' } = {}) => optionsFor(appId, platform(tab)),
    unknown,
    settled: async () => traffic.settled(),
  };
}

type Rest = Extract<RecordedEvent, { kind: 'rest' }>;

/** Answers each request as it was answered; one that comes more often than it was recorded, as it was answered last. */
function playedHttp(events: readonly RecordedEvent[], traffic: Traffic, unknown: string[]): HttpClient {
  const left = events.filter((event): event is Rest => event.kind === 'rest');
  const last = new Map<string, Rest>();
  return async ({ method, url }) => {
    traffic.note();
    const path = withoutSecrets(url.slice(new URL(url).origin.length));
    const at = left.findIndex((event) => event.method === method && event.path === path);
    const found = at < 0 ? last.get(`${method} ${path}`) : left.splice(at, 1)[0];
    if (!found) {
      unknown.push(`${method} ${path}`);
      throw failure('unreachable', `the recording has no ${method} ${path}`);
    }
    last.set(`${method} ${path}`, found);
    return { status: found.status, body: found.answer };
  };
}

type SocketEvent = Exclude<RecordedEvent, Rest>;

function playedSockets(events: readonly RecordedEvent[], traffic: Traffic, unknown: string[]): SocketFactory {
  let count = 0;
  return (_url, listener) => {
    const socket = count++;
    const own = events.filter((event): event is SocketEvent => event.kind !== 'rest' && event.socket === socket);
    return new PlayedSocket(own, listener, traffic, unknown);
  };
}

class PlayedSocket implements Socket {
  /** What has not happened yet, oldest first. */
  private left: SocketEvent[];
  private readonly listener: SocketListener;
  private readonly traffic: Traffic;
  private readonly unknown: string[];
  /** The client's ids now, by those in the recording. */
  private readonly mids = new Map<string, string>();
  private isClosed = false;

  constructor(events: SocketEvent[], listener: SocketListener, traffic: Traffic, unknown: string[]) {
    this.left = events;
    this.listener = listener;
    this.traffic = traffic;
    this.unknown = unknown;
    if (events.length === 0) unknown.push('a socket');
    this.later(() => this.playOn());
  }

  send(data: string | Uint8Array): void {
    if (typeof data === 'string' || this.isClosed) return;
    const frame = decodeFrame(data, 'up');
    const wanted = signatureOf(frame);
    const found = this.left.find((event) => event.kind === 'up' && signatureOf(event.frame) === wanted);
    if (found?.kind !== 'up') {
      // A heartbeat comes by the clock, not by what happens.
      if (frame.command !== FrameCommand.UNREAD) this.unknown.push(wanted);
      return;
    }
    this.left = this.left.filter((event) => event !== found);
    const [before, now] = [midOf(found.frame), midOf(frame)];
    if (before !== undefined && now !== undefined) this.mids.set(before, now);
    this.later(() => this.playOn());
  }

  close(): void {
    this.end('closed by the client');
  }

  private end(detail: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    soon(() => this.listener.onClose(detail));
  }

  private later(run: () => void): void {
    this.traffic.note();
    soon(() => {
      if (!this.isClosed) run();
    });
  }

  /** Plays what comes before the next frame of the client. */
  private playOn(): void {
    for (let next = this.left[0]; next && next.kind !== 'up' && !this.isClosed; next = this.left[0]) {
      this.left = this.left.slice(1);
      this.traffic.note();
      if (next.kind === 'open') this.listener.onOpen();
      else if (next.kind === 'close') this.end('closed in the recording');
      else this.listener.onMessage(encodeFrame(this.withMids(next.frame), 'down'));
    }
  }

  private withMids(frame: DownFrame): DownFrame {
    if (frame.command !== FrameCommand.SYNC || !frame.payload?.client_mid) return frame;
    const mid = this.mids.get(frame.payload.client_mid);
    return mid === undefined ? frame : { ...frame, payload: { ...frame.payload, client_mid: mid } };
  }
}

const midOf = (frame: UpFrame): string | undefined =>
  frame.command === FrameCommand.SYNC ? frame.payload?.meta?.id : undefined;

/** What a frame asks, without the ids that the client makes. */
function signatureOf(frame: UpFrame): string {
  if (frame.command === FrameCommand.PROVISION) return 'a login';
  if (frame.command !== FrameCommand.SYNC) return 'a heartbeat';
  const { meta, xid, key = '0', is_full_sync } = frame.payload ?? {};
  if (!meta) return `${is_full_sync ? 'history' : 'sync'} of ${xid?.uid ?? '0'} from ${key}`;
  const { content = '', operation } = (meta.payload ?? {}) as {
    content?: string;
    operation?: { type?: number; mid?: string } | null;
  };
  return `send ${meta.ns} to ${meta.to?.uid ?? '0'}: ${JSON.stringify([content, operation?.type ?? 0, operation?.mid ?? '0'])}`;
}
