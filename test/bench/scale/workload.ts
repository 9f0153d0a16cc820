// What is measured on a device: in a page, in Node and in a mini-program.
import type { ClientOptions, FlooClient } from '../../../src/entries/node.ts';
import type { KvProvider } from '../../../src/platform/ports.ts';
import type { openStore as OpenStore } from '../../../src/store/store.ts';
import { APP_ID, databaseOf, median, timed } from '../data/page/world.ts';
import type { Person } from '../data/page/messaging.ts';
import { createRandom } from '../data/page/texts.ts';
import { conversationKey, KEYS, prefixRange, segmentRange } from '../../../src/store/schema.ts';
import type { ConversationKey } from '../../../src/store/schema.ts';
import { messageIn, peerIn, seed } from './seed.ts';
import type { Shape } from './seed.ts';

/** The parts of a build of this SDK on one platform. */
export interface Build {
  readonly kv: KvProvider;
  readonly openStore: typeof OpenStore;
  createClient(options: ClientOptions): FlooClient;
}

export interface Opening {
  /** Until the newest conversations are readable, with their messages. */
  ms: number;
  /** Until all conversations are. */
  allMs: number;
}

export interface Search {
  ms: number;
  hits: number;
}

/** What the database alone takes for the least that a figure needs, in ms. */
export interface Limits {
  /** Opening it, and reading a segment of each conversation of the first screen. */
  open: number;
  /** The two segments of a page, in one read. */
  page: number;
  /** One commit of two records. */
  commit: number;
  /** The segments of all hits, if each is in another one. */
  hits: number;
}

/** What an app shows first. */
const SCREEN = 20;
const PAGE = 50;
const HITS = 50;
const ROUNDS = 50;

export interface Workload {
  seed(shape: Shape): Promise<void>;
  /** Opens the store of a device, and closes it again. */
  open(shape: Shape): Promise<Opening>;
  limits(shape: Shape): Promise<Limits>;
  logIn(person: Person): Promise<void>;
  /** Pages of messages of random conversations, from random places, in ms. */
  pages(shape: Shape, count: number): Promise<number[]>;
  /** One message after the other's `sent`, to users of the server, in ms. */
  sends(shape: Shape, count: number): Promise<number[]>;
  /** When each live message came, by its text: ms since 1970. */
  received(): Record<string, number>;
  search(text: string): Promise<Search>;
  logOut(): Promise<void>;
}

export function createWorkload(build: Build): Workload {
  let client: FlooClient | undefined;
  const came: Record<string, number> = {};
  return {
    seed: async (shape) => {
      const name = databaseOf(shape.self);
      await build.kv.drop(name);
      const kv = await build.kv.open(name);
      await seed(kv, shape);
      await kv.close();
    },
    open: async ({ self, conversations }) => {
      const start = performance.now();
      const store = await build.openStore(await build.kv.open(databaseOf(self)));
      const list = store.reader.conversations().sort(([, a], [, b]) => (a.newestId < b.newestId ? 1 : -1));
      const shown = list.slice(0, SCREEN).filter(([key]) => store.reader.newestMessages(key).length > 0);
      const ms = performance.now() - start;
      if (shown.length < SCREEN) throw new Error(`${shown.length} conversations are readable`);
      // Builds that read everything before the opening ends have no such promise.
      await (store as Partial<Pick<typeof store, 'loaded'>>).loaded;
      const loaded = store.reader.conversations().length;
      if (loaded !== conversations) throw new Error(`${loaded} of ${conversations} conversations are loaded`);
      const allMs = performance.now() - start;
      await store.close();
      return { ms, allMs };
    },
    limits: async (shape) => {
      const random = createRandom(1);
      const keyOf = (conversation: number): ConversationKey => conversationKey('roster', peerIn(shape, conversation));
      const firstOf = (conversation: number): string => KEYS.segment(keyOf(conversation), '0');
      const anywhere = (): number => Math.floor(random() * shape.conversations);
      const name = databaseOf(shape.self);
      const start = performance.now();
      const kv = await build.kv.open(name);
      await Promise.all(Array.from({ length: SCREEN }, async (_, conversation) => kv.get(firstOf(conversation))));
      const open = performance.now() - start;
      const value = String(await kv.get(firstOf(0)));
      const page: number[] = [];
      const commit: number[] = [];
      const hits: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        page.push(await timed(async () => kv.range({ ...segmentRange(keyOf(anywhere())), limit: 2 })));
        hits.push(
          await timed(async () => Promise.all(Array.from({ length: HITS }, async () => kv.get(firstOf(anywhere()))))),
        );
        commit.push(
          await timed(async () =>
            kv.commit([
              { op: 'put', key: 'limits/1', value },
              { op: 'put', key: 'limits/2', value: value.slice(0, 4000) },
            ]),
          ),
        );
      }
      await kv.commit([{ op: 'deleteRange', ...prefixRange('limits/') }]);
      await kv.close();
      return { open, page: median(page), commit: median(commit), hits: median(hits) };
    },
    logIn: async ({ name, password, dnsServer }) => {
      client = build.createClient({ appid: APP_ID, dnsServer, autoLogin: false, logLevel: 'error' });
      client.on('onRosterMessage', ({ content }) => {
        came[content] = performance.timeOrigin + performance.now();
      });
      await client.login({ name, password });
    },
    pages: async (shape, count) => {
      const random = createRandom(1);
      const below = (limit: number): number => Math.floor(random() * limit);
      const times: number[] = [];
      for (let page = 0; page < count; page++) {
        const conversation = below(shape.conversations);
        const before = messageIn(shape, conversation, below(shape.each - 1) + 1);
        const query = { id: peerIn(shape, conversation), type: 'roster', before, limit: PAGE } as const;
        times.push(await timed(async () => client!.sysManage.getMessages(query)));
      }
      return times;
    },
    sends: async ({ peers }, count) => {
      const times: number[] = [];
      for (let message = 0; message < count; message++) {
        const sent = new Promise<void>((resolve) => {
          const off = client!.on('onSendingMessageStatusChanged', ({ status }) => {
            if (status === 'sending') return;
            off();
            resolve();
          });
        });
        const uid = Number(peers[message % peers.length]);
        times.push(
          await timed(async () => {
            client!.sysManage.sendRosterMessage({ uid, content: `sent ${message}` });
            await sent;
          }),
        );
      }
      return times;
    },
    received: () => came,
    search: async (text) => {
      const start = performance.now();
      const hits = await client!.sysManage.searchMessages(text, { limit: HITS });
      return { ms: performance.now() - start, hits: hits.length };
    },
    logOut: async () => client?.dispose(),
  };
}
