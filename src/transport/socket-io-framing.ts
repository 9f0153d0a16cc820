import type { Clock, Timer } from '../platform/ports.ts';
import { encodeAttachment, FRAME_EVENT, parseAttachment, parseEngineText } from '../wire/engine-packet.ts';
import type { EnginePacket, EngineVersion } from '../wire/engine-packet.ts';
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
  /** Version 4: the longest the server may be silent, once it told. */
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

  function handleEngineOpen(intervalMs: number, timeoutMs: number): void {
    stop();
    if (engine === 3) return schedulePing(intervalMs, timeoutMs);
    lifeMs = intervalMs + timeoutMs;
    host.write('40');
  }

  function expectAttachments(count: number, frame: number): void {
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

  function handlePacket(packet: EnginePacket): void {
    switch (packet.type) {
      case 'open':
        return handleEngineOpen(
          clampPing(packet.pingIntervalMs, DEFAULT_PING_INTERVAL_MS),
          clampPing(packet.pingTimeoutMs, DEFAULT_PING_TIMEOUT_MS),
        );
      case 'connect':
        return host.ready();
      case 'ping':
        return host.write('3' + packet.data);
      case 'binary-event':
        return expectAttachments(packet.attachments, packet.frame);
      case 'attachment':
        return handleAttachment(packet.bytes);
      case 'close':
      case 'disconnect':
        return host.end('server-close', packet.type);
      case 'error':
        return host.refuse(packet.detail);
      case 'malformed':
        return host.end('protocol-error', packet.detail);
      case 'pong':
      case 'ignored':
        return;
      default:
        packet satisfies never;
    }
  }

  return {
    path: `/socket.io/?EIO=${engine}&transport=websocket`,
    handleOpen() {},
    handleMessage(data) {
      watchdog.disarm();
      if (lifeMs !== undefined) watchdog.arm(lifeMs);
      if (typeof data === 'string') handlePacket(parseEngineText(data, engine));
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

function clampPing(ms: number, fallbackMs: number): number {
  return ms > 0 ? Math.min(Math.max(ms, MIN_PING_MS), MAX_PING_MS) : fallbackMs;
}
