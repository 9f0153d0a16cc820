import { systemClock } from '../../../../src/platform/web-api/system.ts';
import { openStore } from '../../../../src/store/store.ts';
import { applyPage } from '../../../../src/sync/apply.ts';
import type { Page } from '../../../../src/sync/apply.ts';
import type { ReceivedMeta } from '../../../../src/sync/message-mapper.ts';
import type { MessageMeta } from '../../../../src/wire/frame-types.ts';
import { createPlain, putPlainPage } from './plain-layout.ts';
import { createKv, databaseOf, deliveredPage, PAGE_MESSAGES, pageOf, peerOf, SELF, streamed, timed } from './world.ts';

/** Pages that came and are not stored yet. */
const PAGES_AT_ONCE = 32;

export const PLAIN_ONE = 'plain-one-conversation';
export const ONE_PEER = peerOf(0);

let pages: ReceivedMeta[][] = [];

/** Decodes the pages once, so that the measurement begins after the codec. */
export function preparePages(messages: number): void {
  pages = Array.from({ length: messages / PAGE_MESSAGES }, (_, page) => pageOf(ONE_PEER, page * PAGE_MESSAGES));
}

/** Stores the pages of one conversation as sync does, or as history does: from the newest page back. @returns ms. */
export async function backfill(isHistory: boolean): Promise<number> {
  const kv = await createKv(databaseOf(SELF));
  const store = await openStore(kv);
  const order = isHistory ? historyPages() : deliveredPages();
  const tasks = order.map(
    (page) => async () => store.update(async (tx) => applyPage(tx, page, { self: SELF, clock: systemClock })),
  );
  const ms = await timed(async () => streamed(tasks, PAGES_AT_ONCE));
  await store.close();
  return ms;
}

export async function backfillPlain(): Promise<number> {
  const db = await createPlain(PLAIN_ONE);
  const tasks = pages.map((metas) => async () => putPlainPage(db, ONE_PEER, metas as MessageMeta[]));
  const ms = await timed(async () => streamed(tasks, PAGES_AT_ONCE));
  db.close();
  return ms;
}

const deliveredPages = (): Page[] =>
  pages.map((metas, at) => deliveredPage(ONE_PEER, metas, pages[at - 1]?.[PAGE_MESSAGES - 1]?.id ?? '0'));

/** Requests page by page: each from the oldest message of the page before. */
const historyPages = (): Page[] =>
  pages
    .map((metas, at): Page => ({
      queue: ONE_PEER,
      metas,
      history: { before: pages[at + 1]?.[0]?.id ?? '0', isBeginning: at === 0 },
      emit: 'new',
      prevMid: '0',
      arrivalOf: () => 'history',
      isLast: false,
    }))
    .reverse();
