// What runs in the page, called from Node by name.
import { backfill, backfillPlain, dropPages, preparePages } from './backfill.ts';
import { clock, endLive, listenLive, receiveQueued, sendBurst, sendOneByOne } from './messaging.ts';
import { openOurs, openPlainLayout, seedConversations } from './opening.ts';

const bench = {
  backfill,
  backfillPlain,
  clock,
  dropPages,
  endLive,
  listenLive,
  openOurs,
  openPlainLayout,
  preparePages,
  receiveQueued,
  seedConversations,
  sendBurst,
  sendOneByOne,
};

export type Bench = typeof bench;
Object.assign(window, { bench });
