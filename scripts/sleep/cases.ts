// The ways in which a client is away, and the moment from which on it could be back.
import type { NodeSleeper } from './node-sleeper.ts';
import type { PageSleeper } from './page-sleeper.ts';
import type { Place } from './place.ts';

/** One way to be away. */
export interface Case<Kind> {
  readonly name: string;
  /**
   * Goes and comes back. A message is sent to the sleeper after `away` was called.
   *
   * @returns when it was possible to be back, in ms of `performance.now()`, and what is worth noting
   */
  run(place: Place, sleeper: Kind, away: () => Promise<void>): Promise<{ possibleAt: number; note?: string }>;
}

/** The network of a laptop is there some time after it was opened. */
const NETWORK_MS = 2000;
/** A portal is there until the user has logged in. */
const PORTAL_MS = 12_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const stopped = (name: string, meanwhile: (place: Place) => void): Case<NodeSleeper> => ({
  name,
  async run(place, sleeper, away) {
    sleeper.stop();
    meanwhile(place);
    await away();
    const possibleAt = performance.now();
    sleeper.continue();
    return { possibleAt };
  },
});

export const NODE_CASES: readonly Case<NodeSleeper>[] = [
  stopped('stopped, the socket survives', () => undefined),
  stopped('stopped, the network forgot the socket', ({ network }) => network.forget()),
  stopped('stopped, the server closed the socket', ({ network }) => network.cut()),
  {
    name: 'stopped, the network is back 2 s later',
    async run({ network }, sleeper, away) {
      sleeper.stop();
      network.leave();
      await away();
      sleeper.continue();
      await sleep(NETWORK_MS);
      network.comeBack();
      return { possibleAt: performance.now() };
    },
  },
  {
    name: 'a portal answers with its page for 12 s',
    async run({ network }, _sleeper, away) {
      network.capture(true);
      await away();
      await sleep(PORTAL_MS);
      network.capture(false);
      return { possibleAt: performance.now() };
    },
  },
];

const inPage = (
  name: string,
  go: (place: Place, page: PageSleeper) => Promise<void>,
  comeBack: (place: Place, page: PageSleeper) => Promise<string | undefined>,
): Case<PageSleeper> => ({
  name,
  async run(place, page, away) {
    await go(place, page);
    await away();
    const possibleAt = performance.now();
    const note = await comeBack(place, page);
    return { possibleAt, ...(note !== undefined && { note }) };
  },
});

/** Nothing is worth noting. */
const silent = async (done: Promise<void>): Promise<undefined> => done.then(() => undefined);

export const PAGE_CASES: readonly Case<PageSleeper>[] = [
  inPage(
    'frozen and resumed',
    async (_place, page) => page.freeze(true),
    async (_place, page) => silent(page.freeze(false)),
  ),
  inPage(
    'offline and online',
    async ({ network }, page) => {
      await page.offline(true);
      network.leave();
    },
    async ({ network }, page) => {
      network.comeBack();
      return silent(page.offline(false));
    },
  ),
  inPage(
    'another network under the socket',
    async ({ network }, page) => {
      await page.offline(true);
      network.forget();
    },
    async (_place, page) => silent(page.offline(false)),
  ),
  inPage(
    'hidden, the network forgot the socket',
    async ({ network }, page) => {
      await page.hide();
      network.forget();
    },
    async (_place, page) => silent(page.show()),
  ),
  inPage(
    'left and back',
    async (_place, page) => page.leave(),
    async (_place, page) => ((await page.comeBack()) ? 'from the back-forward cache' : 'loaded again'),
  ),
  inPage(
    'discarded and loaded again',
    async ({ network }) => network.leave(),
    async ({ network }, page) => {
      network.comeBack();
      return silent(page.reload());
    },
  ),
];
