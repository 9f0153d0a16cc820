import { Buffer } from 'node:buffer';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { appendFileSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ApiFailure, Callbacks, FileSystemManager } from '../../src/platform/mini-program/api.ts';
import type { FileCall } from '../../src/platform/mini-program/user-folder.ts';

export const USER_DATA_PATH = 'wxfile://usr';
const TEMP_PATH = 'wxfile://tmp';

export interface PhoneDisk {
  /** Real folder below which everything is. */
  readonly folder: string;
  /** What the mini-program's own files may have together, in bytes. */
  quotaBytes: number;
  /** iOS and Android need not agree, and the documentation does not say. */
  renameReplaces: boolean;
  /** What the next calls fail with: the error of each, or undefined where it works. */
  fault: (method: string, path: string) => ApiFailure | undefined;
  /** Calls so far: `method path`. */
  readonly calls: string[];
}

type PathName = 'filePath' | 'dirPath' | 'oldPath' | 'newPath' | 'srcPath' | 'destPath' | 'tempFilePath';

/** The options of any call. */
interface Call extends Callbacks<never>, Partial<Record<PathName, string>> {
  data?: string | ArrayBuffer;
  encoding?: string;
  position?: number;
  length?: number;
  recursive?: boolean;
}

/** The real path of one that the mini-program knows. @throws for a place that is not its own. */
export function realPath(disk: PhoneDisk, path: string): string {
  if (path.startsWith(`${USER_DATA_PATH}/`)) return join(disk.folder, 'usr', path.slice(USER_DATA_PATH.length));
  if (path.startsWith(`${TEMP_PATH}/`)) return join(disk.folder, 'tmp', path.slice(TEMP_PATH.length));
  throw new Error(`permission denied, open ${path}`);
}

export const tempPath = (name: string): string => `${TEMP_PATH}/${name}`;

/**
 * `wx.getFileSystemManager()` as its public documentation has it, on real files. Each call is done at once and answers later, as
 * little as the documentation promises: nothing is replaced by a rename where `renameReplaces` is false.
 */
export function createFileSystemManager(disk: PhoneDisk): FileSystemManager {
  const methods: Record<FileCall, (real: (name: PathName) => string, given: Call) => unknown> = {
    readFile: (real, { encoding, position, length }) => {
      const bytes = readFileSync(real('filePath'));
      if (encoding === 'utf8') return { data: bytes.toString('utf8') };
      const from = position ?? 0;
      const part = bytes.subarray(from, length === undefined ? undefined : from + length);
      return { data: new Uint8Array(part).buffer };
    },
    writeFile: (real, { data }) => {
      const path = real('filePath');
      mustFit(disk, sizeOf(data) - (existsSync(path) ? statSync(path).size : 0));
      writeFileSync(path, bytesOf(data));
    },
    appendFile: (real, { data }) => {
      const path = real('filePath');
      statSync(path);
      mustFit(disk, sizeOf(data));
      appendFileSync(path, bytesOf(data));
    },
    rename: (real) => {
      const [from, to] = [real('oldPath'), real('newPath')];
      statSync(from);
      if (!disk.renameReplaces && existsSync(to)) throw new Error('file already exists');
      renameSync(from, to);
    },
    copyFile: (real) => {
      const [from, to] = [real('srcPath'), real('destPath')];
      mustFit(disk, statSync(from).size);
      copyFileSync(from, to);
    },
    saveFile: (real) => {
      const [from, to] = [real('tempFilePath'), real('filePath')];
      mustFit(disk, statSync(from).size);
      renameSync(from, to);
      return { savedFilePath: to };
    },
    unlink: (real) => unlinkSync(real('filePath')),
    readdir: (real) => ({ files: readdirSync(real('dirPath')) }),
    mkdir: (real, { recursive }) => {
      const path = real('dirPath');
      if (existsSync(path)) throw new Error('file already exists');
      mkdirSync(path, { recursive: recursive === true });
    },
    rmdir: (real, { recursive }) => {
      const path = real('dirPath');
      statSync(path);
      if (recursive === true) rmSync(path, { recursive: true });
      else rmdirSync(path);
    },
  };
  const answerLater =
    (name: FileCall) =>
    (given: Call): void => {
      const path = given.filePath ?? given.dirPath ?? given.oldPath ?? given.srcPath ?? '';
      disk.calls.push(`${name} ${path}`);
      const answer = attempt(disk, name, path, () => methods[name]((key) => realPath(disk, given[key]!), given));
      setImmediate(() => {
        if ('failure' in answer) given.fail?.(answer.failure);
        else given.success?.((answer.result ?? {}) as never);
      });
    };
  return {
    readFile: answerLater('readFile'),
    writeFile: answerLater('writeFile'),
    appendFile: answerLater('appendFile'),
    rename: answerLater('rename'),
    copyFile: answerLater('copyFile'),
    saveFile: answerLater('saveFile'),
    unlink: answerLater('unlink'),
    readdir: answerLater('readdir'),
    mkdir: answerLater('mkdir'),
    rmdir: answerLater('rmdir'),
    statSync: (path) => {
      const answer = attempt(disk, 'stat', path, () => statSync(realPath(disk, path)));
      if ('failure' in answer) throw Object.assign(new Error(answer.failure.errMsg), answer.failure);
      return answer.result as { size: number };
    },
  };
}

function attempt(
  disk: PhoneDisk,
  name: string,
  path: string,
  run: () => unknown,
): { result: unknown } | { failure: ApiFailure } {
  const planned = disk.fault(name, path);
  if (planned) return { failure: planned };
  try {
    return { result: run() };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const [errno, detail] = WORDS[code ?? ''] ?? [undefined, message];
    const errMsg = `${name}:fail ${detail}${code ? `, open ${path}` : ''}`;
    return { failure: { errMsg, ...(errno !== undefined && { errno }) } };
  }
}

/** The documented words for what Node calls otherwise. */
const WORDS: Record<string, [number, string]> = {
  ENOENT: [1300002, 'no such file or directory'],
  ENOTDIR: [1300020, 'not a directory'],
  EISDIR: [1300021, 'illegal operation on a directory'],
  ENOTEMPTY: [1300066, 'directory not empty'],
  EDQUOT: [1300202, 'the maximum size of the file storage limit is exceeded'],
};

/** As the phone says it when its storage is full. */
export const storageLimit = (method: string): ApiFailure => ({
  errMsg: `${method}:fail the maximum size of the file storage limit is exceeded`,
  errno: 1300202,
});

/** What each disk holds at most: all files are measured only when that may be too much. */
const usedAtMost = new WeakMap<PhoneDisk, number>();

function mustFit(disk: PhoneDisk, moreBytes: number): void {
  if (moreBytes <= 0) return;
  let used = usedAtMost.get(disk) ?? Infinity;
  if (used + moreBytes > disk.quotaBytes) used = usedBytes(join(disk.folder, 'usr'));
  if (used + moreBytes > disk.quotaBytes) throw Object.assign(new Error('full'), { code: 'EDQUOT' });
  usedAtMost.set(disk, used + moreBytes);
}

export function usedBytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

const bytesOf = (data: string | ArrayBuffer = ''): Buffer =>
  typeof data === 'string' ? Buffer.from(data) : Buffer.from(data);
const sizeOf = (data?: string | ArrayBuffer): number => bytesOf(data).length;

/** A file as a picker leaves it, until the app starts again. */
export function putTempFile(disk: PhoneDisk, name: string, bytes: Uint8Array): string {
  const path = tempPath(name);
  mkdirSync(dirname(realPath(disk, path)), { recursive: true });
  writeFileSync(realPath(disk, path), bytes);
  return path;
}
