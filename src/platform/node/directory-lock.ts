import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FlooError } from '../../errors.ts';

/**
 * Takes a directory for this process. A lock is an empty file that is named after its process; who sees that of another one
 * that runs gives up its own. So of two that start in the same moment one may get it, or none, but never both. Processes in two
 * containers do not see each other.
 *
 * @returns what gives it up.
 * @throws FlooError DbOperationFailed when another process has it, or this one; the system's error when it cannot be written.
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const own = `lock.${process.pid}.${startOf(process.pid)}`;
  const release = (): void => rmSync(join(directory, own), { force: true });
  try {
    writeFileSync(join(directory, own), '', { flag: 'wx' });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? inUse(directory, process.pid) : error;
  }
  for (const name of readdirSync(directory)) {
    const [, pid, start] = /^lock\.(\d+)\.(\d*)$/.exec(name) ?? [];
    if (pid === undefined || name === own) continue;
    if (isRunning(Number(pid), start!)) {
      release();
      throw inUse(directory, pid);
    }
    rmSync(join(directory, name), { force: true });
  }
  return release;
}

const inUse = (directory: string, pid: number | string): FlooError =>
  new FlooError(
    'DbOperationFailed',
    `${directory} is in use by process ${pid}: one client at a time can have a dataDir`,
  );

function isRunning(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // It runs, as another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startOf(pid) === start;
}

/** When a process began, in ticks of the system, so that a later one with its number is not taken for it; `''` where nobody knows. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may hold anything.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? '' : fields[18]!;
  } catch {
    return '';
  }
}
