// A page of our own in a real Chromium: its code bundled from the sources, served on the loopback.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';

const HOST = '127.0.0.1';

export interface Site {
  readonly url: string;
  close(): void;
}

/**
 * Serves a page that runs a script.
 *
 * @param script a path from the folder of this file, or a `file:` URL.
 * @param checkout the folder whose `src` the script gets in the place of ours.
 */
export async function serveSite(script: string, checkout?: string): Promise<Site> {
  const code = await bundle(fileURLToPath(new URL(script, import.meta.url)), checkout);
  const server = createServer(({ url }, response) => {
    const isScript = url === '/page.js';
    response.setHeader('content-type', `text/${isScript ? 'javascript' : 'html'}; charset=utf-8`);
    // Isolated from other origins, so that performance.now() ticks in 5 µs.
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
    response.end(isScript ? code : '<!doctype html><title>flooim</title><script src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function bundle(entry: string, checkout: string | undefined): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    // Compiler options of the repository are for checking only.
    tsconfigRaw: {},
    plugins: checkout === undefined ? [] : [sourcesOf(checkout)],
  });
  return outputFiles[0]!.text;
}

/** Takes what files beside `src` import from there from another checkout. */
const sourcesOf = (checkout: string): Plugin => ({
  name: 'sources',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^(\.\.\/)+src\// }, ({ path }) => ({
      path: join(checkout, path.replace(/^(\.\.\/)+/, '')),
    }));
  },
});
