// A Chromium of our own, spoken to with the few commands we need. Not by Playwright: it listens to every WebSocket frame of
// a page, which costs the page, and the process that is its server here, more than the client that is measured.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { chromiumLaunch } from '../../scripts/find-browsers.mjs';

const ADDRESS = /DevTools listening on (ws:\S+)/;

export interface Target {
  /** The value of an expression, awaited. */
  evaluate(expression: string): Promise<unknown>;
  send(method: string, params?: object): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export interface Chromium {
  version(): Promise<string>;
  /** The ids of the processes that run pages. */
  renderers(): Promise<number[]>;
  /** A new page at this address, loaded. */
  open(url: string): Promise<Target>;
  close(): Promise<void>;
}

interface Answer {
  id?: number;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** @param more - arguments beside those that every Chromium here gets */
export async function launchChromium(more: readonly string[] = []): Promise<Chromium> {
  const profile = mkdtempSync(join(tmpdir(), 'flooim-chromium-'));
  const { executablePath, args } = chromiumLaunch();
  const own = ['--headless=new', '--no-first-run', '--remote-debugging-port=0', `--user-data-dir=${profile}`];
  const child = spawn(executablePath, [...args, ...own, ...more, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const socket = new WebSocket(await addressOf(child.stderr), { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.on('message', (data: Buffer) => {
    const answer = JSON.parse(data.toString()) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  let sent = 0;
  const send = async (method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> => {
    const id = ++sent;
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params, sessionId }));
    const { result = {}, error } = await answered;
    waiting.delete(id);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  return {
    version: async () => String((await send('Browser.getVersion'))['product']),
    renderers: async () => {
      const { processInfo } = (await send('SystemInfo.getProcessInfo')) as {
        processInfo: { type: string; id: number }[];
      };
      return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
    },
    open: async (url) => {
      const { targetId } = await send('Target.createTarget', { url });
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      const evaluate = async (expression: string): Promise<unknown> => {
        const { result, exceptionDetails } = (await send(
          'Runtime.evaluate',
          { expression, awaitPromise: true, returnByValue: true },
          sessionId as string,
        )) as { result: { value: unknown }; exceptionDetails?: { exception?: { description?: string } } };
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? expression);
        return result.value;
      };
      // There is nothing to evaluate in while the page is being changed.
      const isLoaded = async (): Promise<boolean> =>
        evaluate(`document.readyState === 'complete' && location.href`).then(
          (at) => at === url,
          () => false,
        );
      while (!(await isLoaded())) await pause();
      return {
        evaluate,
        send: async (method, params = {}) => send(method, params, sessionId as string),
        close: async () => {
          await send('Target.closeTarget', { targetId });
        },
      };
    },
    close: async () => {
      await send('Browser.close');
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const pause = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

async function addressOf(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stderr })) {
    const address = ADDRESS.exec(line)?.[1];
    if (address) return address;
  }
  throw new Error('Chromium did not start');
}
