/** Resolves when every promise that can go on by itself did. Real timers only. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
