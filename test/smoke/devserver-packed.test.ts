/** `npm pack -w flooim-devserver`, installed in an empty folder without the repository. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { installPacked, run } from './packed.ts';
import type { PackedProject } from './packed.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const TSC = join(root, 'node_modules/typescript/bin/tsc');

interface Manifest {
  readonly private?: boolean;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** With the packed SDK beside it, for the program that the server prints. */
let project: PackedProject;
let installed: string;
let manifest: Manifest;
beforeAll(async () => {
  project = await installPacked();
  installed = join(project.folder, 'node_modules/flooim-devserver');
  const packed = await run(
    'npm',
    ['pack', '--silent', '--ignore-scripts', '-w', 'flooim-devserver', '--pack-destination', project.folder],
    { cwd: root },
  );
  mkdirSync(installed);
  const tarball = join(project.folder, packed.stdout.trim().split('\n').at(-1)!);
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components', '1']);
  manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest;
  // What npm would install. The SDK of the repository is not among it.
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(project.folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link);
  }
});
afterAll(() => project.remove());

interface Server {
  readonly output: string;
  stop(): Promise<number | null>;
}

/** The server in a folder that has nothing of it. */
async function start(
  options: readonly string[],
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'flooim-empty-'))),
): Promise<Server> {
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const child = spawn(process.execPath, [join(installed, 'bin/flooim-devserver.js'), ...options], { cwd });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let output = '';
  for await (const line of createInterface(child.stdout)) {
    output += `${line}\n`;
    if (line.startsWith('Ctrl+C')) break;
  }
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    return ended;
  };
  return { output, stop };
}

const ANY_PORTS = ['--port', '0', '--admin-port', '0'];
const printed = (output: string, name: string): string => new RegExp(`^${name} +(\\S+)`, 'm').exec(output)![1]!;

test('the tarball has what a package needs, and nothing of the repository', () => {
  expect(manifest.private).toBeUndefined();
  expect(Object.keys(manifest.dependencies)).not.toContain('flooim');
  const files = readdirSync(installed, { recursive: true }).map(String);
  expect(files).toEqual(
    expect.arrayContaining(['LICENSE', 'README.md', 'dist/index.d.ts', 'dist/THIRD-PARTY-NOTICES.txt']),
  );
  expect(files.filter((file) => /\.(ts|map)$/.test(file))).toEqual(['dist/index.d.ts']);
  const readme = readFileSync(join(installed, 'README.md'), 'utf8');
  expect([...readme.matchAll(/\]\((?!https?:|#)[^)]*\)/g)].map(String)).toEqual([]);
});

test('started in an empty folder, it serves the demo data, and the printed program talks through it', async () => {
  const { output, stop } = await start(ANY_PORTS);
  const url = printed(output, 'REST, sockets');
  expect(output).toMatch(/^user +alice \/ demo1234 +id \d+$/m);
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as { openapi: string };
  expect(document.openapi).toBe('3.1.0');
  const viewer = await fetch(`${url}/docs/swagger-ui-bundle.js`);
  expect(Number(viewer.headers.get('content-length'))).toBeGreaterThan(1_000_000);

  const program = /^import [^]*?\n(?=\n)/m.exec(output)![0];
  expect(program.trim().split('\n')).toHaveLength(7);
  writeFileSync(join(project.folder, 'hello.mjs'), program);
  const hello = spawn(process.execPath, [join(project.folder, 'hello.mjs')]);
  onTestFinished(() => void hello.kill());
  const [line] = (await once(createInterface(hello.stdout), 'line')) as [string];
  expect(line).toBe('bob got hello');
  expect(await stop()).toBe(0);
});

test('with --data, everything and every file is there again', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'flooim-kept-')));
  const first = await start([...ANY_PORTS, '--data', 'kept'], folder);
  const users = first.output.match(/^user .*$/gm);
  const port = new URL(printed(first.output, 'REST, sockets')).port;
  await first.stop();
  const second = await start(['--port', port, '--admin-port', '0', '--data', 'kept'], folder);
  expect(second.output.match(/^user .*$/gm)).toEqual(users);
  const url = printed(second.output, 'REST, sockets');
  const login = await fetch(`${url}/token/user`, {
    method: 'POST',
    headers: { app_id: 'welovemaxim' },
    body: '{"name":"alice","password":"demo1234"}',
  });
  const { data } = (await login.json()) as { data: { token: string } };
  const headers = { app_id: 'welovemaxim', 'access-token': data.token };
  const profile = (await (await fetch(`${url}/user/profile`, { headers })).json()) as { data: { avatar: string } };
  const picture = await fetch(profile.data.avatar, { headers });
  expect(picture.headers.get('content-type')).toBe('image/png');
});

test('says so when its usual port is taken, and uses another one', async () => {
  const holder = createServer().listen(4000, '127.0.0.1');
  // Somebody else's server may hold the port already, and then it is taken, too.
  await Promise.race([once(holder, 'listening'), once(holder, 'error')]).catch(() => undefined);
  onTestFinished(() => void holder.close());
  const { output } = await start(['--admin-port', '0', '--seed', 'demo']);
  expect(output).toMatch(/^Port 4000 is taken, so another one is used\.$/m);
  expect(printed(output, 'REST, sockets')).not.toContain(':4000');
});

test('its types are its own', async () => {
  const code = `import { createDevServer } from 'flooim-devserver';
import type { Controls, DevServer } from 'flooim-devserver';
const server: DevServer = await createDevServer({ seed: 'showcase', bot: false });
const admin: Controls = server.admin;
admin.dropSockets({ uid: 1 });
const mids: (bigint | undefined)[] = [...server.data.app('a').users].map(({ id }) => server.data.app('a').messages.get(BigInt(id))?.id);
export { mids };
`;
  writeFileSync(join(project.folder, 'use.mts'), code);
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', 'use.mts'];
  const { stdout } = await run(process.execPath, [TSC, ...options], { cwd: project.folder });
  expect(stdout).toBe('');
});
