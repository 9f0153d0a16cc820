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
 * - `server-close`: the server closed with a packet; `socket-closed`: the socket closed without one.
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
  /** The reason of the server or the socket, without what was sent to it; fit for the log. */
  detail: string;
}

export interface TransportListener {
  /** Frames may be sent from now on. */
  onOpen(): void;
  onFrame(frame: DownFrame): void;
  /** One frame could not be decoded. The transport stays open. */
  onBadFrame(error: WireError): void;
  /**
   * The transport ended. This is called exactly once, also when it never opened, and no other call follows.
   * {@link Transport.close} calls it before it returns.
   */
  onClose(reason: CloseReason): void;
}

/** One connection. It ends with its socket. A reconnect opens a new transport. */
export interface Transport {
  /**
   * Sends one frame. An UNREAD also starts waiting for a sign of life, see {@link TransportOptions.silenceTimeoutMs}.
   *
   * A frame before `onOpen` or after the end is dropped. The session never sends one then.
   *
   * @throws {WireError} for a frame that cannot be encoded.
   */
  send(frame: UpFrame): void;
  /**
   * Asks the server for a sign of life, and ends with `silent` when none arrives in time. No effect unless open.
   *
   * @param withinMs - `probeTimeoutMs` where absent
   */
  probe(withinMs?: number): void;
  /** Closes the socket. A second call has no effect. */
  close(): void;
}

export interface TransportOptions {
  kind: TransportName;
  /** `protocol://host[:port]`, http(s) or ws(s), as in the DNS answer. */
  url: string;
  /** Only for `socket.io`. */
  engine: EngineVersion;
  /** Longest time until `onOpen`, with the handshake. */
  connectTimeoutMs: number;
  /** How long after an UNREAD the server may send nothing at all. Any byte counts, not only the answer. */
  silenceTimeoutMs: number;
  /** How long the server may take for a sign of life, beside what it takes to send what was sent before. */
  probeTimeoutMs: number;
  /** Nobody looks: the socket is not asked for signs of life beside the heartbeats. */
  isHidden(): boolean;
}

/** How one kind of socket carries frames. */
export interface Framing {
  /** Path and query of the WebSocket. */
  readonly path: string;
  /** The socket is open; frames may still have to wait for a handshake. */
  handleOpen(): void;
  handleMessage(data: string | Uint8Array): void;
  send(frame: Uint8Array): void;
  /** Makes the server answer at once. Absent where the protocol has no packet for that. */
  ping?(): void;
  /** Clears every timer. */
  stop(): void;
}

/** The part of a transport that its framing calls. */
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
