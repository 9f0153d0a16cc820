// One tab: a client that is called from outside, and the record of its events.
import { createClient } from '../../src/entries/browser.ts';
import type { ClientOptions, FlooClient } from '../../src/entries/browser.ts';

/** An event of the tab's client, or of its sockets. `at` is in ms since 1970, which is the same in all tabs and here. */
export type Happened = { at: number } & (
  | { type: 'message'; text: string; id: string }
  | { type: 'sending' | 'sent'; text: string; mid: number }
  | { type: 'failed'; text: string; reason: string }
  | { type: 'connected' | 'disconnected' | 'socket opened' | 'logout' }
  | { type: 'problem'; text: string }
);

/** What one tab shows. */
export interface View {
  /** The list of conversations, as JSON. */
  list: string;
  unread: number;
  /** The texts of the getter for the newest messages. */
  newest: string[];
  /** The texts of all pages, the oldest first. */
  pages: string[];
}

/** What the parent calls by name. Arguments and results are JSON. */
export interface Tab {
  /** Creates the client and waits until somebody is logged in: by the stored session, or by this password. */
  start(options: ClientOptions, name: string, password: string, peer: number): Promise<Started>;
  send(texts: readonly string[]): void;
  /** Sends a message with a file of this size. */
  sendFile(text: string, bytes: number): void;
  read(): void;
  /** What happened since the last call. */
  take(): Happened[];
  /** Whether this tab has the socket. */
  leads(): boolean;
  view(): Promise<View>;
  /** Keeps the page from doing anything else. */
  hang(forMs: number): void;
}

export interface Started {
  /** From the creation of the client until the list of conversations was not empty, in ms. */
  listMs: number;
  /** Sockets that were opened until then. */
  sockets: number;
  byPassword: boolean;
}

const PAGE = 50;

let happened: Happened[] = [];
let client: FlooClient | undefined;
let peer = 0;
const sockets = new Set<WebSocket>();
let opened = 0;
const im = (): FlooClient => client!;

type Unstamped = Happened extends infer Each ? (Each extends Happened ? Omit<Each, 'at'> : never) : never;
const note = (event: Unstamped): void => void happened.push({ ...event, at: Date.now() });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

globalThis.WebSocket = class extends WebSocket {
  constructor(...given: ConstructorParameters<typeof WebSocket>) {
    super(...given);
    opened++;
    sockets.add(this);
    note({ type: 'socket opened' });
    this.addEventListener('close', () => sockets.delete(this));
  }
};

function listen(made: FlooClient): void {
  made.on({
    onRosterMessage: ({ content, id }) => note({ type: 'message', text: content, id }),
    onSendingMessageStatusChanged: ({ status, mid, message, errorReason = '' }) => {
      const text = message?.content ?? '';
      if (status === 'failed') note({ type: 'failed', text, reason: errorReason });
      else note({ type: status, text, mid });
    },
    loginSuccess: () => note({ type: 'connected' }),
    disconnected: () => note({ type: 'disconnected' }),
    logout: () => note({ type: 'logout' }),
    flooError: ({ category, desc }) => note({ type: 'problem', text: `${category} ${desc}` }),
    flooNotice: (notice) => {
      if (notice.category === 'action') note({ type: 'problem', text: `${notice.category} ${notice.desc}` });
    },
    storageDegraded: ({ message }) => note({ type: 'problem', text: `storage degraded: ${message}` }),
  });
}

const tab: Tab = {
  async start(options, name, password, other) {
    peer = other;
    const begun = performance.now();
    client = createClient(options);
    listen(client);
    let listMs = 0;
    const look = (): void => {
      if (listMs === 0 && im().userManage.getConversationList().length > 0) listMs = performance.now() - begun;
    };
    client.on('recentlistUpdate', look);
    look();
    while (!client.isReady()) await pause(5);
    const socketsUntilReady = opened;
    const byPassword = !client.isLogin();
    if (byPassword) await client.login({ name, password });
    return { listMs, sockets: socketsUntilReady, byPassword };
  },
  send: (texts) => texts.forEach((content) => im().sysManage.sendRosterMessage({ uid: peer, content })),
  sendFile: (content, bytes) =>
    im().sysManage.sendRosterMessage({
      uid: peer,
      type: 'file',
      content,
      file: new File([new Uint8Array(bytes)], `${content}.bin`),
    }),
  read: () => im().rosterManage.readRosterMessage(peer),
  take() {
    const taken = happened;
    happened = [];
    return taken;
  },
  leads: () => [...sockets].some(({ readyState }) => readyState === WebSocket.OPEN),
  async view() {
    const { userManage, rosterManage, sysManage } = im();
    const pages: string[] = [];
    for (let before: string | number = '0'; ;) {
      const { messages } = await sysManage.getMessages({ id: peer, type: 'roster', before, limit: PAGE });
      pages.unshift(...messages.map(({ content }) => content));
      if (messages.length < PAGE) break;
      before = messages[0]!.id;
    }
    const list = userManage.getConversationList();
    return {
      list: JSON.stringify(list),
      unread: list.reduce((sum, { unread }) => sum + unread, 0),
      newest: rosterManage.getRosterMessageByRid(peer).map(({ content }) => content),
      pages,
    };
  },
  hang(forMs) {
    const end = performance.now() + forMs;
    while (performance.now() < end);
  },
};
Object.assign(globalThis, { tab });
