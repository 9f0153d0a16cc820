import { WebSocket } from 'ws';
import type { SocketFactory } from '../ports.ts';

/** The members that the global WebSocket of Node 22 and that of the package `ws` have in common. */
type NodeWebSocket = Pick<
  WebSocket,
  'readyState' | 'binaryType' | 'onopen' | 'onmessage' | 'onclose' | 'onerror' | 'send' | 'close'
>;

type NodeWebSocketConstructor = new (url: string) => NodeWebSocket;

const OPEN = 1;

/** Opens the global WebSocket where Node has one, else that of the package `ws`, which the build has inside. */
export const openNodeSocket: SocketFactory = (url, listener) => {
  let webSocket: NodeWebSocket | undefined;
  let isClosed = false;

  function finish(detail: string): void {
    if (isClosed) return;
    isClosed = true;
    webSocket?.close();
    listener.onClose(detail);
  }

  function open(): void {
    if (isClosed) return;
    webSocket = createWebSocket(url);
    webSocket.binaryType = 'arraybuffer';
    webSocket.onopen = () => {
      if (!isClosed) listener.onOpen();
    };
    webSocket.onmessage = ({ data }) => {
      if (!isClosed) listener.onMessage(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer));
    };
    webSocket.onclose = ({ code, reason }) => finish(`${code} ${reason}`);
    // Never removed: a `ws` that is closed while it connects emits an error, and without a listener that ends the process.
    webSocket.onerror = ({ message }) => finish(message || 'error');
  }

  // Later, because the listener is not called before this function returns.
  Promise.resolve()
    .then(open)
    .catch((error: unknown) => finish(String(error)));

  return {
    send(data) {
      if (!isClosed && webSocket?.readyState === OPEN) webSocket.send(data);
    },
    close: () => finish('closed by client'),
  };
};

function createWebSocket(url: string): NodeWebSocket {
  const native = (globalThis as { WebSocket?: NodeWebSocketConstructor }).WebSocket;
  return new (native ?? WebSocket)(url);
}
