import type { Page } from 'playwright';

/**
 * Loses packets of media. Chromium does so only on connections that were made when it already had conditions, so this comes before
 * the call.
 *
 * @returns a function that sets how many of a hundred are lost
 */
export async function packetLoss(page: Page): Promise<(percent: number) => Promise<void>> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('Network.enable');
  const set = async (percent: number): Promise<void> => {
    const line = { offline: false, latency: 1, downloadThroughput: -1, uploadThroughput: -1 };
    await devTools.send('Network.emulateNetworkConditions', { ...line, packetLoss: percent });
  };
  await set(0);
  return set;
}
