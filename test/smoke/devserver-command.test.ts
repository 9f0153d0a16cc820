import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('../../node_modules/.bin/flooim-devserver', import.meta.url));

test('npx flooim-devserver prints its URLs and demo users, serves, and ends on a signal', async () => {
  const child = spawn(COMMAND, ['--port', '0', '--admin-port', '0', '--seed', 'demo']);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (line.startsWith('group')) break;
  }
  const dnsUrl = /^dnsServer +(http:\/\/127\.0\.0\.1:\d+\/\S+)$/m.exec(lines.join('\n'))![1]!;
  const answer = (await (await fetch(`${dnsUrl}?app_id=welovemaxim`)).json()) as { code: number };
  expect(answer.code).toBe(200);
  expect(lines.filter((line) => line.startsWith('user')).length).toBe(3);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
}, 20_000);
