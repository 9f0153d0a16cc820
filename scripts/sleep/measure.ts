// Runs a case: a client that is logged in goes away, gets a message meanwhile, and comes back.
import type { Case } from './cases.ts';
import { createPlace } from './place.ts';
import type { Login, Sleeper } from './place.ts';

export interface Measured {
  readonly name: string;
  readonly transport: Login['transport'];
  /** From the moment when it was possible until the session is live and has the message. */
  readonly ms: number;
  readonly note?: string;
}

interface MeasureOptions {
  transport: Login['transport'];
  /** How long the client is away. */
  awayMs: number;
  /** After this time it counts as lost. */
  timeoutMs: number;
}

const SETTLE_MS = 300;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** @throws Error when the client is not back in time */
export async function measure<Kind extends Sleeper>(
  one: Case<Kind>,
  open: () => Promise<Kind> | Kind,
  { transport, awayMs, timeoutMs }: MeasureOptions,
): Promise<Measured> {
  const place = await createPlace();
  const sleeper = await open();
  try {
    await place.enter(sleeper, transport);
    place.send('before');
    await sleeper.synced('before');
    await sleep(SETTLE_MS);
    const away = async (): Promise<void> => {
      place.send('meanwhile');
      await sleep(awayMs);
    };
    const { possibleAt, note } = await one.run(place, sleeper, away);
    await inTime(sleeper.synced('meanwhile'), timeoutMs, one.name);
    return { name: one.name, transport, ms: performance.now() - possibleAt, ...(note !== undefined && { note }) };
  } finally {
    await sleeper.close();
    await place.close();
  }
}

async function inTime(done: Promise<void>, timeoutMs: number, name: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${name}: not back after ${timeoutMs} ms`)), timeoutMs);
  });
  await Promise.race([done, late]).finally(() => clearTimeout(timer));
}
