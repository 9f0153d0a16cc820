const MB = 2 ** 20;
const PAUSE_MS = 2;

export interface Memory {
  /** MB at rest, collected; the most there was since; what is left when it is over and collected. */
  idle: number;
  peak: number;
  after: number;
}

/** Looks at the memory as often as it can until the work is done. Garbage counts: nobody collects meanwhile. */
export async function watchMemory(
  usedBytes: () => Promise<number> | number,
  collect: () => unknown,
  work: () => Promise<unknown>,
): Promise<Memory> {
  const collected = async (): Promise<number> => {
    for (let i = 0; i < 3; i++) await collect();
    return (await usedBytes()) / MB;
  };
  const idle = await collected();
  let peak = idle;
  const done = work();
  const end = done.then(
    () => true,
    () => true,
  );
  const pause = async (): Promise<false> => new Promise((resolve) => setTimeout(() => resolve(false), PAUSE_MS));
  do peak = Math.max(peak, (await usedBytes()) / MB);
  while (!(await Promise.race([end, pause()])));
  await done;
  return { idle, peak, after: await collected() };
}
