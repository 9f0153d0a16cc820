import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppData } from './app-data.ts';
import { IdSource } from './ids.ts';
import { Tokens } from './tokens.ts';

/** The app id that the server answers with "no such app". */
export const UNKNOWN_APP_ID = 'unknown-app';

/** All that the server knows: apps share nothing but the source of ids and the list of tokens. */
export class DevData {
  readonly tokens = new Tokens();
  readonly #ids: IdSource;
  readonly #apps = new Map<string, AppData>();

  readonly #files: string | undefined;

  /** @param folder keeps the uploaded files, each app's in one of its own. */
  constructor(firstItemId: bigint, folder?: string) {
    this.#ids = new IdSource(firstItemId);
    this.#files = folder === undefined ? undefined : join(folder, 'files');
  }

  isKnownApp(appId: string): boolean {
    return appId !== '' && appId !== UNKNOWN_APP_ID;
  }

  /** The data of an app, empty when it is asked for the first time. */
  app(appId: string): AppData {
    let app = this.#apps.get(appId);
    if (!app) {
      const folder = this.#files === undefined ? undefined : join(this.#files, `app-${encodeURIComponent(appId)}`);
      this.#apps.set(appId, (app = new AppData(appId, this.#ids, folder)));
    }
    return app;
  }

  /** The app that has this user. */
  appOf(userId: number): AppData | undefined {
    return [...this.#apps.values()].find((app) => app.users.get(userId));
  }

  /** Forget all apps and tokens; ids go on, so that nothing is ever named twice. */
  clear(): void {
    this.#apps.clear();
    this.tokens.clear();
    if (this.#files !== undefined) rmSync(this.#files, { recursive: true, force: true });
  }
}
