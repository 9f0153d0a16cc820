import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { messageEntry } from '../../../src/sync/outgoing.ts';
import { fc } from '../../support/property.ts';
import { SELF, TIME, emitted } from './harness.ts';
import { createOutbox, DUPLICATED, KEY, ours, rows } from './outbox-harness.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A server that takes each client mid once, and keeps the messages. */
interface Server {
  /** By client mid; ids ascend. */
  ids: Map<string, number>;
  content: Map<string, string>;
}

test('each message is stored once, and emitted once in a run, wherever runs and sockets end', async () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('send' as const), content: fc.constantFrom('same', 'other') }),
    },
    { weight: 6, arbitrary: fc.constantFrom({ do: 'answer' as const }, { do: 'receive' as const }) },
    { weight: 3, arbitrary: fc.constantFrom({ do: 'crash' as const }, { do: 'reconnect' as const }) },
    { weight: 2, arbitrary: fc.constantFrom({ do: 'push' as const }, { do: 'wait' as const }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const provider = createMemoryKvProvider();
      const server: Server = { ids: new Map(), content: new Map() };
      let harness = await createOutbox({ provider, clock: systemClock });
      let [handled, made, lastId] = [0, 0, 1000];
      /** The server hears this socket, which does not hear it: answers come in order, or not at all. */
      let isDeaf = false;
      /** Mids that were emitted as sent, in this run and in all runs. */
      const emittedSent: string[] = [];
      const endRun = (): void => {
        const events = emitted(harness.events);
        expect(new Set(events.filter((word) => !['list', 'unread'].includes(word))).size, events.join()).toBe(
          events.filter((word) => !['list', 'unread'].includes(word)).length,
        );
        emittedSent.push(...events.flatMap((word) => /^sent (\d+) as/.exec(word)?.[1] ?? []));
        // The pending work of this run is lost.
        vi.clearAllTimers();
      };
      const connect = async (): Promise<void> => {
        handled = harness.sent.length;
        isDeaf = false;
        harness.outbox.online();
        await vi.advanceTimersByTimeAsync(0);
      };
      /** The next frame reaches the server. */
      const receive = (): { mid: string; isNew: boolean } | undefined => {
        const mid = harness.sent[handled];
        if (mid === undefined) return undefined;
        handled++;
        const isNew = !server.ids.has(mid);
        if (isNew) server.ids.set(mid, ++lastId);
        return { mid, isNew };
      };
      const answer = async (): Promise<boolean> => {
        const frame = receive();
        if (!frame || isDeaf) return false;
        const id = String(server.ids.get(frame.mid));
        const prev_mid = String(server.ids.get(frame.mid)! - 1);
        const down = frame.isNew ? { server_mid: id, prev_mid } : { status: DUPLICATED, server_mid: '0' };
        await harness.answer(Number(frame.mid), down);
        return true;
      };
      const page = () => [...server.ids].map(([mid, id]) => ours(id, server.content.get(mid)));
      for (const next of steps) {
        if (next.do === 'send') {
          const mid = String(++made);
          server.content.set(mid, next.content);
          const after = harness.store.reader.conversation(KEY)?.newestId ?? '0';
          await harness.put(messageEntry(mid, KEY, { content: next.content, type: 'text' }, SELF, TIME, after));
        } else if (next.do === 'answer') await answer();
        else if (next.do === 'receive') isDeaf = receive() !== undefined || isDeaf;
        else if (next.do === 'wait') await vi.advanceTimersByTimeAsync(10);
        else if (next.do === 'push') await harness.apply(page());
        else if (next.do === 'reconnect') {
          harness.outbox.offline();
          await connect();
        } else {
          endRun();
          harness = await createOutbox({ provider, online: false, clock: systemClock });
          await connect();
        }
      }
      harness.outbox.offline();
      await connect();
      while (await answer());
      // Rows that arrived when a search was under way are searched for by the next one.
      do await harness.history(page(), '0');
      while (rows(harness).length > 0);
      expect(rows(harness)).toEqual([]);
      const mids = Array.from({ length: made }, (_, at) => String(at + 1));
      expect([...server.ids.keys()]).toEqual(mids);
      // Which of two that look the same got which id makes no difference.
      const expected = mids.map((mid) => ({ id: String(server.ids.get(mid)), content: server.content.get(mid)! }));
      const messages = harness.store.reader.newestMessages(KEY);
      expect(messages).toMatchObject(expected);
      expect(
        messages
          .map(({ clientMid }) => Number(clientMid))
          .sort((a, b) => a - b)
          .map(String),
      ).toEqual(mids);
      endRun();
      expect(new Set(emittedSent).size).toBe(made);
      expect(await harness.store.query.before(KEY, '9999', 100)).toMatchObject(expected);
      const later = await createOutbox({ provider });
      expect(rows(later)).toEqual([]);
      expect(later.store.reader.newestMessages(KEY)).toMatchObject(expected);
    }),
  );
}, 60_000);
