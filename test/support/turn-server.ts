// Debian's coturn, on the first interface that is up and not loopback: browsers look for ways by others only.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARY = '/usr/bin/turnserver';
const USERNAME = 'app';

/** Why no TURN server can run here; undefined when one can. */
export const whyNoTurn = (): string | undefined =>
  existsSync(BINARY)
    ? undefined
    : 'coturn is not installed (Debian: sudo apt-get install -y --no-install-recommends coturn)';

/** A TURN server of its own. */
export interface TestTurn {
  readonly url: string;
  readonly username: string;
  /** Takes this credential, and no other one. Who came with another one loses the way. */
  accept(credential: string): Promise<void>;
  stop(): Promise<void>;
}

export async function openTurn(): Promise<TestTurn> {
  const folder = mkdtempSync(join(tmpdir(), 'flooim-turn-'));
  const address = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')!.address;
  const port = await freePort(address);
  const options = [
    ...['-n', '--lt-cred-mech', '--realm=flooim', '--no-tls', '--no-dtls', '--no-cli', '--log-file=stdout'],
    ...[`--listening-ip=${address}`, `--relay-ip=${address}`, `--listening-port=${port}`],
    ...['--min-port=21000', '--max-port=21200', `--userdb=${join(folder, 'db')}`, `--pidfile=${join(folder, 'pid')}`],
  ];
  let server: ChildProcess | undefined;
  const end = async (): Promise<void> => {
    if (!server) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
    server = undefined;
  };
  process.once('exit', () => server?.kill('SIGKILL'));
  return {
    url: `turn:${address}:${port}?transport=udp`,
    username: USERNAME,
    accept: async (credential) => {
      await end();
      server = spawn(BINARY, [...options, `--user=${USERNAME}:${credential}`], { stdio: ['ignore', 'pipe', 'ignore'] });
      await started(server);
    },
    stop: async () => {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until it listens: it opens its database then. */
async function started(server: ChildProcess): Promise<void> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    server.once('exit', () => reject(new Error(`the TURN server ended: ${output}`)));
    server.stdout!.on('data', (chunk: Buffer) => {
      output += String(chunk);
      if (output.includes('DB connection success')) resolve();
    });
  });
}

async function freePort(address: string): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}
