import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FlooError } from '../../errors.ts';

/**
 * Takes a directory for this process.
 *
 * A lock is an empty file with the id and the start time of its process in its name. A process that sees the lock of another
 * running process gives up its own, so of two that start at the same moment one gets the directory or none, never both.
 * Processes in two containers do not see each other.
 *
 * The package `proper-lockfile` is not used: it takes the lock of a killed process for stale only seconds later, so a bot that
 * is restarted at once would be refused. It also takes away the lock of a process that is suspended too long to renew it.
 *
 * @returns a function that releases the directory
 * @throws FlooError `DbOperationFailed` when a process has the directory, also when it is this one; the system's error when the
 * lock cannot be written
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
    // EPERM: the process runs, as another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startOf(pid) === start;
}

/** Start time of a process in ticks of the system; `''` where it is not known. A later process with the same id has another. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, which may contain spaces and brackets.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? '' : fields[18]!;
  } catch {
    return '';
  }
}
