/** The parts of socket.io 2 that tests use. The packages of version 2 have no types of their own. */
declare module 'socket.io-v2' {
  const createServer: import('../interop/socket-io.suite.ts').SocketIoStart;
  export { createServer as default };
}

declare module 'socket.io-client-v2' {
  interface SocketIoClient {
    on(event: string, run: (...args: never[]) => void): void;
    emit(event: string, ...args: unknown[]): void;
    close(): void;
  }

  function connect(url: string, options: object): SocketIoClient;
  export { connect as default };
}
