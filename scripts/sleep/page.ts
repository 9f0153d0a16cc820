// Runs in the page; Node calls its functions by name.
import { createClient } from '../../src/entries/browser.ts';
import { createSleepingClient } from './sleeper.ts';

const sleeper = createSleepingClient(createClient);
/** Lives as long as the document: a page that comes back from the back-forward cache still has it. */
const bornAt = performance.timeOrigin;
Object.assign(globalThis, { sleeper, bornAt });
