// The network of one device, in front of the dev server: its own DNS, a REST host, and two socket hosts, all of which can fail.
import { createServer, request as openHttp } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { WebSocket, WebSocketServer } from 'ws';
import { relay } from './websocket-relay.ts';
import type { Relay, RelayRules } from './websocket-relay.ts';

/** What a REST host that lies answers. A captive portal answers everything with its own page. */
export const LIES = {
  portal: [200, 'text/html', '<!doctype html><title>Wi-Fi</title><p>Please log in.</p>'],
  'server error': [500, 'application/json', '{"code":500,"message":"internal error"}'],
  'bad gateway': [502, 'text/html', '<html><body><h1>502 Bad Gateway</h1></body></html>'],
  'wrong JSON': [200, 'application/json', '{"code":200,"data":[[null]]}'],
  'no JSON': [200, 'application/json', '{"code":200,"da'],
  nothing: [200, 'application/json', ''],
} as const;
export type Lie = keyof typeof LIES;

export interface NetworkRules extends RelayRules {
  /** New connections are reset. The old ones stay. */
  refuses: boolean;
  /** New sockets say nothing. */
  swallows: boolean;
  /** The first of the two socket hosts is gone. */
  firstHostIsDead: boolean;
  /** Before a request is passed on, and before DNS answers. */
  restDelayMs: number;
  lie: Lie | undefined;
  /** Whether the server gets the requests that are answered with a lie. */
  liesAfterwards: boolean;
}

const HEALTHY: Readonly<NetworkRules> = {
  delayMs: 0,
  duplicates: 0,
  swaps: 0,
  resends: 0,
  cutsNext: false,
  refuses: false,
  swallows: false,
  firstHostIsDead: false,
  restDelayMs: 0,
  lie: undefined,
  liesAfterwards: false,
};

export interface FaultyNetwork {
  /** For the option `dnsServer`. */
  readonly dnsUrl: string;
  readonly rules: NetworkRules;
  /** Ends every connection. */
  cut(): void;
  /** Every socket that is open now is half open from now on. */
  swallow(): void;
  /** All faults end. What is half open stays so. */
  heal(): void;
  close(): Promise<void>;
}

/** @param port - of the dev server, also after it was started again */
export async function createFaultyNetwork(port: number): Promise<FaultyNetwork> {
  const rules: NetworkRules = { ...HEALTHY };
  const connections = new Set<Socket>();
  const relays = new Set<Relay>();
  const servers: Server[] = [];
  const upgrades = new WebSocketServer({ noServer: true, perMessageDeflate: false });

  const listen = async (server: Server, isRefused: () => boolean): Promise<string> => {
    servers.push(server);
    server.on('connection', (socket: Socket) => {
      if (isRefused()) return socket.resetAndDestroy();
      connections.add(socket);
      socket.on('close', () => connections.delete(socket));
      return undefined;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  const onUpgrade = (incoming: IncomingMessage, tcp: Duplex, head: Buffer): void => {
    const upstream = new WebSocket(`ws://127.0.0.1:${port}${incoming.url ?? '/'}`, { perMessageDeflate: false });
    tcp.on('error', () => undefined);
    tcp.once('close', () => upstream.readyState === WebSocket.CONNECTING && upstream.terminate());
    upstream.once('error', () => tcp.destroy());
    upstream.once('open', () => {
      upgrades.handleUpgrade(incoming, tcp, head, (client) => {
        const made = relay(client, upstream, tcp, rules);
        relays.add(made);
        client.on('close', () => relays.delete(made));
        if (rules.swallows) made.swallow();
      });
    });
  };

  const rest = createServer(
    (incoming, response) => void answerRest(incoming, response).catch(() => response.destroy()),
  );
  const dns = createServer((incoming, response) => void answerDns(incoming, response).catch(() => response.destroy()));
  const sockets = [createServer(), createServer()].map((server) => server.on('upgrade', onUpgrade));
  const [restHost, dnsHost, firstHost, secondHost] = await Promise.all([
    listen(rest, () => rules.refuses),
    listen(dns, () => rules.refuses),
    listen(sockets[0]!, () => rules.refuses || rules.firstHostIsDead),
    listen(sockets[1]!, () => rules.refuses),
  ]);

  function lied(response: ServerResponse): boolean {
    if (!rules.lie) return false;
    const [status, type, body] = LIES[rules.lie];
    response.writeHead(status, { 'content-type': type }).end(body);
    return true;
  }

  async function answerDns(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    await buffer(incoming);
    await pause(rules.restDelayMs);
    if (lied(response)) return;
    const entry = (host: string): object => ({ protocol: 'http', host });
    response.setHeader('access-control-allow-origin', '*');
    const clusters = [{ ratel: [entry(restHost)], webim: [entry(firstHost), entry(secondHost)] }];
    response.end(
      JSON.stringify({ code: 200, data: { app_status: 'normal', dns_list: [{ group_level: 0, clusters }] } }),
    );
  }

  async function answerRest(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    await pause(rules.restDelayMs);
    if (rules.lie && !rules.liesAfterwards) return void lied(response);
    const answer = await pass(incoming, body, port);
    if (lied(response)) return;
    const type = answer.headers['content-type'] ?? '';
    const content = await buffer(answer);
    // Files and places for uploads are behind this network, too.
    const isJson = type.includes('json');
    const bytes = isJson ? content.toString().replaceAll(`127.0.0.1:${port}`, restHost) : content;
    const { 'content-length': _length, 'transfer-encoding': _encoding, ...headers } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, headers).end(bytes);
  }

  const cut = (): void => {
    for (const made of relays) made.cut();
    for (const socket of connections) socket.destroy();
  };
  return {
    dnsUrl: `http://${dnsHost}/`,
    rules,
    cut,
    swallow: () => relays.forEach((made) => made.swallow()),
    heal: () => void Object.assign(rules, HEALTHY),
    async close() {
      cut();
      await Promise.all(servers.map(async (server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

async function pass(incoming: IncomingMessage, body: Buffer, port: number): Promise<IncomingMessage> {
  const { method, url, headers } = incoming;
  return new Promise((resolve, reject) => {
    const own = { ...headers, host: `127.0.0.1:${port}`, connection: 'close' };
    const outgoing = openHttp({ host: '127.0.0.1', port, method, path: url, headers: own }, resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const pause = async (ms: number): Promise<void> => {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
};
