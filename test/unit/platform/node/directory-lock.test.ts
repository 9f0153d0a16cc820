import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isFlooError } from '../../../../src/errors.ts';
import { createDiskKvProvider } from '../../../../src/platform/node/disk-kv.ts';
import { lockDirectory } from '../../../../src/platform/node/directory-lock.ts';

const TSX = fileURLToPath(new URL('../../../../node_modules/tsx/dist/loader.mjs', import.meta.url));
const LOCK = fileURLToPath(new URL('../../../../src/platform/node/directory-lock.ts', import.meta.url));

let directory: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'flooim-lock-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) await end(child);
  rmSync(directory, { recursive: true });
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** A process that tries to have the directory, and stays. */
function other(): { child: ChildProcess; outcome: Promise<string> } {
  const source = `import { lockDirectory } from ${JSON.stringify(LOCK)};
    try { lockDirectory(${JSON.stringify(directory)}); process.stdout.write('locked\\n'); }
    catch (error) { process.stdout.write(error.message + '\\n'); }
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--import', TSX, '--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return { child, outcome: once(child.stdout, 'data').then(([bytes]) => String(bytes).trim()) };
}

const refusal = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

test('another process is refused with the number of the first one until that has ended', async () => {
  const first = other();
  expect(await first.outcome).toBe('locked');
  const error = refusal(() => lockDirectory(directory));
  expect(isFlooError(error, 'DbOperationFailed')).toBe(true);
  expect((error as Error).message).toContain(`${directory} is in use by process ${first.child.pid!}`);
  await end(first.child);
  lockDirectory(directory)();
  expect(readdirSync(directory)).toEqual([]);
}, 30_000);

test('only one of several processes that start together gets it after a killed process', async () => {
  const first = other();
  expect(await first.outcome).toBe('locked');
  await end(first.child);
  const outcomes = await Promise.all([1, 2, 3, 4].map(async () => other().outcome));
  expect(outcomes.filter((outcome) => outcome === 'locked').length).toBeLessThanOrEqual(1);
}, 60_000);

test('the same process is refused while it has the lock, and gets it after releasing it', () => {
  const unlock = lockDirectory(directory);
  expect(isFlooError(refusal(() => lockDirectory(directory)))).toBe(true);
  unlock();
  lockDirectory(directory)();
});

test.runIf(process.platform === 'linux')(
  'a later process with the number of the former owner is not taken for that owner',
  () => {
    writeFileSync(join(directory, `lock.${process.ppid}.12`), '');
    lockDirectory(directory)();
  },
);

test('it is held while any database is open or is being dropped', async () => {
  const [mine, others] = [createDiskKvProvider(directory), createDiskKvProvider(directory)];
  const [one, two] = await Promise.all([mine.open('one'), mine.open('two')]);
  await one.close();
  await one.close();
  await expect(others.open('three')).rejects.toMatchObject({ reason: 'DbOperationFailed' });
  await expect(others.drop('one')).rejects.toMatchObject({ reason: 'DbOperationFailed' });
  await two.close();
  await others.drop('two');
  const three = await others.open('three');
  await expect(mine.open('one')).rejects.toMatchObject({ reason: 'DbOperationFailed' });
  await three.close();
  await (await mine.open('one')).close();
});
