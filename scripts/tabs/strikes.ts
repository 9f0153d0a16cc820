// The ways in which a leading tab goes.
import type { Seat } from './seat.ts';

export interface Strike {
  readonly name: string;
  /** From when its promise resolves on, the tab does nothing. */
  hit(seat: Seat): unknown;
  /** Lets a tab that was only suspended go on; absent: it is gone. */
  revive?(seat: Seat): unknown;
}

const HANG_MS = 5000;

/** A command whose answer does not come, because its page goes. */
const command = (seat: Seat, method: string, params?: object): void =>
  void seat.page.send(method, params).catch(() => undefined);

export const STRIKES: readonly Strike[] = [
  { name: 'closed', hit: (seat) => seat.page.close() },
  { name: 'crashed', hit: (seat) => command(seat, 'Page.crash') },
  {
    name: 'frozen',
    hit: (seat) => seat.page.send('Page.setWebLifecycleState', { state: 'frozen' }),
    revive: (seat) => seat.page.send('Page.setWebLifecycleState', { state: 'active' }),
  },
  { name: 'killed', hit: (seat) => process.kill(seat.pid!, 'SIGKILL') },
  {
    name: 'stopped',
    hit: (seat) => process.kill(seat.pid!, 'SIGSTOP'),
    revive: (seat) => process.kill(seat.pid!, 'SIGCONT'),
  },
  { name: 'left', hit: (seat) => seat.page.send('Page.navigate', { url: 'about:blank' }) },
  {
    name: 'hung',
    hit: (seat) => void seat.page.evaluate(`tab.hang(${HANG_MS})`).catch(() => undefined),
    // The next call waits for the end of it.
    revive: (seat) => seat.page.evaluate('1'),
  },
];
