const TIMEOUT_MS = 15_000;
const PAUSE_MS = 20;

/** Waits until something is so. @returns whether it was, in time */
export async function until(isSo: () => Promise<boolean>, timeoutMs = TIMEOUT_MS): Promise<boolean> {
  for (const end = Date.now() + timeoutMs; Date.now() < end;) {
    if (await isSo()) return true;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return false;
}

/** The number in the middle; NaN when there is none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
