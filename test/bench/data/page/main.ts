// Runs in the page; Node calls its functions by name.
import { backfill, backfillPlain, preparePages } from './backfill.ts';
import { clock, endLive, listenLive, receiveQueued, sendBurst, sendOneByOne } from './messaging.ts';
import { countAll, readPages, readPlainPages, search, searchPlain } from './reading.ts';
import { openOurs, openPlainLayout, seedConversations } from './opening.ts';

const bench = {
  backfill,
  backfillPlain,
  clock,
  countAll,
  endLive,
  listenLive,
  openOurs,
  openPlainLayout,
  preparePages,
  readPages,
  readPlainPages,
  receiveQueued,
  search,
  searchPlain,
  seedConversations,
  sendBurst,
  sendOneByOne,
};

export type Bench = typeof bench;
Object.assign(window, { bench });
