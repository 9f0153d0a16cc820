// What all cases have: a server, a network in front of it and of DNS, and a peer that sends.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDevServer } from 'flooim-devserver';
import { createClient } from '../../src/entries/node.ts';
import { createNetwork } from './network.ts';
import type { Network } from './network.ts';

export const PASSWORD = 'secret12';
const APP_ID = 'sleep';

export interface Login {
  dnsServer: string;
  appid: string;
  name: string;
  password: string;
  transport: 'socket.io' | 'raw';
}

/** The client that sleeps. */
export interface Sleeper {
  /** Resolves when it is logged in. */
  logIn(login: Login): Promise<void>;
  /** Resolves when it has received a message with this content, and is in the state `online`. */
  synced(content: string): Promise<void>;
  close(): Promise<void>;
}

/** A sleeper behind its network, and a peer that sends to it. */
export interface Place {
  readonly network: Network;
  /** Logs the sleeper in. */
  enter(sleeper: Sleeper, transport: Login['transport']): Promise<void>;
  /** Sends to the sleeper. */
  send(content: string): void;
  close(): Promise<void>;
}

export async function createPlace(): Promise<Place> {
  const server = await createDevServer();
  const { users } = server.data.app(APP_ID);
  const network = await createNetwork(server.port);
  const dns = createServer((_request, response) => {
    const cluster = { protocol: 'http', host: network.host };
    const data = {
      app_status: 'normal',
      dns_list: [{ group_level: 0, clusters: [{ ratel: [cluster], webim: [cluster] }] }],
    };
    response.setHeader('access-control-allow-origin', '*').end(JSON.stringify({ code: 200, data }));
  });
  await new Promise<void>((resolve) => dns.listen(0, '127.0.0.1', resolve));
  const dnsNetwork = await createNetwork((dns.address() as AddressInfo).port);
  users.add('peer', PASSWORD);
  const sleeperId = users.add('sleeper', PASSWORD).id;
  const peer = createClient({ appid: APP_ID, dnsServer: server.dnsUrl, logLevel: 'off' });
  await peer.login({ name: 'peer', password: PASSWORD });
  const both = (change: (one: Network) => void): void => [network, dnsNetwork].forEach(change);
  return {
    network: {
      host: network.host,
      forget: () => both((one) => one.forget()),
      cut: () => both((one) => one.cut()),
      leave: () => both((one) => one.leave()),
      comeBack: () => both((one) => one.comeBack()),
      capture: (captured) => both((one) => one.capture(captured)),
      close: () => both((one) => one.close()),
    },
    enter: async (sleeper, transport) =>
      sleeper.logIn({
        dnsServer: `http://${dnsNetwork.host}/`,
        ...{ appid: APP_ID, name: 'sleeper', password: PASSWORD, transport },
      }),
    send: (content) => void peer.sysManage.sendRosterMessage({ uid: sleeperId, content }),
    close: async () => {
      await peer.dispose();
      both((one) => one.close());
      dns.closeAllConnections();
      dns.close();
      await server.close();
    },
  };
}
