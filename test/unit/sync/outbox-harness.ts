import type { Arrival } from '../../../src/model/message.ts';
import type { Clock, KvProvider } from '../../../src/platform/ports.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import type { OutboxEntry } from '../../../src/store/schema.ts';
import { applyPage, pageOf } from '../../../src/sync/apply.ts';
import { Numbering } from '../../../src/sync/numbering.ts';
import { Outbox } from '../../../src/sync/outbox.ts';
import { messageEntry } from '../../../src/sync/outgoing.ts';
import type { SyncEvent } from '../../../src/sync/sync-events.ts';
import { ServerTime } from '../../../src/sync/server-time.ts';
import type { IStatus, Meta, SyncDown } from '../../../src/wire/index.ts';
import { answered, chat, openTestStore, PEER, SELF, TIME } from './harness.ts';
import type { TestStore } from './harness.ts';

export const KEY = `r${PEER}`;
/** The serial of this device. */
export const DEVICE = 7;
export const EXPIRY_MS = 1_000_000;
export const DUPLICATED: IStatus = { code: 2, reason: 'client msg id duplicated' };

export interface OutboxHarness extends TestStore {
  outbox: Outbox;
  /** Client mids, in the order they were sent. */
  sent: string[];
  events: SyncEvent[];
  heard: string[];
  /** `<conversation> <before>` of each page of history that was asked for. */
  searched: string[];
  /** A page of history comes. @param next - where the history goes on; `'0'`: nowhere */
  history(metas: Meta[], next: string, isSearch?: boolean): Promise<void>;
  refuseSends(refuse: boolean): void;
  /** Stores rows and hands them to the outbox. */
  put(...entries: OutboxEntry[]): Promise<void>;
  /** Text messages to the peer with these client mids. */
  text(...mids: number[]): Promise<void>;
  answer(mid: number, answer?: SyncDown): Promise<void>;
}

export const textEntry = (mid: number, after = '0', conversation = KEY): OutboxEntry =>
  messageEntry(String(mid), conversation, { content: `text ${mid}`, type: 'text' }, SELF, TIME, after);
/** A message of ours as the server has it. */
export const ours = (id: number, content = 'text 1', deviceSN = 0): Meta => ({
  ...chat({ id, from: SELF, to: PEER, content }),
  from: { uid: SELF, deviceSN },
});

export async function createOutbox({
  online = true,
  provider,
  clock,
}: { online?: boolean; provider?: KvProvider; clock?: Clock } = {}): Promise<OutboxHarness> {
  const opened = await openTestStore(provider, clock);
  const { store } = opened;
  const sent: string[] = [];
  const events: SyncEvent[] = [];
  const heard: string[] = [];
  const searched: string[] = [];
  let refusing = false;
  const numbering = new Numbering({
    store,
    self: SELF,
    deviceSN: () => DEVICE,
    request: (queue, before) => searched.push(`${queue} ${before}`),
  });
  const outbox = new Outbox({
    store,
    clock: systemClock,
    time: new ServerTime(systemClock),
    write: () => undefined,
    self: SELF,
    send(mid) {
      if (refusing) return false;
      sent.push(mid);
      return true;
    },
    durability: { maySend: () => true },
    onUnanswered: () => heard.push('unanswered'),
    onUnnumbered: ({ message, mid }) => {
      if (message) numbering.search(PEER);
      else searched.push(`edit ${mid}`);
    },
    emit: (more) => events.push(...more),
    emitHere: (more) => events.push(...more),
    emitBatched: async (more) => void events.push(...more),
    beforeStored: () => undefined,
    answerTimeoutMs: 20_000,
    session: { patience: 1 },
    traffic: { requests: 0, answers: 0 },
    sendExpiryMs: EXPIRY_MS,
  });
  if (online) outbox.online();
  const put = async (...made: OutboxEntry[]): Promise<void> => {
    const entries = made.map((entry) => outbox.admit(entry));
    await store.update((tx) => {
      for (const entry of entries) tx.putOutbox(entry);
    });
    outbox.push(entries);
  };
  return {
    ...opened,
    outbox,
    sent,
    events,
    heard,
    searched,
    async history(given, next, isSearch = true) {
      const { metas } = pageOf(PEER, answered({ metas: given }));
      const isBeginning = next === '0';
      const page = {
        queue: PEER,
        metas,
        prevMid: '0',
        isLast: false,
        emit: 'new',
        history: { before: '0', isBeginning },
        arrivalOf: (): Arrival => 'history',
      } as const;
      const stored = await outbox.settle(async (tx) =>
        numbering.apply(
          tx,
          { queue: PEER, metas, isSearch, isBeginning },
          await applyPage(tx, page, { self: SELF, clock: systemClock }),
        ),
      );
      if (isSearch) outbox.push(numbering.stepped(PEER, next, stored));
    },
    refuseSends: (refuse) => (refusing = refuse),
    put,
    text: async (...mids) => put(...mids.map((mid) => textEntry(mid))),
    async answer(mid, answer = {}) {
      const down: SyncDown = {
        status: { code: 1 },
        client_mid: String(mid),
        server_mid: String(mid + 1000),
        ...answer,
      };
      await outbox.handleAnswer(answered(down));
    },
  };
}

export const rows = ({ store }: OutboxHarness): string[] =>
  store.reader.outbox().map(({ mid, state }) => `${mid} ${state}`);
