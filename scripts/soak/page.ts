// The client in a page.
import { openTimers } from './watch.ts';
import { createClient } from '../../src/entries/browser.ts';
import { createSoakClient } from './soak-client.ts';
import type { SoakClient } from './soak-client.ts';

/** What the page offers beside the client. */
export interface SoakPage extends SoakClient {
  timers(): number;
  /** WebSockets that are not closed. */
  sockets(): number;
}

/** Sockets that were made and are not closed. */
const sockets = new Set<WebSocket>();

globalThis.WebSocket = class extends WebSocket {
  constructor(...given: ConstructorParameters<typeof WebSocket>) {
    super(...given);
    sockets.add(this);
    this.addEventListener('close', () => sockets.delete(this));
  }
};

const page: SoakPage = { ...createSoakClient(createClient), timers: openTimers, sockets: () => sockets.size };
Object.assign(globalThis, { soak: page });
