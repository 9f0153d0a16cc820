/** What tests do with pages that call, and what they see there. */
import type { Page } from 'playwright';
import { expect } from 'vitest';
import type { CallView } from './calling-page.ts';

export const WAIT = { timeout: 15_000, interval: 50 };

export const stateOf = async (page: Page): Promise<CallView['state'] | undefined> =>
  page.evaluate(() => window.callPage.current()?.state);

/** @param state - undefined: no call */
export const untilState = async (page: Page, state: string | undefined): Promise<void> => {
  await expect.poll(async () => stateOf(page), WAIT).toBe(state);
};

/** @returns the id of the call, or the reason for which there is none */
export const start = async (page: Page, uid: string, video = true): Promise<string> =>
  page.evaluate(async ([to, isVideo]) => window.callPage.start(to, isVideo), [uid, video] as const);

export const accept = async (page: Page): Promise<void> => page.evaluate(async () => window.callPage.accept());

export const hangUp = async (page: Page): Promise<void> => page.evaluate(() => window.callPage.hangUp());

/** Calls, and is answered. */
export async function talk(caller: Page, callee: Page, calleeId: string, video = true): Promise<void> {
  await start(caller, calleeId, video);
  await untilState(callee, 'ringing');
  await accept(callee);
  for (const page of [caller, callee]) await untilState(page, 'connected');
}

/** What has come since the connections were made. */
export const incoming = async (page: Page) => page.evaluate(async () => window.callPage.countIncoming());

export async function showsFrames(page: Page): Promise<void> {
  const { frames } = await incoming(page);
  await expect.poll(async () => (await incoming(page)).frames, WAIT).toBeGreaterThan(frames + 5);
}

export async function playsSound(page: Page): Promise<void> {
  const { audioPackets } = await incoming(page);
  await expect.poll(async () => (await incoming(page)).audioPackets, WAIT).toBeGreaterThan(audioPackets + 10);
}

/** Why the calls of a page ended, oldest first. */
export const reasonsOf = async (page: Page): Promise<string[]> => page.evaluate(() => window.callPage.reasons());

/** How the records of the calls with a user say that they ended. */
export const outcomesOf = async (page: Page, uid: string): Promise<string[]> =>
  page.evaluate((peer) => window.callPage.records(peer).map(({ outcome }) => outcome), uid);

/** States and qualities of its calls, and what failed in them, since it was asked last. */
export const takeHeard = async (page: Page): Promise<string[]> => page.evaluate(() => window.callPage.heard.splice(0));

/** Connections that are open, and devices that are taken. */
export const leftOf = async (page: Page): Promise<{ connections: number; tracks: number }> =>
  page.evaluate(() => window.callPage.left());
