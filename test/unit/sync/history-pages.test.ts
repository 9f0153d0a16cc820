import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { messageEntry } from '../../../src/sync/outgoing.ts';
import type { Meta, SyncDown } from '../../../src/wire/index.ts';
import { create, KEY, page, text } from './engine-harness.ts';
import type { Harness } from './engine-harness.ts';
import { chat, PEER, SELF, TIME } from './harness.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a message that the history shows while the server has it to deliver', () => {
  const arrivals = ({ events }: Harness): (string | undefined)[] =>
    events.flatMap((event) =>
      event.type === 'message' && event.message.from === PEER ? [`${event.message.id} ${event.arrival}`] : [],
    );
  const history = (metas: Meta[]): SyncDown => ({ ...page(metas), is_full_sync: true });

  /** A client whose search for a server id is under way when its session begins. */
  async function searching(): Promise<Harness> {
    const harness = await create({ online: false });
    const row = messageEntry('7', KEY, text(), SELF, TIME, '1');
    await harness.store.update((tx) => tx.putOutbox({ ...row, state: 'unnumbered' }));
    harness.setOnline(true);
    return harness;
  }

  test('is emitted once, as what it is, when the page of history comes before the unread list', async () => {
    const harness = await searching();
    await harness.sync(history([chat({ id: 11 })]));
    expect(arrivals(harness)).toEqual([]);
    await harness.unread({ unread: [{ xid: { uid: PEER }, n: 1, type: 1 }] });
    await harness.sync(page([chat({ id: 11 })], '50'));
    await harness.sync(page([]));
    expect(arrivals(harness)).toEqual(['11 waiting']);
  });

  test('is emitted once when the page of history comes during the sync', async () => {
    const harness = await searching();
    await harness.unread({ unread: [{ xid: { uid: PEER }, n: 2, type: 1 }] });
    await harness.sync(page([chat({ id: 11 })], '50'));
    await harness.sync(history([chat({ id: 11 }), chat({ id: 12 })]));
    await harness.sync(page([chat({ id: 12 })], '60'));
    await harness.sync(page([]));
    expect(arrivals(harness)).toEqual(['11 waiting', '12 waiting']);
  });

  test('is emitted as history when the sync did not bring it', async () => {
    const harness = await searching();
    await harness.sync(history([chat({ id: 11 })]));
    await harness.unread({});
    expect(arrivals(harness)).toEqual(['11 history']);
  });
});
