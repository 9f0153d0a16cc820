export type TransportName = 'socket.io' | 'raw';

/** One socket of a client, below frames: it sends bytes and can misbehave on demand. */
export interface Channel {
  readonly transport: TransportName;
  send(bytes: Uint8Array): void;
  /** Closes the socket as the protocol defines. */
  end(): void;
  /** Cuts the TCP connection; `midFrame` sends half of a WebSocket frame first. */
  drop(midFrame: boolean): void;
  /** While on, the socket reads and writes nothing. */
  setStalled(on: boolean): void;
}

export interface ChannelListener {
  onBytes(bytes: Uint8Array): void;
  onClose(): void;
}
