// A session as apps have it, the same on every platform, over real sockets.
import { createDevServer, DEFAULT_APP_ID } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import { buildClient } from '../../src/client.ts';
import type { FlooClient } from '../../src/floo-client.ts';
import type { Message } from '../../src/model/message.ts';
import { createDevice } from '../support/client-device.ts';
import type { FileArgument } from './agent.ts';
import { callMembers, PASSWORD } from './members.ts';
import { Ears, EVENTS, Run } from './run.ts';
import type { Place } from './run.ts';

const OLD_MESSAGES = 30;
/** Text of several packets, with non-ASCII characters. */
const FILE_TEXT = '文件 file\n'.repeat(20_000);

export interface Outcome {
  /** Login, send, receive, a file both ways, history, a cut socket. What went wrong is thrown. */
  session: true;
  /** The stored data was visible before the network, and nothing came twice after it. */
  restart: true;
  /** Every member of the client was called and did not fail; `members.ts` lists those that cannot be called. */
  members: true;
  violations: readonly string[];
}

/** How a platform keeps its data. */
export type Keeping =
  /** The session goes on. */
  | 'all'
  /** The user is still logged in, and the messages come from the server. */
  | 'login';

/** The server, and someone to talk to. */
interface Outside {
  readonly server: DevServer;
  readonly self: { name: string; id: number };
  readonly ben: { client: FlooClient; ears: Ears; id: number };
}

export async function runSession(place: Place, keeping: Keeping): Promise<Outcome> {
  const outside = await openOutside();
  try {
    const run = new Run(await place.start());
    await firstRun(run, place, outside);
    await secondRun(run, place, keeping, outside);
    return { session: true, restart: true, members: true, violations: [...place.violations] };
  } finally {
    await outside.ben.client.dispose();
    await outside.server.close();
  }
}

async function openOutside(): Promise<Outside> {
  const server = await createDevServer();
  const app = server.data.app(DEFAULT_APP_ID);
  const [anna, ben] = ['anna', 'ben'].map((name) => app.users.add(name, PASSWORD));
  // Old messages, which the server sends on request.
  for (let i = 0; i < OLD_MESSAGES; i++) {
    const [from, to] = i % 2 ? [anna!.id, ben!.id] : [ben!.id, anna!.id];
    app.messages.add(
      {
        ...{ id: app.ids.itemId(), fromId: from, fromDevice: 1, toId: to, inGroup: false, timestamp: Date.now() },
        ...{ status: 0, readBy: new Set(), hiddenFor: new Set() },
        body: { type: 2, content: `old ${i}`, ctype: 0, operation: { type: 0, mid: '0' } },
      },
      [
        [from, to],
        [to, from],
      ],
    );
  }
  const client = buildClient({ platform: createDevice().platform, dropIn: false });
  const ears = new Ears();
  for (const name of EVENTS) client.on(name, (payload) => ears.hear(name, payload));
  client.configure({ dnsServer: server.dnsUrl, logLevel: 'off' });
  await client.login({ name: 'ben', password: PASSWORD });
  return { server, self: { name: 'anna', id: anna!.id }, ben: { client, ears, id: ben!.id } };
}

async function firstRun(run: Run, place: Place, { server, self, ben }: Outside): Promise<void> {
  await create(run, place, server);
  await logIn(run, self);
  await send(run, ben, 'hello');
  await receive(run, ben, self, 'hello yourself');

  const file: FileArgument = { fileOf: FILE_TEXT };
  const fileMid = await run.call('sysManage.sendRosterMessage', { uid: ben.id, file });
  await arrived(run, fileMid);
  const received = (await ben.ears.next('onRosterMessage', (message) => !!urlOf(message)))!;
  const bytes = await ben.client.sysManage.asyncFileDownload({ url: urlOf(received)! });
  if ((await bytes.text()) !== FILE_TEXT) throw new Error('the file arrived as another one');
  const back = (await run.call('sysManage.asyncFileDownload', { url: urlOf(received)! })) as { size: number };
  if (back.size !== bytes.size) throw new Error(`${back.size} bytes of ${bytes.size} came down`);

  const messages = await messagesOf(run, ben.id);
  mustBeOrdered(messages);
  const old = messages.filter(({ content }) => content.startsWith('old ')).length;
  if (old !== OLD_MESSAGES) throw new Error(`${old} of ${OLD_MESSAGES} messages of the history`);

  await mustAnswerQueries(run, ben.id);

  const before = run.ears.heard.length;
  server.admin.dropSockets({ uid: self.id });
  ben.client.sysManage.sendRosterMessage({ uid: self.id, content: 'while you were away' });
  const mid = await run.call('sysManage.sendRosterMessage', { uid: ben.id, content: 'said to nobody' });
  await run.ears.next('loginSuccess', undefined, before);
  await run.ears.next('onRosterMessage', (message) => message?.['content'] === 'while you were away', before);
  await arrived(run, mid);
  await ben.ears.next('onRosterMessage', (message) => message?.['content'] === 'said to nobody');
  // Stored with the answer to that, which a run that ends at once would have to hear again.
  await receive(run, ben, self, 'welcome back so soon');
}

/** Calls whose answers use features that differ between engines. */
async function mustAnswerQueries(run: Run, peer: number): Promise<void> {
  const found = (await run.call('sysManage.searchMessages', 'HELLO YOURSELF')) as unknown[];
  if (found.length !== 1) throw new Error(`the search found ${found.length} messages`);
  const friends = await run.call('rosterManage.asyncGetRosterIdList', true);
  if (!Array.isArray(friends)) throw new Error(`no list of friends: ${String(friends)}`);
  const groups = await run.call('groupManage.asyncGetJoinedGroups', true);
  if (!Array.isArray(groups)) throw new Error(`no list of groups: ${String(groups)}`);
  const conversations = (await run.call('userManage.getConversationList')) as { id: number }[];
  if (!conversations.some(({ id }) => id === peer)) throw new Error('the conversation is not in the list');
}

async function secondRun(first: Run, place: Place, keeping: Keeping, outside: Outside): Promise<void> {
  const { server, self, ben } = outside;
  const before = await messagesOf(first, ben.id);
  await first.end();
  // No message can come, so these messages were stored.
  if (keeping !== 'login') server.admin.stall({ uid: self.id, on: true, alsoNew: true });
  const run = new Run(await place.start());
  await create(run, place, server);
  if (keeping === 'login') {
    await run.ears.next('loginSuccess');
    await run.ears.next('recentlistUpdate');
  } else await run.ears.next('recentlistUpdate');
  const stored = await messagesOf(run, ben.id);
  if (idsOf(stored) !== idsOf(before)) throw new Error(`${stored.length} of ${before.length} messages were stored`);
  const start = run.ears.heard.length;
  server.admin.stall({ on: false });
  if (keeping === 'all') await run.ears.next('loginSuccess', undefined, start);
  await send(run, ben, 'here again');
  await receive(run, ben, self, 'welcome back');
  const after = await messagesOf(run, ben.id);
  mustBeOrdered(after);
  if (after.length !== before.length + 2) throw new Error(`${after.length} messages, not ${before.length + 2}`);
  const received = ben.ears.heard.filter(
    ({ event, payload }) => event === 'onRosterMessage' && !payload?.['isHistory'],
  );
  const contents = received.map(({ payload }) => `${String(payload!['content'])} ${urlOf(payload) ?? ''}`);
  if (new Set(contents).size !== contents.length) throw new Error('a message arrived twice');
  const mid = after.find(({ content }) => content === 'here again')!.id;
  await callMembers(run, { self, ben: ben.id, mid });
  await run.end();
}

async function create(run: Run, { config }: Place, { dnsUrl }: DevServer): Promise<void> {
  await run.create({ ...config, dnsServer: dnsUrl, logLevel: 'error', backoff: { baseMs: 20, capMs: 200 } });
}

async function logIn(run: Run, { name }: Outside['self']): Promise<void> {
  await run.call('login', { name, password: PASSWORD });
}

/** The server has it, and the device knows. */
async function arrived(run: Run, mid: unknown): Promise<void> {
  await run.ears.next(
    'onSendingMessageStatusChanged',
    (change) => change?.['mid'] === mid && change?.['status'] === 'sent',
  );
}

async function send(run: Run, ben: Outside['ben'], content: string): Promise<void> {
  const mid = await run.call('sysManage.sendRosterMessage', { uid: ben.id, content });
  await arrived(run, mid);
  await ben.ears.next('onRosterMessage', (message) => message?.['content'] === content);
}

async function receive(run: Run, ben: Outside['ben'], self: Outside['self'], content: string): Promise<void> {
  ben.client.sysManage.sendRosterMessage({ uid: self.id, content });
  await run.ears.next('onRosterMessage', (message) => message?.['content'] === content);
}

async function messagesOf(run: Run, id: number): Promise<Message[]> {
  const page = (await run.call('sysManage.getMessages', { id, type: 'roster', limit: 100 })) as {
    messages: Message[];
  };
  return page.messages;
}

const urlOf = (message: unknown): string | undefined =>
  (message as { attach?: { url?: string } } | undefined)?.attach?.url;

const idsOf = (messages: readonly Message[]): string => messages.map(({ id }) => id).join(' ');

function mustBeOrdered(messages: readonly Message[]): void {
  const ids = messages.map(({ id }) => BigInt(id));
  if (ids.some((id, index) => index > 0 && id <= ids[index - 1]!)) throw new Error('messages are not in order');
}
