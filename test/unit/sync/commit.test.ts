/** Any order of calls, pages, slow and failing commits, against a plain model of what an app sees. */
import { expect, test } from 'vitest';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { DELIVERY_STATUS } from '../../../src/model/message.ts';
import { openStore } from '../../../src/store/store.ts';
import type { Store } from '../../../src/store/store.ts';
import { applyPage, pageOf } from '../../../src/sync/apply.ts';
import { ClientMids } from '../../../src/sync/client-mid.ts';
import { Commands } from '../../../src/sync/commands.ts';
import { ConversationCommands } from '../../../src/sync/conversation-commands.ts';
import { ServerTime } from '../../../src/sync/server-time.ts';
import { fake } from '../../support/fakes.ts';
import { fc } from '../../support/property.ts';
import { turn } from '../store/slow-store.ts';
import { answered, chat, SELF } from './harness.ts';

const PEERS = ['200', '201'];
type Call =
  | { type: 'page'; peer: string; size: number }
  | { type: 'read' | 'touch' | 'delete' | 'send'; peer: string }
  | { type: 'readOne' | 'unread'; peer: string; which: number }
  | { type: 'draft'; peer: string; text: string };

/** A call with what was fixed when it was made. */
type Step = Call & { state: 'waiting' | 'stored' | 'failed'; ids: number[]; upTo: number; mid: string };

interface Chat {
  listed: boolean;
  draft: string;
  unread: number;
  messages: [id: string, status: number][];
  sending: string[];
}

/** The conversation as an app sees it after these steps. */
function model(steps: readonly Step[], peer: string): Chat {
  const chat: Chat = { listed: false, draft: '', unread: 0, messages: [], sending: [] };
  let clearedTo = 0;
  const mark = (status: number, wanted: (id: number) => boolean): void => {
    chat.messages = chat.messages.map(([id, old]) => [id, wanted(Number(id)) ? status : old]);
  };
  for (const step of steps) {
    if (step.peer !== peer || step.state === 'failed') continue;
    // A page is visible when it is stored, in its place before later calls. A call is visible at once.
    if (step.type === 'page' && step.state !== 'stored') continue;
    const { upTo, ids } = step;
    if (step.type === 'page') {
      const fresh = ids.filter((id) => id > clearedTo);
      chat.messages.push(...fresh.map((id): [string, number] => [String(id), DELIVERY_STATUS.unread]));
      if (fresh.length > 0) chat.listed = true;
    } else if (step.type === 'read') mark(DELIVERY_STATUS.read, (id) => id <= upTo);
    else if (step.type === 'readOne') mark(DELIVERY_STATUS.read, (id) => id === ids[0]);
    else if (step.type === 'unread') mark(DELIVERY_STATUS.unread, (id) => id === ids[0]);
    else if (step.type === 'touch') chat.listed = true;
    else if (step.type === 'draft') {
      chat.draft = step.text.trim() === '' ? '' : step.text;
      if (chat.draft !== '') chat.listed = true;
    } else if (step.type === 'send') {
      chat.sending.push(step.mid);
      chat.listed = true;
    } else {
      clearedTo = Math.max(clearedTo, upTo);
      chat.messages = chat.messages.filter(([id]) => Number(id) > upTo);
      if (chat.messages.length === 0) Object.assign(chat, { listed: false, draft: '' });
    }
  }
  chat.unread = chat.messages.filter(([, status]) => status !== DELIVERY_STATUS.read).length;
  return chat;
}

function seen({ reader }: Store, peer: string): Chat {
  const key = `r${peer}`;
  const record = reader.conversation(key);
  return {
    listed: record?.listed ?? false,
    draft: record?.draft ?? '',
    unread: record?.unread ?? 0,
    messages: reader.newestMessages(key).map(({ id, status }) => [id, status]),
    sending: reader
      .outbox()
      .filter(({ conversation, message }) => message && conversation === key)
      .map(({ mid }) => mid),
  };
}

const peer = fc.constantFrom(...PEERS);
const call = fc.oneof(
  fc.record({ type: fc.constant('page' as const), peer, size: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ type: fc.constantFrom('read' as const, 'touch' as const, 'delete' as const, 'send' as const), peer }),
  fc.record({ type: fc.constantFrom('readOne' as const, 'unread' as const), peer, which: fc.nat(5) }),
  fc.record({ type: fc.constant('draft' as const), peer, text: fc.constantFrom('', ' ', 'dear', 'hello') }),
);

test('getters show every change at once, and none that failed, whatever pages and slow or refused commits come between', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ call, pause: fc.integer({ min: 0, max: 2 }) }), { minLength: 1, maxLength: 24 }),
      fc.array(fc.record({ turns: fc.integer({ min: 0, max: 3 }), fails: fc.boolean() }), { maxLength: 12 }),
      async (calls, disk) => {
        const kv = await createMemoryKvProvider().open('user');
        let isOpen = false;
        let commits = 0;
        const store = await openStore({
          get: async (key) => kv.get(key),
          range: async (range) => kv.range(range),
          close: async () => kv.close(),
          commit: async (batch) => {
            const { turns, fails } = (isOpen ? disk[commits++] : undefined) ?? { turns: 0, fails: false };
            for (let left = turns; left > 0; left--) await turn();
            if (fails) throw new TypeError('not to be stored');
            await kv.commit(batch);
          },
        });
        for (const each of PEERS) await store.warm(`r${each}`);
        isOpen = true;

        const steps: Step[] = [];
        const settled: Promise<void>[] = [];
        const track = (step: Step, stored: Promise<unknown>): void => {
          const done = stored.then(
            () => void (step.state = 'stored'),
            () => void (step.state = 'failed'),
          );
          settled.push(done);
        };
        let current: Step | undefined;
        const tracked: Store = {
          ...store,
          change: (change, when) => {
            const result = store.change(change, when);
            track(current!, result.stored);
            return result;
          },
        };
        type Deps = ConstructorParameters<typeof ConversationCommands>[0];
        const outbox = fake<Deps['outbox']>({ admit: (entry) => entry, push: () => undefined });
        const mids = new ClientMids({ clock: systemClock, random: () => 0 });
        const time = new ServerTime(systemClock);
        const deps = { store: tracked, outbox, emitHere: () => undefined, clock: systemClock, time, mids, self: SELF };
        const commands = new Commands(
          fake<ConstructorParameters<typeof Commands>[0]>({ ...deps, maxMessageBytes: Infinity }),
        );
        const conversations = new ConversationCommands({ ...deps, deviceSN: () => 1 });
        let lastId = 0;

        const run = (step: Step): void => {
          const key = `r${step.peer}`;
          const id = String(step.ids[0] ?? 0);
          if (step.type === 'page') {
            const metas = step.ids.map((each) => chat({ id: each, from: step.peer }));
            const page = pageOf(step.peer, answered({ metas }));
            track(
              step,
              store.update((tx) => applyPage(tx, page, { self: SELF, clock: systemClock })),
            );
          } else if (step.type === 'read') void commands.markRead(key);
          else if (step.type === 'readOne') void commands.markRead(key, id);
          else if (step.type === 'unread') commands.markUnread(key, id);
          else if (step.type === 'touch') conversations.touch(key);
          else if (step.type === 'draft') conversations.saveDraft(key, step.text);
          else if (step.type === 'send') step.mid = commands.send(key, { content: 'x', type: 'text' });
          else conversations.remove([key], false);
        };
        const expectSeen = (opened: Store, what: string): void => {
          for (const each of PEERS) expect(seen(opened, each), what).toEqual(model(steps, each));
        };

        for (const { call: made, pause } of calls) {
          const visible = seen(store, made.peer);
          const upTo = Number(store.reader.conversation(`r${made.peer}`)?.newestId ?? 0);
          const size = made.type === 'page' ? made.size : 0;
          const named = 'which' in made ? visible.messages[made.which]?.[0] : undefined;
          if ('which' in made && named === undefined) continue;
          const ids = named === undefined ? Array.from({ length: size }, () => ++lastId) : [Number(named)];
          const step: Step = { ...made, state: 'waiting', ids, upTo, mid: '0' };
          steps.push(step);
          current = step;
          run(step);
          expectSeen(store, `after ${step.type}`);
          for (let left = pause; left > 0; left--) await turn();
          expectSeen(store, 'later');
        }
        await Promise.all(settled);
        await store.update(() => undefined).catch(() => undefined);
        expectSeen(store, 'at the end');
        const reopened = await openStore(kv);
        for (const each of PEERS) await reopened.warm(`r${each}`);
        expectSeen(reopened, 'in the next run');
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);
