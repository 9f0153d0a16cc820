import type { Clock, Timer } from '../platform/ports.ts';
import {
  encodeAttachment,
  EnginePacketType,
  FRAME_EVENT,
  frameOf,
  parseAttachment,
  parseJson,
  parseTextAttachment,
  SocketPacketType,
  splitSocketPacket,
} from '../wire/engine-packet.ts';
import type { EngineVersion } from '../wire/engine-packet.ts';
import { Pace } from '../util/pace.ts';
import type { Framing, FramingHost } from './transport.ts';
import { createWatchdog } from './watchdog.ts';

const DEFAULT_PING_INTERVAL_MS = 25_000;
const DEFAULT_PING_TIMEOUT_MS = 20_000;
/** Shorter intervals would cost more than the frames. */
const MIN_PING_MS = 100;
/** Interval and timeout are added. A timer that does not fit in setTimeout's 31 bits fires at once. */
const MAX_PING_MS = 1e9;

/** Pings that are answered at once. A server that floods, and does not read, must not fill the memory with answers. */
const PONGS = 20;
/** Engine.IO's own longest ping is `probe`. */
const MAX_ECHO = 16;

/** Carries frames as the event `frame` of Socket.IO's default namespace, over WebSocket only. */
export function createSocketIoFraming(engine: EngineVersion, clock: Clock, host: FramingHost): Framing {
  let pingTimer: Timer | undefined;
  /** Version 3: sets the timer of the next ping again. */
  let schedulePing = (): void => undefined;
  /** Version 4: the longest time the server may be silent, in ms. Undefined until its open packet arrives. */
  let lifeMs: number | undefined;
  /** Attachments of the last event that have not arrived. */
  let attachmentsLeft = 0;
  /** How many of them come before the frame; below 0 when no frame is to come. */
  let beforeFrame = -1;

  const watchdog = createWatchdog(clock, () => host.end('ping-timeout', `no ${engine === 3 ? 'pong' : 'ping'}`));

  const pongs = new Pace(clock, PONGS, MIN_PING_MS);

  function stop(): void {
    watchdog.disarm();
    pongs.cancel();
    if (pingTimer !== undefined) clock.clearTimeout(pingTimer);
    pingTimer = undefined;
    schedulePing = () => undefined;
  }

  function ping(): void {
    host.write(EnginePacketType.PING);
  }

  function startPings(intervalMs: number, timeoutMs: number): void {
    schedulePing = () => {
      if (pingTimer !== undefined) clock.clearTimeout(pingTimer);
      pingTimer = clock.setTimeout(() => {
        ping();
        watchdog.arm(timeoutMs);
        schedulePing();
      }, intervalMs);
    };
    schedulePing();
  }

  /** @param detail - names the wrong part. It never quotes the packet, whose content is secret. */
  function malformed(detail: string): void {
    host.end('protocol-error', detail);
  }

  function handleEngineOpen(json: string): void {
    const value = parseJson(json);
    if (typeof value !== 'object' || !value) return malformed('open packet');
    const { pingInterval, pingTimeout } = value as { pingInterval?: unknown; pingTimeout?: unknown };
    const intervalMs = pingMs(pingInterval, DEFAULT_PING_INTERVAL_MS);
    const timeoutMs = pingMs(pingTimeout, DEFAULT_PING_TIMEOUT_MS);
    stop();
    if (engine === 3) return startPings(intervalMs, timeoutMs);
    lifeMs = intervalMs + timeoutMs;
    host.write(EnginePacketType.MESSAGE + SocketPacketType.CONNECT);
  }

  function handleBinaryEvent(count: number, frame: number): void {
    if (isNaN(frame)) return malformed('binary event');
    if (attachmentsLeft > 0 && beforeFrame >= 0) host.badFrame('attachment never came');
    attachmentsLeft = count;
    beforeFrame = frame;
  }

  function handleAttachment(bytes: Uint8Array | undefined): void {
    if (attachmentsLeft === 0) return host.badFrame('attachment without an event');
    attachmentsLeft--;
    if (beforeFrame-- !== 0) return;
    if (bytes) host.frame(bytes);
    else host.badFrame('attachment without its packet type');
  }

  function handleSocketPacket(text: string): void {
    const { type, attachments, data } = splitSocketPacket(text);
    switch (type) {
      case SocketPacketType.CONNECT:
        return host.ready();
      case SocketPacketType.DISCONNECT:
        return host.end('server-close', 'disconnect');
      case SocketPacketType.EVENT:
      case SocketPacketType.ACK:
        return;
      case SocketPacketType.CONNECT_ERROR:
        return host.refuse(data);
      case SocketPacketType.BINARY_EVENT:
      case SocketPacketType.BINARY_ACK:
        return handleBinaryEvent(attachments, frameOf(data, attachments, type === SocketPacketType.BINARY_EVENT));
      default:
        return malformed('message type');
    }
  }

  function handleText(text: string): void {
    const rest = text.slice(1);
    switch (text[0]) {
      case EnginePacketType.OPEN:
        return handleEngineOpen(rest);
      case EnginePacketType.CLOSE:
        return host.end('server-close', 'close');
      case EnginePacketType.PING:
        return pongs.run(() => host.write(EnginePacketType.PONG + rest.slice(0, MAX_ECHO)));
      case EnginePacketType.PONG:
        // A hidden page lets timers that timers set run once a minute only: too late for many a server.
        return schedulePing();
      case EnginePacketType.UPGRADE:
      case EnginePacketType.NOOP:
        return;
      case EnginePacketType.MESSAGE:
        return handleSocketPacket(rest);
      case EnginePacketType.BASE64_ATTACHMENT: {
        const bytes = parseTextAttachment(rest, engine);
        return bytes ? handleAttachment(bytes) : malformed('base64');
      }
      default:
        return malformed('packet type');
    }
  }

  return {
    path: `/socket.io/?EIO=${engine}&transport=websocket`,
    handleOpen() {},
    handleMessage(data) {
      watchdog.disarm();
      if (lifeMs !== undefined) watchdog.arm(lifeMs);
      if (typeof data === 'string') handleText(data);
      else handleAttachment(parseAttachment(data, engine));
    },
    send(frame) {
      host.write(FRAME_EVENT);
      host.write(encodeAttachment(frame, engine));
    },
    // In version 4 only the server pings.
    ...(engine === 3 && { ping }),
    stop,
  };
}

/** The server's interval, kept within limits. */
function pingMs(ms: unknown, fallbackMs: number): number {
  return typeof ms === 'number' && ms > 0 ? Math.min(Math.max(ms, MIN_PING_MS), MAX_PING_MS) : fallbackMs;
}
