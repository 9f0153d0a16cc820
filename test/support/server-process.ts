import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Controls, DevServer, DevServerOptions } from 'flooim-devserver';

const PROGRAM = fileURLToPath(new URL('server-child.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');
const TSCONFIG = fileURLToPath(new URL('../../scripts/tsconfig.json', import.meta.url));

type Address = Pick<DevServer, 'url' | 'dnsUrl' | 'adminUrl' | 'port' | 'adminPort'>;

/**
 * A dev server in a process of its own. It can be killed at any moment and is started again at the same address. The next
 * process is loaded while this one runs, so a start takes as long as opening the data.
 */
export class ServerProcess {
  readonly #options: DevServerOptions;
  #next = load();
  #running: ChildProcess | undefined;
  #address: Address | undefined;

  constructor(options: DevServerOptions) {
    this.#options = options;
  }

  get url(): string {
    return this.#address!.url;
  }

  get dnsUrl(): string {
    return this.#address!.dnsUrl;
  }

  async start(): Promise<void> {
    const child = this.#next;
    this.#next = load();
    const { port = 0, adminPort = 0 } = this.#address ?? {};
    const ready = once(child, 'message');
    const failed = once(child, 'exit').then(() => Promise.reject(new Error('the server did not start')));
    child.send({ port, adminPort, ...this.#options });
    [this.#address] = (await Promise.race([ready, failed])) as [Address];
    // Ends later, as it should.
    failed.catch(() => undefined);
    this.#running = child;
  }

  /** Ends the process as nothing can prepare for. */
  async kill(): Promise<void> {
    await end(this.#running);
    this.#running = undefined;
  }

  /** Closes the server and waits until its process has ended. */
  async stop(): Promise<void> {
    const exited = once(this.#running!, 'exit');
    this.#running!.send('close');
    await exited;
    this.#running = undefined;
  }

  /** Calls a control over the admin API. */
  async control<K extends keyof Controls>(name: K, argument: object = {}): Promise<ReturnType<Controls[K]>> {
    const response = await fetch(`${this.#address!.adminUrl}/${name}`, {
      method: 'POST',
      body: JSON.stringify(argument),
    });
    const answer = (await response.json()) as { ok: boolean; result: ReturnType<Controls[K]>; error?: string };
    if (!answer.ok) throw new Error(answer.error);
    return answer.result;
  }

  /** Ends everything. */
  async dispose(): Promise<void> {
    await Promise.all([end(this.#next), end(this.#running)]);
  }
}

function load(): ChildProcess {
  return fork(PROGRAM, { execArgv: ['--import', TSX], env: { ...process.env, TSX_TSCONFIG_PATH: TSCONFIG } });
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child?.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
