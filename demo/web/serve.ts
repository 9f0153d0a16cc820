import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import type { ViteDevServer } from 'vite';

const HOST = '127.0.0.1';

/** As strict as a page can have it: nothing inline, nothing evaluated. Which servers it talks to, its address may say. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data: blob: http: https:',
  'media-src blob: http: https:',
  'connect-src http: https: ws: wss:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export interface DemoOptions {
  /** Where the page asks for its servers. */
  dnsServer: string;
  /** Names this run of the dev server: the page forgets what it kept of others. */
  serverRun: string;
  /** The next free one is taken when it is in use. Default 5173. */
  port?: number;
  /** Reload the page when its files change. Default true. */
  watch?: boolean;
}

export interface DemoServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the demo page on 127.0.0.1. */
export async function serveDemo({ dnsServer, serverRun, port = 5173, watch = true }: DemoOptions): Promise<DemoServer> {
  const vite: ViteDevServer = await createServer({
    root: fileURLToPath(new URL('.', import.meta.url)),
    logLevel: 'warn',
    clearScreen: false,
    define: {
      'import.meta.env.VITE_DNS_SERVER': JSON.stringify(dnsServer),
      'import.meta.env.VITE_SERVER_RUN': JSON.stringify(serverRun),
    },
    server: {
      host: HOST,
      port,
      headers: { 'Content-Security-Policy': CONTENT_SECURITY_POLICY },
      ...(!watch && { watch: null, hmr: false }),
    },
  });
  await vite.listen();
  const { port: taken } = vite.httpServer!.address() as { port: number };
  return { url: `http://${HOST}:${taken}/`, close: () => vite.close() };
}
