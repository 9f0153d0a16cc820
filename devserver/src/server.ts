import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { createAdminApi } from './admin-api.ts';
import { Assistant } from './bot/assistant.ts';
import type { Controls } from './controls.ts';
import { seedShowcase } from './demo-data/showcase.ts';
import type { StageDeps } from './demo-data/stage.ts';
import type { DevData } from './model/dev-data.ts';
import { installDocsPage } from './node/docs-page.ts';
import { RestHttpServer } from './node/http-server.ts';
import { createNodePorts } from './node/node-ports.ts';
import { pngPictures } from './node/pictures.ts';
import { Sockets } from './node/sockets.ts';
import { IN_MEMORY } from './records/records.ts';
import type { Journal } from './records/records.ts';
import { resolveOptions } from './options.ts';
import type { DevServerOptions, ResolvedOptions, Seed } from './options.ts';
import { seedDemo, seedServerApi } from './seed.ts';
import { createServerCore } from './server-core.ts';

const HOST = '127.0.0.1';

/** The app id that clients use by default; the demo data is in it. */
export const DEFAULT_APP_ID = 'welovemaxim';

const SEEDERS: Readonly<Record<Seed, (deps: StageDeps) => void>> = {
  demo: ({ data, appId }) => seedDemo(data.app(appId)),
  showcase: seedShowcase,
  'server-api': ({ data, appId }) => seedServerApi(data.app(appId)),
};

/** A running dev server. */
export interface DevServer {
  /** Base URL of REST; the sockets are on the same host and port. */
  readonly url: string;
  /** The value for the client's `dnsServer` option. */
  readonly dnsUrl: string;
  readonly adminUrl: string;
  readonly port: number;
  readonly adminPort: number;
  /** The REST token that may do everything. */
  readonly adminToken: string;
  /** Test controls as functions; the admin API offers the same. */
  readonly admin: Controls;
  /** The server's data, for assertions. */
  readonly data: DevData;
  /** Ends all sockets and listeners, and writes what there is to `dataDir`. Another call does nothing. */
  close(): Promise<void>;
}

/**
 * Starts a server on 127.0.0.1.
 *
 * @throws Error when a port is taken, or when another server uses `dataDir`
 */
export async function createDevServer(given: DevServerOptions = {}): Promise<DevServer> {
  const options = resolveOptions(given);
  const journal = options.dataDir === undefined ? IN_MEMORY : await openJournal(options.dataDir);
  try {
    return await start(options, journal);
  } catch (error) {
    await journal.close();
    throw error;
  }
}

/** The database has native code, which a server in memory does not need. */
async function openJournal(dataDir: string): Promise<Journal> {
  const { openDiskJournal } = await import('./records/disk-journal.ts');
  return openDiskJournal(dataDir);
}

async function start(options: ResolvedOptions, journal: Journal): Promise<DevServer> {
  let port = 0;
  const baseUrl = (): string => options.publicUrl ?? `http://${HOST}:${port}`;
  const ports = createNodePorts(options);
  const core = createServerCore({
    options,
    ports,
    journal,
    baseUrl,
    dropHeldHandshakes: () => sockets.dropHeld(),
    dropHanging: () => http.dropHanging(),
    seed: () => seed(),
  });
  const { data, faults, xsync, rest, controls: admin } = core;
  const http = new RestHttpServer({ rest, faults, journal, options });
  installDocsPage(http.app, baseUrl, DEFAULT_APP_ID);
  const sockets = new Sockets({ http: http.app.server, xsync, faults, options });
  const bot = options.bot ? new Assistant(core.messaging, ports.clock) : undefined;
  const seed = (): void => {
    // What it still has to say belongs to the data before.
    bot?.stop();
    const { clock, random } = ports;
    if (options.seed)
      SEEDERS[options.seed]({ data, appId: DEFAULT_APP_ID, options, random, pictures: pngPictures, clock, baseUrl });
  };
  const adminApi = createAdminApi(admin, journal);

  const stopListening = async (): Promise<void> => {
    bot?.stop();
    http.dropHanging();
    admin.cutRelay();
    sockets.close();
    await Promise.all([http.app.close(), adminApi.close()]);
  };
  let adminPort: number;
  try {
    port = await listen(http.app, options.port);
    // Only now, because the URLs of files have the port. No request is handled before.
    if (journal.scopes.length === 0) seed();
    adminPort = await listen(adminApi, options.adminPort);
  } catch (error) {
    await stopListening();
    throw error;
  }
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await stopListening();
    await journal.close();
  };
  const url = `http://${HOST}:${port}`;
  return {
    url,
    dnsUrl: `${url}/v2/app_dns`,
    adminUrl: `http://${HOST}:${adminPort}`,
    port,
    adminPort,
    adminToken: options.adminToken,
    admin,
    data,
    close: () => (closing ??= close()),
  };
}

async function listen(app: FastifyInstance, port: number): Promise<number> {
  await app.listen({ host: HOST, port });
  return (app.server.address() as AddressInfo).port;
}
