// Places in a Node process of its own, which is killed where a page would be closed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Said } from './agent.ts';
import type { Place } from './run.ts';
import { asScript } from './site.ts';

const AGENT = `${asScript('agent.ts')}
const makeFile = (text) => new Blob([text], { type: 'text/plain' });
process.on('message', createAgent(sdk, makeFile, (said) => process.send(said)));`;

const path = (file: string): string => fileURLToPath(new URL(`../../dist/${file}`, import.meta.url));

export const nodeModule = (): Place =>
  openPlace('module', `import * as sdk from ${JSON.stringify(pathToFileURL(path('node.js')))};`);

export const nodeCommonJs = (): Place =>
  openPlace('commonjs', `const sdk = require(${JSON.stringify(path('node.cjs'))});`);

function openPlace(type: 'module' | 'commonjs', load: string): Place {
  const folder = mkdtempSync(join(tmpdir(), 'flooim-node-'));
  const children = new Set<() => Promise<void>>();
  return {
    start: async () => {
      const child = spawn(process.execPath, [`--input-type=${type}`, '--eval', `${load}\n${AGENT}`], {
        cwd: folder,
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      const end = async (): Promise<void> => {
        children.delete(end);
        child.kill('SIGKILL');
        await ended;
      };
      children.add(end);
      return {
        send: (command) => child.send(command),
        listen: (onSaid) => void child.on('message', (said) => onSaid(said as Said)),
        end,
      };
    },
    config: { dataDir: 'data' },
    violations: [],
    close: async () => {
      await Promise.all([...children].map(async (end) => end()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
