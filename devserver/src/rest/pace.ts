import { setTimeout as sleep } from 'node:timers/promises';

/** Wait for as long as so many bytes take. Does not keep a process alive whose server was closed. */
export async function keepPace(bytes: number, bytesPerSecond: number | undefined): Promise<void> {
  if (bytesPerSecond) await sleep((bytes / bytesPerSecond) * 1000, undefined, { ref: false });
}
