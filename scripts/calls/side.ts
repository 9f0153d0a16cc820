import type { Page } from 'playwright';
import type { PageWorld } from '../../test/integration/rtc/page-world.ts';

/** A page that calls and is called. */
export interface Side {
  readonly page: Page;
  readonly uid: string;
  /** The state of its call; undefined when there is none. */
  state(): Promise<string | undefined>;
  /** Bytes in use, after what is garbage was collected. */
  heap(): Promise<number>;
}

/** Opens a page in a browser context of its own, for a new user. */
export async function openSide(world: PageWorld, name: string): Promise<Side> {
  const uid = world.addUser(name);
  const page = await world.open(name);
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('HeapProfiler.enable');
  return {
    page,
    uid,
    state: async () => page.evaluate(() => window.callPage.current()?.state),
    heap: async () => {
      // Twice: what the first one finalizes is garbage for the second.
      for (let time = 0; time < 2; time++) await devTools.send('HeapProfiler.collectGarbage');
      const { usedSize } = await devTools.send('Runtime.getHeapUsage');
      return usedSize;
    },
  };
}
