import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDevServer } from 'flooim-devserver';
import { expect, onTestFinished, test } from 'vitest';
import { serverTexts } from '../bench/crash/audit.ts';

const file = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The DNS server that the pages name: `npm start` listens there. */
const PRINTED = 'http://127.0.0.1:4000/v2/app_dns';

test.each([
  [
    'README.md',
    ['hello', 'you said hello'],
    ['message N is sent', 'bob got "hello"', 'says "you said hello"', 'bob has read it'],
  ],
  ['README.zh-CN.md', ['你好', '你说了你好'], ['消息 N：sent', 'bob 收到“你好”', '说“你说了你好”', 'bob 已读']],
])(
  'the quick start of %s works as printed',
  async (page, said, expected) => {
    // As `npm start` does.
    const server = await createDevServer({ seed: 'showcase' });
    onTestFinished(async () => server.close());
    const folder = mkdtempSync(join(tmpdir(), 'flooim-quick-start-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const code = /```ts\n([^]*?)```/.exec(readFileSync(file(`../../${page}`), 'utf8'))![1]!;
    expect(code).toContain(PRINTED);
    const program = join(folder, 'hello.mts');
    writeFileSync(
      program,
      code.replace(PRINTED, server.dnsUrl).replace("'flooim'", JSON.stringify(file('../../src/entries/node.ts'))),
    );

    // Once more, it answers what is said then, and not what was said in the first run.
    for (let runs = 1; runs <= 2; runs++) {
      const run = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), program]);
      onTestFinished(() => void run.kill());
      let printed = '';
      run.stdout.on('data', (chunk: Buffer) => (printed += String(chunk).replace(/\d{10,}/g, 'N')));
      run.stderr.on('data', (chunk: Buffer) => (printed += String(chunk)));
      for (const line of expected) await expect.poll(() => printed, { timeout: 20_000 }).toContain(line);
      // Once each: nothing of the week before is taken for news.
      for (const line of expected) expect(printed.split(line), line).toHaveLength(2);
      run.kill();
      await once(run, 'exit');
      const app = server.data.app('welovemaxim');
      const [alice, bob] = ['alice', 'bob'].map((name) => app.users.byName(name)!.id);
      const texts = serverTexts(app, alice!, bob!);
      expect(said.map((text) => texts.get(text))).toEqual([runs, runs]);
    }
  },
  60_000,
);
