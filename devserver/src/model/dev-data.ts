import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppData } from './app-data.ts';
import { IdSource } from './ids.ts';
import { Tokens } from './tokens.ts';

/** The app id that the server answers with "no such app". */
export const UNKNOWN_APP_ID = 'unknown-app';

/** All data of the server. Apps share only the source of ids and the list of tokens. */
export class DevData {
  readonly tokens = new Tokens();
  readonly #ids: IdSource;
  readonly #apps = new Map<string, AppData>();

  readonly #files: string | undefined;

  /** @param folder for uploaded files, with a subfolder for each app */
  constructor(firstItemId: bigint, folder?: string) {
    this.#ids = new IdSource(firstItemId);
    this.#files = folder === undefined ? undefined : join(folder, 'files');
  }

  isKnownApp(appId: string): boolean {
    return appId !== '' && appId !== UNKNOWN_APP_ID;
  }

  /** The data of an app; empty at the first call. */
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

  /** Forgets all apps and tokens. Ids continue, so that no id is used twice. */
  clear(): void {
    this.#apps.clear();
    this.tokens.clear();
    if (this.#files !== undefined) rmSync(this.#files, { recursive: true, force: true });
  }
}
