import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Preferences } from '../ports.ts';

/** Strings in a JSON file, which every change replaces as a whole. What cannot be written lasts as long as this object. */
export function createFilePreferences(path: string): Preferences {
  const read = (): Map<string, string> | undefined => {
    try {
      return new Map(Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>));
    } catch {
      return undefined;
    }
  };
  let isWritten = true;
  let values = read() ?? new Map<string, string>();
  const change = (apply: () => void): void => {
    // Another process may have changed the file.
    if (isWritten) values = read() ?? values;
    apply();
    isWritten = write(path, JSON.stringify(Object.fromEntries(values), undefined, 2));
  };
  return {
    get: (key) => values.get(key),
    set: (key, value) => {
      if (values.get(key) !== value) change(() => values.set(key, value));
    },
    remove: (key) => {
      if (values.has(key)) change(() => values.delete(key));
    },
  };
}

/** @returns whether the file could be written */
function write(path: string, text: string): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // For its owner only: the file contains the token.
    writeFileSync(`${path}.new`, text, { mode: 0o600, flush: true });
    renameSync(`${path}.new`, path);
    return true;
  } catch {
    return false;
  }
}
