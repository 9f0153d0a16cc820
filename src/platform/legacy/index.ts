import { createBrowserLifecycle } from '../browser/lifecycle.ts';
import { originPorts } from '../browser/origin.ts';
import { openBrowserSocket } from '../browser/sockets.ts';
import { createMemoryKvProvider } from '../memory/index.ts';
import type { Platform, SocketFactory } from '../ports.ts';
import { consoleLogger, systemClock } from '../web-api/system.ts';
import { fetchHttp } from '../web-api/http.ts';
import { legacyFiles } from './files.ts';
import { xhrHttp } from './http.ts';
import { addPolyfills } from './polyfills.ts';
import { createLegacyPreferences } from './preferences.ts';

/** IE 10 sends an `ArrayBuffer`, but no view of one. */
const openLegacySocket: SocketFactory = (url, listener) => {
  const socket = openBrowserSocket(url, listener);
  return {
    ...socket,
    send: (data) =>
      socket.send(typeof data === 'string' ? data : (new Uint8Array(data).buffer as ArrayBuffer & Uint8Array)),
  };
};

/** The platform of a page in an old browser, which has WebSocket but no `fetch`. Messages are in memory only. */
export function createLegacyPlatform(): Platform {
  addPolyfills();
  return {
    sockets: openLegacySocket,
    // A newer browser may be given this build, too. There a redirect can be refused before it is followed.
    http: typeof Request === 'function' && 'redirect' in Request.prototype ? fetchHttp : xhrHttp,
    files: legacyFiles,
    kv: createMemoryKvProvider(),
    ...originPorts(),
    preferences: createLegacyPreferences(),
    clock: systemClock,
    random: Math.random,
    lifecycle: createBrowserLifecycle(),
    logger: consoleLogger,
    transport: 'socket.io',
    deviceInfo: 'Web',
  };
}
