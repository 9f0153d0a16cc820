import type { TransportName } from '../platform/ports.ts';
import type { EngineVersion } from '../wire/engine-packet.ts';
import type { DownFrame, UpFrame } from '../wire/frame-types.ts';
import type { WireError } from '../wire/wire-error.ts';

/**
 * Why a transport ended.
 *
 * - `connect-failed`: the socket closed, or the server refused, before frames could be sent.
 * - `connect-timeout`: not open within `connectTimeoutMs`.
 * - `ping-timeout`: Engine.IO's own heartbeat was missed.
 * - `silent`: nothing came in after an UNREAD or a probe.
 * - `server-close`: the server said goodbye; `socket-closed`: the socket ended without a word.
 * - `protocol-error`: a text message that is no Engine.IO packet.
 * - `client-close`: {@link Transport.close} was called.
 */
export type CloseKind =
  | 'connect-failed'
  | 'connect-timeout'
  | 'ping-timeout'
  | 'silent'
  | 'server-close'
  | 'socket-closed'
  | 'protocol-error'
  | 'client-close';

export interface CloseReason {
  kind: CloseKind;
  /** For the log: what the server or the socket said. */
  detail: string;
}

export interface TransportListener {
  /** Frames may be sent from now on. */
  onOpen(): void;
  onFrame(frame: DownFrame): void;
  /** One frame could not be read; it costs nothing else. */
  onBadFrame(error: WireError): void;
  /** Exactly once, also when it never opened; nothing follows it. {@link Transport.close} calls it before it returns. */
  onClose(reason: CloseReason): void;
}

/** One socket's life: it ends with its socket, and a new one is opened to come back. */
export interface Transport {
  /**
   * Send one frame. An UNREAD also starts waiting for a sign of life, see {@link TransportOptions.silenceTimeoutMs}.
   *
   * Before `onOpen` and after the end a frame is dropped: a caller that does so has a bug, the session never does.
   *
   * @throws {WireError} for a frame that cannot be encoded.
   */
  send(frame: UpFrame): void;
  /** Ask the server for a sign of life; `silent` when nothing comes in for `timeoutMs`. Nothing happens unless open. */
  probe(timeoutMs: number): void;
  /** Idempotent. */
  close(): void;
}

export interface TransportOptions {
  kind: TransportName;
  /** `protocol://host[:port]`, http(s) or ws(s), as DNS gave it. */
  url: string;
  /** Only for `socket.io`. */
  engine: EngineVersion;
  /** From the first byte to `onOpen`, handshake included. */
  connectTimeoutMs: number;
  /** How long after an UNREAD the server may send nothing at all. Any byte counts, not only the answer. */
  silenceTimeoutMs: number;
}

/** How frames ride on one kind of socket. */
export interface Framing {
  /** Path and query of the WebSocket. */
  readonly path: string;
  /** The socket is open; frames may still have to wait for a handshake. */
  handleOpen(): void;
  handleMessage(data: string | Uint8Array): void;
  send(frame: Uint8Array): void;
  /** Make the server say something at once; absent where the protocol has no such word. */
  ping?(): void;
  /** Clear every timer. */
  stop(): void;
}

/** The socket's owner, as a framing sees it. */
export interface FramingHost {
  write(data: string | Uint8Array): void;
  /** The handshake is done. */
  ready(): void;
  frame(bytes: Uint8Array): void;
  badFrame(detail: string): void;
  end(kind: CloseKind, detail: string): void;
  /** The server refuses: `connect-failed` before {@link ready}, `server-close` after. */
  refuse(detail: string): void;
}
