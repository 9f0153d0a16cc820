import type { SocketFactory } from '../ports.ts';

/** The page's own WebSocket. */
export const openBrowserSocket: SocketFactory = (url, listener) => {
  let webSocket: WebSocket | undefined;
  let isClosed = false;

  function finish(detail: string): void {
    if (isClosed) return;
    isClosed = true;
    // Also while connecting: browsers queue the next attempt to a host behind one that hangs.
    webSocket?.close();
    // Not left to the browser: with the network gone, Safari's close event comes after minutes, or never.
    listener.onClose(detail);
  }

  try {
    webSocket = new WebSocket(url);
    webSocket.binaryType = 'arraybuffer';
    webSocket.onopen = () => {
      if (!isClosed) listener.onOpen();
    };
    webSocket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (!isClosed) listener.onMessage(typeof data === 'string' ? data : new Uint8Array(data));
    };
    webSocket.onclose = ({ code, reason }) => finish(`${code} ${reason}`);
    webSocket.onerror = () => finish('error');
  } catch (error) {
    // A ws: URL in an https: page, or one that is none. The caller has no socket yet, so it hears of it later.
    setTimeout(() => finish(String(error)));
  }

  return {
    send(data) {
      // The port's bytes are never shared memory.
      if (!isClosed && webSocket?.readyState === WebSocket.OPEN) webSocket.send(data as Uint8Array<ArrayBuffer>);
    },
    close: () => finish('closed by client'),
  };
};
