// Debian's Janus, to develop and test with: signalling on 127.0.0.1, media on the first interface that is up and not loopback,
// because Janus takes no loopback interface.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARY = '/usr/bin/janus';
const START_MS = 10_000;

/** Why Janus cannot run here; undefined when it can. */
export function whyNoJanus(): string | undefined {
  if (!existsSync(BINARY) || !findLibraries())
    return 'Janus is not installed (Debian: sudo apt-get install -y --no-install-recommends janus)';
  if (!findInterface()) return 'no network interface but loopback is up, and Janus takes none of those';
  return undefined;
}

/** A Janus that runs. */
export interface Janus {
  /** URL of its WebSocket transport. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a Janus with a configuration of its own, at a free port. It ends with this process. Call {@link whyNoJanus} before.
 *
 * @throws Error when it does not start
 */
export async function startJanus(): Promise<Janus> {
  const folder = mkdtempSync(join(tmpdir(), 'flooim-janus-'));
  const configs = join(folder, 'conf');
  const port = await freePort();
  mkdirSync(configs);
  for (const [name, text] of Object.entries(configFiles(configs, port))) writeFileSync(join(configs, name), text);
  const janus = spawn(BINARY, ['-C', join(configs, 'janus.jcfg'), '-F', configs, '-o', '-D'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = (): void => void janus.kill('SIGTERM');
  process.once('exit', kill);
  let output = '';
  const ended = new Promise<void>((resolve) => janus.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Janus does not start: ${output}`)), START_MS);
    const read = (chunk: Buffer): void => {
      output += String(chunk);
      if (!output.includes('WebSockets thread started')) return;
      clearTimeout(timer);
      resolve();
    };
    janus.stdout.on('data', read);
    janus.stderr.on('data', read);
    janus.once('exit', () => reject(new Error(`Janus ended: ${output}`)));
  });
  return {
    url: `ws://127.0.0.1:${port}/`,
    stop: async () => {
      process.off('exit', kill);
      kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Debian keeps plugins and transports in a folder of the machine's kind. */
function findLibraries(): string | undefined {
  return readdirSync('/usr/lib')
    .map((folder) => join('/usr/lib', folder, 'janus'))
    .find((folder) => existsSync(folder));
}

function findInterface(): string | undefined {
  return Object.entries(networkInterfaces()).find(([, addresses]) =>
    addresses?.some(({ internal, family }) => !internal && family === 'IPv4'),
  )?.[0];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const OTHER_PLUGINS = [
  ...['audiobridge', 'duktape', 'echotest', 'lua', 'nosip', 'recordplay', 'sip', 'streaming', 'textroom'],
  ...['videocall', 'voicemail'],
];
const OTHER_TRANSPORTS = ['http', 'rabbitmq', 'nanomsg', 'mqtt', 'pfunix'];
const libraries = (names: readonly string[]): string => names.map((name) => `libjanus_${name}.so`).join(',');

const configFiles = (configs: string, port: number): Record<string, string> => ({
  'janus.jcfg': `
general: {
  configs_folder = "${configs}"
  plugins_folder = "${findLibraries()}/plugins"
  transports_folder = "${findLibraries()}/transports"
  events_folder = "/nonexistent"
  loggers_folder = "/nonexistent"
  interface = "127.0.0.1"
  debug_level = 4
  server_name = "flooim"
  session_timeout = 60
  reclaim_session_timeout = 30
}
media: { rtp_port_range = "20000-20200" }
nat: {
  full_trickle = true
  ice_enforce_list = "${findInterface()}"
}
plugins: { disable = "${libraries(OTHER_PLUGINS)}" }
transports: { disable = "${libraries(OTHER_TRANSPORTS)}" }
`,
  'janus.plugin.videoroom.jcfg': 'general: {\n}\n',
  'janus.transport.websockets.jcfg': `
general: {
  json = "compact"
  ws = true
  ws_port = ${port}
  ws_ip = "127.0.0.1"
  wss = false
}
admin: {
  admin_ws = false
  admin_wss = false
}
`,
});
