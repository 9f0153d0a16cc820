import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder that a script takes for its project. */
export interface ProjectFolder {
  readonly path: string;
  /** Writes a file, and its folder. @param changedAt time of its last change, in seconds; now without one. */
  write(file: string, text: string, changedAt?: number): void;
}

/** Copies a script of ours into a project of its own: scripts find their project by their own path. */
export function copyScript(name: string): { root: ProjectFolder; script: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'flooim-script-'));
  const script = join(path, 'scripts', name);
  cpSync(fileURLToPath(new URL(`../../../scripts/${name}`, import.meta.url)), script);
  const write: ProjectFolder['write'] = (file, text, changedAt) => {
    const target = join(path, file);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
    if (changedAt !== undefined) utimesSync(target, changedAt, changedAt);
  };
  return { root: { path, write }, script, remove: () => rmSync(path, { recursive: true }) };
}
