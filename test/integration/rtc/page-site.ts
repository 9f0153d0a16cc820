import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** As strict as a page can be that connects to a server. */
const POLICY = [
  ...["default-src 'none'", "script-src 'self'", 'connect-src http: ws:', "base-uri 'none'", 'img-src data:'],
  "require-trusted-types-for 'script'; trusted-types 'none'",
].join('; ');

/** A server of one page, whose script is a file of this folder with all that it imports. */
export interface PageSite {
  readonly url: string;
  close(): Promise<void>;
}

export async function servePage(file: string): Promise<PageSite> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    ...{ bundle: true, write: false, format: 'iife', platform: 'browser' },
    alias: { 'flooim/wire': fileURLToPath(new URL('../../../src/wire/index.ts', import.meta.url)) },
    // What the build of the package defines away: a strict policy reports long's WebAssembly.
    define: { WebAssembly: 'undefined' },
  });
  const script = outputFiles[0]!.text;
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.setHeader('content-security-policy', POLICY);
    response.end(isScript ? script : '<!doctype html><link rel="icon" href="data:,"><script src="page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
