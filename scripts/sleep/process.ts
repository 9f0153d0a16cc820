// A process with one client, which its parent stops and continues.
import { createClient } from '../../src/entries/node.ts';
import type { Login } from './place.ts';
import { createSleepingClient } from './sleeper.ts';

/** A call of the parent; it is answered with the number. */
export type Call = { nr: number; login: Login } | { nr: number; content: string };

const sleeper = createSleepingClient(createClient);
process.on('message', (call: Call) => {
  const done = 'login' in call ? sleeper.logIn(call.login) : sleeper.synced(call.content);
  void done.then(() => process.send!(call.nr));
});
