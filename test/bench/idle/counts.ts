/** What a page does, as its platform sees it. */
export interface Counts {
  /** Timers that were set. */
  timers: number;
  /** Callbacks of timers that ran. */
  wakeups: number;
  framesUp: number;
  framesDown: number;
  bytesUp: number;
  bytesDown: number;
  /** Sockets that were opened. */
  sockets: number;
}

export const counts: Counts = {
  timers: 0,
  wakeups: 0,
  framesUp: 0,
  framesDown: 0,
  bytesUp: 0,
  bytesDown: 0,
  sockets: 0,
};

const sizeOf = (data: unknown): number =>
  typeof data === 'string'
    ? new TextEncoder().encode(data).length
    : data instanceof Blob
      ? data.size
      : (data as ArrayBuffer).byteLength;

/** Counts from now on. It must run before the SDK is loaded, which may keep what it finds. */
export function countAll(): void {
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const real = globalThis[name].bind(globalThis) as (run: () => void, delayMs?: number) => number;
    Object.assign(globalThis, {
      [name]: (run: () => void, delayMs?: number) => {
        counts.timers++;
        return real(() => {
          counts.wakeups++;
          run();
        }, delayMs);
      },
    });
  }
  globalThis.WebSocket = class extends WebSocket {
    constructor(...given: ConstructorParameters<typeof WebSocket>) {
      super(...given);
      counts.sockets++;
      this.addEventListener('message', ({ data }) => {
        counts.framesDown++;
        counts.bytesDown += sizeOf(data);
      });
    }
    override send(data: Parameters<WebSocket['send']>[0]): void {
      counts.framesUp++;
      counts.bytesUp += sizeOf(data);
      super.send(data);
    }
  };
}

countAll();
