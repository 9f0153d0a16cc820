import { WebSocket } from 'ws';
import type { OpenMediaLink } from '../rtc/media-link.ts';

const SUBPROTOCOL = 'janus-protocol';

/** Opens WebSockets to Janus. @param url of its WebSocket transport */
export const createJanusLinks =
  (url: string): OpenMediaLink =>
  (listener) => {
    const socket = new WebSocket(url, SUBPROTOCOL);
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      listener.onClose();
    };
    socket.on('open', () => listener.onOpen());
    // A text stays as it is: its ids do not fit into numbers.
    socket.on('message', (data) => {
      if (!isOver) listener.onText(String(data));
    });
    socket.on('close', end);
    socket.on('error', end);
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: () => {
        isOver = true;
        // Not yet open, it reports an error that nobody waits for.
        socket.on('error', () => undefined);
        socket.terminate();
      },
    };
  };
