import type { SocketFactory } from '../ports.ts';
import type { MiniProgramApi, SocketTask } from './api.ts';

/** A platform that never says that a socket closed is not waited for any longer. */
const CLOSE_TIMEOUT_MS = 3000;

/** Sockets of a mini-program, which may have few: one is opened when the one before is gone. */
export function createMiniProgramSockets(api: MiniProgramApi): SocketFactory {
  let previous: Promise<unknown> = Promise.resolve();
  return (url, listener) => {
    let task: SocketTask | undefined;
    let isOpen = false;
    let isClosed = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let tellGone!: () => void;

    function gone(): void {
      clearTimeout(timer);
      tellGone();
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
        // Without a callback uni-app would answer with a promise.
        task = api.connectSocket({ url, fail: ({ errMsg }) => end(errMsg) });
        task.onOpen(() => {
          isOpen = true;
          // Some cannot be closed before.
          if (isClosed) close();
          else listener.onOpen();
        });
        task.onMessage(({ data }) => {
          if (!isClosed) listener.onMessage(typeof data === 'string' ? data : new Uint8Array(data));
        });
        // One that never opened need not close.
        task.onError(({ errMsg = 'error' }) => (isOpen ? finish : end)(errMsg));
        task.onClose(({ code = 0, reason = '' }) => end(`${code} ${reason}`));
      } catch (error) {
        end(String(error));
      }
    }

    const turn = previous.then(open);
    previous = Promise.all([turn, new Promise<void>((resolve) => (tellGone = resolve))]);

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

/** The bytes alone, whatever they are a view on. */
function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer;
}
