// Whose messages are measured, and the messages: as the codec gives them, from pages that went over the wire.
import { createIndexedDbKvProvider } from '../../../../src/platform/browser/kv-store.ts';
import type { KvStore } from '../../../../src/platform/ports.ts';
import { decodeFrame } from '../../../../src/wire/decode-frame.ts';
import { encodeFrame } from '../../../../src/wire/encode-frame.ts';
import type { ReceivedMeta } from '../../../../src/sync/message-mapper.ts';
import type { MessageMeta } from '../../../../src/wire/frame-types.ts';
import type { Page } from '../../../../src/sync/apply.ts';
import { textOf } from './texts.ts';

export const PAGE_MESSAGES = 100;
/** As the client names the databases of its users. */
export const APP_ID = 'bench';
export const SELF = '6597478514528';

const FIRST_ID = 1_633_520_000_000_000;
const ID_STEP = 256;
const FIRST_TIME = 1_700_000_000_000;

export const databaseOf = (uid: string): string => `flooim.${APP_ID}.${uid}`;
export const peerOf = (conversation: number): string => String(6_597_478_514_688 + 16 * conversation);
export const idOf = (message: number): string => String(FIRST_ID + message * ID_STEP);

/** A page of messages from..from+99 of a conversation with the peer; every third is one's own. */
export function pageOf(peer: string, from: number): ReceivedMeta[] {
  const metas = Array.from({ length: PAGE_MESSAGES }, (_, k): MessageMeta => {
    const message = from + k;
    const [sender, receiver] = message % 3 === 0 ? [SELF, peer] : [peer, SELF];
    return {
      id: idOf(message),
      from: { uid: sender, deviceSN: 1 },
      to: { uid: receiver, deviceSN: 0 },
      timestamp: String(FIRST_TIME + message * 1000),
      ns: 1,
      payload: { type: 2, content: textOf(message), ctype: 0, operation: { type: 0, mid: '0' } },
    };
  });
  const page = { status: { code: 1 }, metas, next_key: idOf(from + PAGE_MESSAGES), xid: { uid: peer, deviceSN: 0 } };
  const bytes = encodeFrame({ vsn: 0, compress_method: 0, command: 1, payload: page }, 'down');
  const frame = decodeFrame(bytes, 'down');
  if (frame.command !== 1) throw new Error('no page');
  return frame.payload!.metas as ReceivedMeta[];
}

/** The page as sync hands it over. */
export const deliveredPage = (queue: string, metas: readonly ReceivedMeta[], prevMid: string): Page => ({
  queue,
  metas,
  prevMid,
  emit: 'new',
  isLast: false,
  arrivalOf: () => 'live',
});

/** Opens a database that was not there before. */
export async function createKv(name: string): Promise<KvStore> {
  const provider = createIndexedDbKvProvider();
  await provider.drop(name);
  return provider.open(name);
}

/** Runs the tasks in order, so many begun and not ended at once. */
export async function streamed(tasks: readonly (() => Promise<unknown>)[], atOnce: number): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < tasks.length) await tasks[next++]!();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

export async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
