import { foreignText, secretsIn } from '../foreign-text.ts';
import type { Clock, Socket, SocketFactory } from '../platform/ports.ts';
import { decodeFrame } from '../wire/decode-frame.ts';
import { encodeFrame } from '../wire/encode-frame.ts';
import type { DownFrame, UpFrame } from '../wire/frame-types.ts';
import { FrameCommand } from '../wire/enums.ts';
import { WireError } from '../wire/wire-error.ts';
import { createLiveness } from './liveness.ts';
import { createSocketIoFraming } from './socket-io-framing.ts';
import type { CloseKind, Framing, FramingHost, Transport, TransportListener, TransportOptions } from './transport.ts';
import { createWatchdog } from './watchdog.ts';

/** As many as the outbox sends without an answer, and some requests of pages. */
const NEWEST_FRAMES = 300;

interface TransportDeps {
  sockets: SocketFactory;
  clock: Clock;
}

// Fields with their zero value are written because the deployed clients write them.
export const HEARTBEAT: UpFrame = { vsn: 0, compress_method: 0, command: FrameCommand.UNREAD };

/** Whether it is part of a conversation. The others come in every session, and a provision has a time limit of its own. */
const isUse = ({ command }: UpFrame | DownFrame): boolean =>
  command === FrameCommand.SYNC || command === FrameCommand.NOTICE;

/** Opens one socket to a fireplace host and exchanges frames over it. */
export function openTransport(options: TransportOptions, deps: TransportDeps, listener: TransportListener): Transport {
  const { clock } = deps;
  let phase = 'connecting' as 'connecting' | 'open' | 'closed';
  let socket: Socket | undefined = undefined;
  /** What was sent last: a server may repeat it in the reason of its close. */
  const newest: UpFrame[] = [];

  const connecting = createWatchdog(clock, () => end('connect-timeout', `${options.connectTimeoutMs} ms`));
  const liveness = createLiveness({
    clock,
    probeTimeoutMs: options.probeTimeoutMs,
    isHidden: options.isHidden,
    ask() {
      if (framing.ping) framing.ping();
      else write(HEARTBEAT);
    },
    onDead: () => end('silent', 'nothing came in'),
  });

  const host: FramingHost = {
    write: (data) => socket?.send(data),
    ready() {
      if (phase !== 'connecting') return;
      phase = 'open';
      connecting.disarm();
      listener.onOpen();
    },
    frame(bytes) {
      let frame: DownFrame;
      try {
        frame = decodeFrame(bytes, 'down');
      } catch (error) {
        // The only error that `decodeFrame` throws.
        listener.onBadFrame(error as WireError);
        return;
      }
      if (isUse(frame)) liveness.used();
      listener.onFrame(frame);
    },
    badFrame: (detail) => listener.onBadFrame(new WireError('malformed', detail)),
    end,
    refuse: (detail) => end(phase === 'open' ? 'server-close' : 'connect-failed', detail),
  };
  const framing = options.kind === 'raw' ? createRawFraming(host) : createSocketIoFraming(options.engine, clock, host);

  function end(kind: CloseKind, detail: string): void {
    if (phase === 'closed') return;
    phase = 'closed';
    connecting.disarm();
    liveness.stop();
    framing.stop();
    socket?.close();
    listener.onClose({ kind, detail: foreignText(detail, secretsIn(newest)) });
  }

  function write(frame: UpFrame): void {
    const bytes = encodeFrame(frame, 'up');
    framing.send(bytes);
    liveness.sent(bytes.length);
    if (isUse(frame)) liveness.used();
  }

  connecting.arm(options.connectTimeoutMs);
  socket = deps.sockets(options.url.replace(/^http/, 'ws').replace(/\/+$/, '') + framing.path, {
    onOpen: () => framing.handleOpen(),
    onMessage(data) {
      if (phase === 'closed') return;
      liveness.came();
      framing.handleMessage(data);
    },
    onClose: (detail) => end(phase === 'open' ? 'socket-closed' : 'connect-failed', detail),
  });

  return {
    send(frame) {
      if (phase !== 'open') return;
      write(frame);
      newest.push(frame);
      if (newest.length > NEWEST_FRAMES) newest.shift();
      if (frame.command === FrameCommand.UNREAD) liveness.expect(options.silenceTimeoutMs);
    },
    probe(withinMs) {
      if (phase === 'open') liveness.probe(withinMs);
    },
    close: () => end('client-close', ''),
  };
}

/** On a raw socket each binary message is one frame, and nothing else is sent. */
function createRawFraming(host: FramingHost): Framing {
  return {
    path: '/',
    handleOpen: () => host.ready(),
    handleMessage(data) {
      if (typeof data === 'string') host.badFrame('text on a raw socket');
      else host.frame(data);
    },
    send: (frame) => host.write(frame),
    stop() {},
  };
}
