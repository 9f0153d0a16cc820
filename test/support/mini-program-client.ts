import { fileURLToPath } from 'node:url';
import type { createClient, flooim, FlooClient, PlatformFile } from '../../src/entries/wechat.ts';
import type { MiniProgramApi } from '../../src/platform/mini-program/api.ts';
import type { ClientOptions } from '../../src/options.ts';
import { EventRecord } from './client-events.ts';
import { createMiniProgramEngine } from './mini-program-vm.ts';
import type { MiniProgramEngine } from './mini-program-vm.ts';
import type { MiniProgramRun, Phone } from './mini-program.ts';

/** What `require('../im/flooim')` gives an app. */
type MiniProgramSdk = typeof flooim & {
  default: typeof flooim;
  flooim: typeof flooim;
  createClient: typeof createClient;
};

/** A busy machine takes its time. */
export const PATIENCE_MS = 30_000;

/** The global of each kind of mini-program, and the file its apps copy. */
export const BUILDS = {
  wechat: { kind: 'wx', file: fileURLToPath(new URL('../../dist/wechat.cjs', import.meta.url)) },
  uniapp: { kind: 'uni', file: fileURLToPath(new URL('../../dist/uniapp.cjs', import.meta.url)) },
} as const;

export interface RunningApp {
  readonly run: MiniProgramRun;
  readonly engine: MiniProgramEngine;
  readonly sdk: MiniProgramSdk;
  readonly im: FlooClient;
  readonly events: EventRecord;
}

/** Starts the app on a phone: an engine of its own, the built file in it, and its page-wide client. @param platform what it finds there. */
export function startApp(
  build: keyof typeof BUILDS,
  phone: Phone,
  options: ClientOptions,
  platform = (api: MiniProgramApi): MiniProgramApi => api,
): RunningApp {
  const run = phone.launch();
  const { kind, file } = BUILDS[build];
  const engine = createMiniProgramEngine(run.timers, { [kind]: platform(run.api) });
  const sdk = engine.load(file) as MiniProgramSdk;
  const im = sdk({ logLevel: 'warn', backoff: { baseMs: 4, capMs: 40 }, ...options });
  return { run, engine, sdk, im, events: new EventRecord(im, PATIENCE_MS) };
}

export async function bytesOfFile(file: PlatformFile): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(0, file.size).arrayBuffer());
}
