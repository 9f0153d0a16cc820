import type { SocketFactory } from '../ports.ts';
import type { MiniProgramApi, SocketTask } from './api.ts';

/** How long to wait for the close event of a socket: some platforms never emit it. */
const CLOSE_TIMEOUT_MS = 3000;

/** Opens sockets one after another, each when the previous one is closed: a mini-program may have only a few. */
export function createMiniProgramSockets(api: MiniProgramApi): SocketFactory {
  let previous: Promise<unknown> = Promise.resolve();
  return (url, listener) => {
    let task: SocketTask | undefined;
    let isOpen = false;
    let isClosed = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let resolveGone!: () => void;

    function gone(): void {
      clearTimeout(timer);
      resolveGone();
    }

    function close(): void {
      task?.close({ fail: () => {} });
    }

    function finish(detail: string): void {
      if (isClosed) return;
      isClosed = true;
      if (task) timer = setTimeout(gone, CLOSE_TIMEOUT_MS);
      close();
      listener.onClose(detail);
    }

    function open(): void {
      if (isClosed) return gone();
      const end = (detail: string): void => {
        finish(detail);
        gone();
      };
      try {
        // Without a callback uni-app would return a promise.
        task = api.connectSocket({ url, fail: ({ errMsg }) => end(errMsg) });
        task.onOpen(() => {
          isOpen = true;
          // Some platforms cannot close a socket before it is open.
          if (isClosed) close();
          else listener.onOpen();
        });
        task.onMessage(({ data }) => {
          if (!isClosed) listener.onMessage(typeof data === 'string' ? data : new Uint8Array(data));
        });
        // A socket that never opened may emit no close event.
        task.onError(({ errMsg = 'error' }) => (isOpen ? finish : end)(errMsg));
        task.onClose(({ code = 0, reason = '' }) => end(`${code} ${reason}`));
      } catch (error) {
        end(String(error));
      }
    }

    const turn = previous.then(open);
    previous = Promise.all([turn, new Promise<void>((resolve) => (resolveGone = resolve))]);

    return {
      send(data) {
        if (isOpen && !isClosed)
          task!.send({
            data: typeof data === 'string' ? data : exactBuffer(data),
            fail: ({ errMsg }) => finish(errMsg),
          });
      },
      close: () => finish('closed by client'),
    };
  };
}

/** A buffer of these bytes only, whatever buffer they are a view of. */
function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer;
}
