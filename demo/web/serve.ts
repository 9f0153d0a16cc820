import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import type { ViteDevServer } from 'vite';

const HOST = '127.0.0.1';

/**
 * As strict as possible: nothing inline, nothing evaluated. The page may connect anywhere, because its address can name
 * the server.
 */
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
  /** The DNS URL for the page. */
  dnsServer: string;
  /** Names this run of the dev server, so that the page deletes the data of other runs. */
  serverRun: string;
  /** If the port is in use, the next free one is taken. Default 5173. */
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
