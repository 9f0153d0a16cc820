/** Sees what goes over one socket. */
export interface SocketWitness {
  open(): void;
  up(bytes: Uint8Array): void;
  down(bytes: Uint8Array): void;
  close(): void;
}

/** A REST request and its answer, as a device sees them. */
export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body?: string;
  readonly status: number;
  readonly answer: string;
}

/** Sees what a device sends and gets. */
export interface Witness {
  socket(): SocketWitness;
  request(seen: SeenRequest): void;
}
