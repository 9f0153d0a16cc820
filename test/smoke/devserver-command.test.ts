import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('../../node_modules/.bin/flooim-devserver', import.meta.url));

interface Run {
  readonly child: ChildProcessWithoutNullStreams;
  /** The exit code; null after a kill. */
  readonly ended: Promise<number | null>;
}

function run(...options: string[]): Run {
  const child = spawn(COMMAND, ['--port', '0', '--admin-port', '0', '--seed', 'demo', ...options]);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, ended };
}

/** What it prints when it serves. */
async function printed({ child }: Run): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (line.startsWith('Ctrl+C')) break;
  }
  return lines;
}

test('npx flooim-devserver prints its URLs and demo users, serves, and ends on a signal', async () => {
  const server = run();
  const lines = await printed(server);
  const dnsUrl = /^dnsServer +(http:\/\/127\.0\.0\.1:\d+\/\S+)$/m.exec(lines.join('\n'))![1]!;
  const answer = (await (await fetch(`${dnsUrl}?app_id=welovemaxim`)).json()) as { code: number };
  expect(answer.code).toBe(200);
  expect(lines.filter((line) => line.startsWith('user')).length).toBe(3);
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
}, 20_000);

test('--data DIR has the same users after a kill, and is refused while another server uses it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flooim-command-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const users = (lines: string[]): string[] => lines.filter((line) => /^(user|group)/.test(line));
  const first = run('--data', folder);
  const before = users(await printed(first));
  const second = run('--data', folder);
  expect(await text(second.child.stderr)).toBe(`cannot open the data in ${folder}: another server uses it\n`);
  expect(await second.ended).toBe(1);
  first.child.kill('SIGKILL');
  expect(await first.ended).toBeNull();
  expect(before).toHaveLength(4);
  expect(users(await printed(run('--data', folder)))).toEqual(before);
}, 30_000);
