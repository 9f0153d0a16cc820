import type { Platform, StorageEstimate } from '../ports.ts';
import { consoleLogger, systemClock } from '../web-api/system.ts';
import { fetchHttp } from '../web-api/http.ts';
import { browserFiles } from './files.ts';
import { createIndexedDbKvProvider } from './kv-store.ts';
import { createBrowserLifecycle } from './lifecycle.ts';
import { browserMedia } from './media.ts';
import { originPorts } from './origin.ts';
import { openBrowserSocket } from './sockets.ts';
import { browserTabs } from './tabs.ts';

/** The platform of a web page or a worker. It uses no global before the client does, so a server may call it. */
export function createBrowserPlatform(): Platform {
  return {
    sockets: openBrowserSocket,
    http: fetchHttp,
    files: browserFiles,
    media: browserMedia,
    kv: createIndexedDbKvProvider(),
    ...originPorts(),
    estimateStorage,
    clock: systemClock,
    random: Math.random,
    lifecycle: createBrowserLifecycle(),
    logger: consoleLogger,
    get tabs() {
      return browserTabs();
    },
    transport: 'socket.io',
    deviceInfo: 'Web',
  };
}

/** Pages without TLS, and some workers, have no estimate. */
async function estimateStorage(): Promise<StorageEstimate | undefined> {
  const { navigator } = globalThis as { navigator?: Partial<Pick<Navigator, 'storage'>> };
  const { usage, quota } = (await navigator?.storage?.estimate()) ?? {};
  return usage === undefined || quota === undefined ? undefined : { usedBytes: usage, quotaBytes: quota };
}
