import type { Clock, Timer } from '../platform/ports.ts';
import {
  encodeAttachment,
  FRAME_EVENT,
  frameOf,
  parseAttachment,
  parseJson,
  parseTextAttachment,
  splitSocketPacket,
} from '../wire/engine-packet.ts';
import type { EngineVersion } from '../wire/engine-packet.ts';
import type { Framing, FramingHost } from './transport.ts';
import { createWatchdog } from './watchdog.ts';

const DEFAULT_PING_INTERVAL_MS = 25_000;
const DEFAULT_PING_TIMEOUT_MS = 20_000;
/** Below it, pings would cost more than the frames. */
const MIN_PING_MS = 100;
/** The sum of two must fit in setTimeout's 31 bits, or it fires at once. */
const MAX_PING_MS = 1e9;

/** Frames as the event `frame` of Socket.IO's default namespace, over WebSocket only. */
export function createSocketIoFraming(engine: EngineVersion, clock: Clock, host: FramingHost): Framing {
  let pingTimer: Timer | undefined;
  /** Version 4: the longest time the server may be silent, in ms. Undefined until its open packet says it. */
  let lifeMs: number | undefined;
  /** Attachments of the last event still to come, and how many of them before the frame; below 0: no frame to come. */
  let attachmentsLeft = 0;
  let beforeFrame = -1;

  const watchdog = createWatchdog(clock, () => host.end('ping-timeout', `no ${engine === 3 ? 'pong' : 'ping'}`));

  function stop(): void {
    watchdog.disarm();
    if (pingTimer !== undefined) clock.clearTimeout(pingTimer);
    pingTimer = undefined;
  }

  function ping(): void {
    host.write('2');
  }

  function schedulePing(intervalMs: number, timeoutMs: number): void {
    pingTimer = clock.setTimeout(() => {
      ping();
      watchdog.arm(timeoutMs);
      schedulePing(intervalMs, timeoutMs);
    }, intervalMs);
  }

  /** What was wrong, never what was said. */
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
    if (engine === 3) return schedulePing(intervalMs, timeoutMs);
    lifeMs = intervalMs + timeoutMs;
    host.write('40');
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
    const [type, attachments, data] = splitSocketPacket(text);
    switch (type) {
      case '0':
        return host.ready();
      case '1':
        return host.end('server-close', 'disconnect');
      // An event without bytes, an ack.
      case '2':
      case '3':
        return;
      case '4':
        return host.refuse(data);
      // An event or an ack with bytes.
      case '5':
      case '6':
        return handleBinaryEvent(attachments, frameOf(data, attachments, type === '5'));
      default:
        return malformed('message type');
    }
  }

  function handleText(text: string): void {
    const rest = text.slice(1);
    switch (text[0]) {
      case '0':
        return handleEngineOpen(rest);
      case '1':
        return host.end('server-close', 'close');
      case '2':
        return host.write('3' + rest);
      // A pong, an upgrade, a noop.
      case '3':
      case '5':
      case '6':
        return;
      case '4':
        return handleSocketPacket(rest);
      case 'b': {
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

/** What the server says, within reason. */
function pingMs(ms: unknown, fallbackMs: number): number {
  return typeof ms === 'number' && ms > 0 ? Math.min(Math.max(ms, MIN_PING_MS), MAX_PING_MS) : fallbackMs;
}
