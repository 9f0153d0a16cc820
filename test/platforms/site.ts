// An origin for pages that run an agent. Commands and results of the agent go over XMLHttpRequest.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Command, Said } from './agent.ts';
import type { Channel } from './run.ts';

/**
 * As strict as a page can be that talks to a server: broken rules are posted to `/violation`. Firefox and WebKit ask for the
 * icon by themselves, which the page must not be blamed for.
 */
const policyOf = (host: string): string =>
  `default-src 'none'; script-src 'self'; connect-src 'self' ws: http:; img-src http://${host}/favicon.ico; ` +
  "require-trusted-types-for 'script'; report-uri /violation";

export const readText = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');

/** A module of this folder as ES5, as the body of a classic script. */
export const asScript = (path: string): string =>
  ts
    .transpileModule(readText(path), {
      compilerOptions: { target: ts.ScriptTarget.ES5, module: ts.ModuleKind.ESNext, removeComments: true },
    })
    .outputText.replaceAll(/^export /gm, '');

export interface Site {
  readonly url: string;
  readonly violations: readonly string[];
  /** The channel to the agent of the page that is opened next. */
  connect(end: () => Promise<void>): Channel;
  close(): void;
}

/** @param files by path; `.html` is sent as a page, anything else as a script. */
export async function serveSite(files: Readonly<Record<string, string>>): Promise<Site> {
  const violations: string[] = [];
  let mailbox: Mailbox | undefined;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    response.setHeader('content-security-policy', policyOf(request.headers.host ?? ''));
    response.setHeader('cache-control', 'no-store');
    if (path === '/next') return mailbox?.ask(response);
    if (path === '/said') return read(request, response, (body) => mailbox?.say(JSON.parse(body) as Said[]));
    if (path === '/violation') return read(request, response, (body) => violations.push(body));
    const file = files[path];
    if (file === undefined) response.statusCode = 404;
    response.setHeader('content-type', `text/${path.endsWith('.html') ? 'html' : 'javascript'}; charset=utf-8`);
    response.end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    violations,
    connect(end) {
      const box = (mailbox = new Mailbox());
      return {
        send: (command) => box.send(command),
        listen: (onSaid) => (box.onSaid = onSaid),
        end,
      };
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Commands that wait for a page to ask, or a page that waits for one. */
class Mailbox {
  onSaid: (said: Said) => void = () => {};
  readonly #commands: Command[] = [];
  #asking: ServerResponse | undefined;

  send(command: Command): void {
    this.#commands.push(command);
    this.#hand();
  }

  ask(response: ServerResponse): void {
    this.#asking = response;
    this.#hand();
  }

  say(said: readonly Said[]): void {
    said.forEach((one) => this.onSaid(one));
  }

  #hand(): void {
    const [command] = this.#commands;
    if (!this.#asking || !command) return;
    this.#commands.shift();
    this.#asking.end(JSON.stringify(command));
    this.#asking = undefined;
  }
}

function read(request: IncomingMessage, response: ServerResponse, take: (body: string) => void): void {
  let body = '';
  request.setEncoding('utf8').on('data', (part: string) => (body += part));
  request.on('end', () => {
    take(body);
    response.end('{}');
  });
}
