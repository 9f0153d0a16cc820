// What goes wrong every ten seconds, between the client and its server.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DevServer } from 'flooim-devserver';
import { createSlowLink } from '../../test/support/slow-link.ts';
import type { SlowLink } from '../../test/support/slow-link.ts';

const REFUSES_MS = 3000;
const RESTARTS_MS = 1000;
const HALF_OPEN_MS = 6000;
const SLOW_MS = 5000;
/** A thin mobile line. */
const SLOW_LINE = { delayMs: 150, bytesPerSecond: 30_000, loss: 0.02 };

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface FaultyNetwork {
  /** The value for the client's `dnsServer` option. All its traffic then passes the faults. */
  readonly dnsUrl: string;
  /** The next fault; resolves with its name when it is over. */
  next(): Promise<string>;
  close(): Promise<void>;
}

interface Place {
  server: DevServer;
  link: SlowLink;
  uid: number;
}

const FAULTS: Readonly<Record<string, (place: Place) => Promise<void> | void>> = {
  'cut socket': ({ link }) => link.cut(),
  'half-open': async ({ server, uid }) => {
    // Only the sockets of now: new ones work.
    server.admin.stall({ uid, on: true });
    await sleep(HALF_OPEN_MS);
    server.admin.stall({ uid, on: false });
  },
  'server restart': async ({ server, link }) => {
    server.admin.dropSockets();
    await link.leave();
    await sleep(RESTARTS_MS);
    await link.comeBack();
  },
  'slow link': async ({ link }) => {
    link.set(SLOW_LINE);
    await sleep(SLOW_MS);
    link.set({});
  },
  'cut in a frame': ({ server, uid }) => {
    server.admin.dropSockets({ uid, midFrame: true });
  },
  'refused connects': async ({ link }) => {
    await link.leave();
    await sleep(REFUSES_MS);
    await link.comeBack();
  },
  'doubled pages': ({ server, link }) => {
    server.admin.duplicatePages(20);
    link.cut();
  },
};

/** Puts a link in front of the server, and a DNS server that knows no other way. @param uid - whose sockets get the faults */
export async function createFaultyNetwork(server: DevServer, uid: number): Promise<FaultyNetwork> {
  const link = await createSlowLink(`127.0.0.1:${server.port}`);
  const dns = createServer((_request, response) => {
    const hosts = [{ protocol: 'http', host: link.host, ip_list: ['127.0.0.1'] }];
    const data = { app_status: 'normal', dns_list: [{ group_level: 0, clusters: [{ ratel: hosts, webim: hosts }] }] };
    response.setHeader('access-control-allow-origin', '*').end(JSON.stringify({ code: 200, data }));
  });
  await new Promise<void>((resolve) => dns.listen(0, '127.0.0.1', resolve));
  const names = Object.keys(FAULTS);
  let made = 0;
  return {
    dnsUrl: `http://127.0.0.1:${(dns.address() as AddressInfo).port}/`,
    async next() {
      const name = names[made++ % names.length]!;
      await FAULTS[name]!({ server, link, uid });
      return name;
    },
    async close() {
      dns.closeAllConnections();
      dns.close();
      await link.close();
    },
  };
}
