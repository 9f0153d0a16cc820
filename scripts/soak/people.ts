// The people of a soak: the user who is measured, and those who write to them.
import type { DevServer } from 'flooim-devserver';
import { createClient } from '../../src/entries/node.ts';
import type { FlooClient } from '../../src/entries/node.ts';
import { textOf } from './ledger.ts';
import type { Send } from './soak-client.ts';

export const APP_ID = 'soak';
export const PASSWORD = 'secret12';
export const USER = 'user';
const PEERS = 4;
const GROUPS = 2;

export interface Conversation {
  /** The peer or the group. */
  readonly id: number;
  readonly isGroup: boolean;
}

export interface People {
  readonly uid: number;
  readonly conversations: readonly Conversation[];
  /** The next message of the user, in one conversation after another. */
  nextSend(): Send;
  /** Sends the next message to the user. @returns its text */
  write(): string;
  /** The texts of each conversation at the server, the oldest first. */
  atServer(): Map<number, string[]>;
  dispose(): Promise<void>;
}

export async function createPeople(server: DevServer): Promise<People> {
  const app = server.data.app(APP_ID);
  const { id: uid } = app.users.add(USER, PASSWORD);
  const peers = Array.from({ length: PEERS }, (_, at) => app.users.add(`peer${at}`, PASSWORD));
  const clients = await Promise.all(
    peers.map(async ({ username }) => {
      const client = createClient({ appid: APP_ID, dnsServer: server.dnsUrl, autoLogin: false, logLevel: 'error' });
      await client.login({ name: username, password: PASSWORD });
      return client;
    }),
  );
  const groups = Array.from({ length: GROUPS }, (_, at) => {
    const group = app.groups.create({ ownerId: uid, type: 0, info: { name: `group${at}` } }, Date.now());
    const member = { joinedAt: Date.now(), admin: false, msgMuteMode: 0 };
    for (const { id } of peers) group.members.set(id, { userId: id, ...member });
    return group.id;
  });
  const conversations = [
    ...peers.map(({ id }) => ({ id, isGroup: false })),
    ...groups.map((id) => ({ id, isGroup: true })),
  ];
  let sent = 0;
  let written = 0;
  return {
    uid,
    conversations,
    nextSend() {
      const { id, isGroup } = conversations[sent % conversations.length]!;
      return { to: id, isGroup, text: textOf('user', id, ++sent) };
    },
    write() {
      const at = written % conversations.length;
      const { id, isGroup } = conversations[at]!;
      const peer: FlooClient = clients[at % PEERS]!;
      const content = textOf('peer', id, ++written);
      if (isGroup) peer.sysManage.sendGroupMessage({ gid: id, content });
      else peer.sysManage.sendRosterMessage({ uid, content });
      return content;
    },
    atServer: () =>
      new Map(
        conversations.map(({ id }) => {
          const { messages } = app.messages.page(app.historyView(uid, id), 0n, Infinity);
          return [id, messages.map(({ body }) => body.content ?? '').reverse()];
        }),
      ),
    dispose: async () => {
      await Promise.all(clients.map(async (client) => client.dispose()));
    },
  };
}
