// The client that is measured, in Node or in a page. It keeps nothing itself: what happens is taken by the parent again and again.
import type { ClientOptions, FlooClient } from '../../src/entries/node.ts';

/** A message to send. */
export interface Send {
  /** User or group id. */
  to: number;
  isGroup: boolean;
  text: string;
}

export type Happened =
  /** A message event; the user's own messages have one, too. */
  | { type: 'message'; conversation: number; text: string; id: string }
  | { type: 'sent'; text: string }
  | { type: 'failed'; text: string; reason: string }
  | { type: 'online' }
  | { type: 'lost' }
  /** What the client must not say in a soak. */
  | { type: 'problem'; text: string };

/** What the parent calls by name. Arguments and results are JSON. */
export interface SoakClient {
  logIn(options: ClientOptions, name: string, password: string): Promise<void>;
  send(sends: readonly Send[]): void;
  /** Marks a conversation read. */
  read(conversation: number, isGroup: boolean): void;
  /** What happened since the last call. */
  take(): Happened[];
  isOnline(): boolean;
  /** Every message of a conversation, the oldest first, a page after another. */
  texts(conversation: number, isGroup: boolean): Promise<string[]>;
  unread(): number;
  dispose(): Promise<void>;
}

const PAGE = 50;

export function createSoakClient(createClient: (options: ClientOptions) => FlooClient): SoakClient {
  let happened: Happened[] = [];
  let isOnline = false;
  let client: FlooClient | undefined;
  const im = (): FlooClient => client!;

  function listen(made: FlooClient): void {
    made.on({
      onRosterMessage: ({ from, to, content, id }) => {
        const self = String(made.userManage.getUid());
        happened.push({ type: 'message', conversation: Number(from === self ? to : from), text: content, id });
      },
      onGroupMessage: ({ to, content, id }) =>
        happened.push({ type: 'message', conversation: Number(to), text: content, id }),
      onSendingMessageStatusChanged: ({ status, message, errorReason = '' }) => {
        const text = message?.content ?? '';
        if (status === 'sent') happened.push({ type: 'sent', text });
        if (status === 'failed') happened.push({ type: 'failed', text, reason: errorReason });
      },
      loginSuccess: () => {
        isOnline = true;
        happened.push({ type: 'online' });
      },
      disconnected: () => {
        isOnline = false;
        happened.push({ type: 'lost' });
      },
      storageDegraded: ({ message }) => happened.push({ type: 'problem', text: `storage degraded: ${message}` }),
      storageTrimmed: () => happened.push({ type: 'problem', text: 'storage trimmed' }),
    });
  }

  return {
    async logIn(options, name, password) {
      client = createClient(options);
      listen(client);
      await client.login({ name, password });
    },
    send(sends) {
      for (const { to, isGroup, text } of sends) {
        if (isGroup) im().sysManage.sendGroupMessage({ gid: to, content: text });
        else im().sysManage.sendRosterMessage({ uid: to, content: text });
      }
    },
    read(conversation, isGroup) {
      if (isGroup) im().groupManage.readGroupMessage(conversation);
      else im().rosterManage.readRosterMessage(conversation);
    },
    take() {
      const taken = happened;
      happened = [];
      return taken;
    },
    isOnline: () => isOnline,
    async texts(conversation, isGroup) {
      const found: string[] = [];
      for (let before: string | number = '0'; ;) {
        const { messages } = await im().sysManage.getMessages({
          id: conversation,
          type: isGroup ? 'group' : 'roster',
          before,
          limit: PAGE,
        });
        found.unshift(...messages.map(({ content }) => content));
        if (messages.length < PAGE) return found;
        before = messages[0]!.id;
      }
    },
    unread: () =>
      im()
        .userManage.getConversationList()
        .reduce((sum, { unread }) => sum + unread, 0),
    dispose: async () => im().dispose(),
  };
}
