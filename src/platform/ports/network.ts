/** One WebSocket. It connects by itself as soon as it exists. */
export interface Socket {
  /**
   * Sends one message. Does nothing while the socket is not open.
   *
   * @param data - a string goes out as a text message, bytes as a binary message; the bytes may be a view of a larger buffer
   */
  send(data: string | Uint8Array): void;
  /** Closes the socket. `onClose` follows unless it came before; further calls do nothing. */
  close(): void;
}

/** The functions that a {@link Socket} calls. */
export interface SocketListener {
  /** The socket is open: `send` works from now on. Called at most once. */
  onOpen(): void;
  /**
   * A message arrived.
   *
   * @param data - a string for a text message, bytes for a binary one
   */
  onMessage(data: string | Uint8Array): void;
  /**
   * The socket is closed, or never opened. Called exactly once; no other call follows.
   *
   * @param detail - why, for log lines: a close code and reason, or an error message
   */
  onClose(detail: string): void;
}

/**
 * Opens a WebSocket.
 *
 * It must not throw, not even for a URL that is invalid or a host that cannot be reached: it calls `onClose` after it has
 * returned.
 *
 * @param url - a `ws:` or `wss:` URL
 * @param listener - gets what happens to the socket
 */
export type SocketFactory = (url: string, listener: SocketListener) => Socket;

/** One HTTP request with a JSON body or none. */
export interface HttpRequest {
  /** HTTP method. */
  method: 'GET' | 'POST';
  /** Absolute URL with its query. */
  url: string;
  /** Request headers. The adapter adds none of its own, and sends no cookies. */
  headers: Readonly<Record<string, string>>;
  /** The body as JSON text. Absent: no body. */
  body?: string;
  /** Milliseconds until the request fails with the kind `timeout`. The time covers the body of the answer, too. */
  timeoutMs: number;
}

/** The answer to an {@link HttpRequest} or an upload. */
export interface HttpResponse {
  /** HTTP status code. */
  status: number;
  /** The body as text; `''` when there is none. */
  body: string;
}

/** Why there was no HTTP answer. */
export interface HttpFailure {
  /**
   * `timeout`: no answer in time. `redirected`: the server sent the request elsewhere, where it was not followed.
   * `too-large`: the answer is longer than any may be, or never ends. `unreachable`: everything else, such as a refused
   * connection or a canceled request.
   */
  kind: 'timeout' | 'redirected' | 'too-large' | 'unreachable';
  /** The platform's own words, for log lines. */
  detail: string;
}

/**
 * Sends an HTTP request.
 *
 * It follows no redirect, not even to the same host: the headers and the body may hold the user's token or password, and a
 * page cannot see where a redirect leads. It rejects with the kind `redirected`. An adapter whose platform follows
 * redirects by itself documents that.
 *
 * It resolves with every other answer, whatever its status. It rejects with an {@link HttpFailure}, which should also be an
 * `Error`, when there is no answer.
 */
export type HttpClient = (request: HttpRequest) => Promise<HttpResponse>;
