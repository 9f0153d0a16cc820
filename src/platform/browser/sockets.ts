import type { SocketFactory } from '../ports.ts';

/** Opens a WebSocket of the browser. */
export const openBrowserSocket: SocketFactory = (url, listener) => {
  let webSocket: WebSocket | undefined;
  let isClosed = false;

  function finish(detail: string): void {
    if (isClosed) return;
    isClosed = true;
    // Also while it connects: browsers queue the next attempt to a host behind one that hangs.
    webSocket?.close();
    // Does not wait for the close event: without a network Safari emits it after minutes or never.
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
    // The URL is invalid, or `ws:` in an `https:` page. The caller has no socket yet, so `onClose` comes later.
    setTimeout(() => finish(String(error)));
  }

  return {
    send(data) {
      // The bytes of the port are never in shared memory.
      if (!isClosed && webSocket?.readyState === WebSocket.OPEN) webSocket.send(data as Uint8Array<ArrayBuffer>);
    },
    close: () => finish('closed by client'),
  };
};
