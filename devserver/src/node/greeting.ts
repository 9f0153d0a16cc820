import type { AppData } from '../model/app-data.ts';
import type { User } from '../model/users.ts';
import { DEMO_PASSWORD } from '../seed.ts';
import { DEFAULT_APP_ID } from '../server.ts';
import type { Started } from './free-ports.ts';

/** Who is named. The others have the same password. */
const NAMED = 6;
const WIDTH = 14;

const row = (name: string, value: string | number): string => `${name.padEnd(WIDTH)}${value}`;

interface Facts {
  /** Absent: in memory. */
  readonly dataDir?: string | undefined;
  /** Whether calls work, in words. */
  readonly calls: string;
}

/** What a developer needs to know of a server that has started, as lines. */
export function greetingOf({ server, taken }: Started, { dataDir, calls }: Facts): string[] {
  const { url, dnsUrl, adminUrl, adminToken, data } = server;
  const app = data.app(DEFAULT_APP_ID);
  const users = [...app.users].filter(({ password }) => password === DEMO_PASSWORD);
  return [
    ...taken.map((port) => `Port ${port} is taken, so another one is used.`),
    row('app id', `${DEFAULT_APP_ID} (any but unknown-app works, each with data of its own)`),
    row('dnsServer', dnsUrl),
    row('REST, sockets', url),
    row('API page', `${url}/docs (OpenAPI: ${url}/openapi.json)`),
    row('admin API', adminUrl),
    row('admin token', adminToken),
    row('data', dataDir ?? 'in memory, until the server ends; --data DIR keeps it'),
    row('calls', calls),
    ...(users.length > 0 ? peopleOf(app, users) : ['There are no users yet.']),
    '',
    'Two clients: npm install flooim, save this as hello.mjs, run node hello.mjs',
    '',
    ...twoClients(dnsUrl),
    '',
  ];
}

function peopleOf(app: AppData, users: readonly User[]): string[] {
  const more = users.length - NAMED;
  return [
    ...users
      .slice(0, NAMED)
      .map(({ id, username, staff }) =>
        row('user', `${username} / ${DEMO_PASSWORD}  id ${id}${staff === 'chatbot' ? '  a bot, write to it' : ''}`),
      ),
    ...(more > 0 ? [row('', `and ${more} more with the same password`)] : []),
    ...[...app.groups].map(({ id, info }) => row('group', `${info.name}  id ${id}`)),
  ];
}

/** The program that a developer can paste. */
function twoClients(dnsUrl: string): string[] {
  return [
    `import { createClient } from 'flooim';`,
    `const options = { appid: '${DEFAULT_APP_ID}', dnsServer: '${dnsUrl}' };`,
    `const [alice, bob] = [createClient(options), createClient(options)];`,
    `bob.on('onRosterMessage', ({ content, arrival }) => arrival === 'live' && console.log('bob got', content));`,
    `await alice.login({ name: 'alice', password: '${DEMO_PASSWORD}' });`,
    `await bob.login({ name: 'bob', password: '${DEMO_PASSWORD}' });`,
    `alice.sysManage.sendRosterMessage({ uid: bob.userManage.getUid(), content: 'hello' });`,
  ];
}
