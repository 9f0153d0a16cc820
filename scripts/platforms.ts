// `npm run --silent platforms`: a real session of each built entry where it is meant to run; one line for each.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';
import { PLATFORMS, tryPlatform } from '../test/platforms/table.ts';
import type { PlatformRow } from '../test/platforms/table.ts';

const path = ({ entry }: PlatformRow): string => fileURLToPath(new URL(`../dist/${entry}`, import.meta.url));

const missing = PLATFORMS.filter((row) => !existsSync(path(row)));
if (missing.length > 0) {
  console.error(`dist/ has no ${missing.map(({ entry }) => entry).join(', ')}: npm run build first.`);
  process.exit(1);
}

for (const row of PLATFORMS) {
  const gzip = gzipSync(readFileSync(path(row)), { level: constants.Z_BEST_COMPRESSION }).length;
  console.log(
    `${row.name.padEnd(17)}${row.entry.padEnd(18)}${(gzip / 1024).toFixed(1).padStart(5)} KB  ${await outcomeOf(row)}`,
  );
}

async function outcomeOf(row: PlatformRow): Promise<string> {
  if (row.isInstalled && !row.isInstalled()) return 'skipped: not installed';
  try {
    const { violations } = await tryPlatform(row);
    if (violations.length > 0) process.exitCode = 1;
    return `full session ok  restart ok  all members ok  violations ${violations.length}`;
  } catch (error) {
    process.exitCode = 1;
    // One line, also where a message has the code of a bundle in it.
    return `FAILED: ${(error as Error).message.replace(/\s+/g, ' ').slice(0, 300)}`;
  }
}
