import { createIndexedDbKvProvider } from '../browser/kv-store.ts';
import { createBrowserLifecycle } from '../browser/lifecycle.ts';
import { createBrowserPreferences } from '../browser/preferences.ts';
import { openBrowserSocket } from '../browser/sockets.ts';
import type { Platform, SocketFactory } from '../ports.ts';
import { systemClock } from '../web-api/clock.ts';
import { consoleLogger } from '../web-api/logger.ts';
import { legacyFiles } from './files.ts';
import { xhrHttp } from './http.ts';

/** IE 10 sends an `ArrayBuffer`, and knows of no views on one. */
const openLegacySocket: SocketFactory = (url, listener) => {
  const socket = openBrowserSocket(url, listener);
  return {
    ...socket,
    send: (data) =>
      socket.send(typeof data === 'string' ? data : (new Uint8Array(data).buffer as ArrayBuffer & Uint8Array)),
  };
};

/** What a web page gives the client in a browser of 2012: IndexedDB and WebSocket, but no `fetch`. */
export function createLegacyPlatform(): Platform {
  return {
    sockets: openLegacySocket,
    http: xhrHttp,
    files: legacyFiles,
    kv: createIndexedDbKvProvider(),
    preferences: createBrowserPreferences(),
    clock: systemClock,
    random: Math.random,
    lifecycle: createBrowserLifecycle(),
    logger: consoleLogger,
    transport: 'socket.io',
    deviceInfo: 'Web',
  };
}
