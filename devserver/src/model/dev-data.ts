import type { Ports } from '../ports.ts';
import type { Journal } from '../records/records.ts';
import { AppData } from './app-data.ts';
import { IdSource } from './ids.ts';
import { Tokens } from './tokens.ts';

/** The app id that the server answers with "no such app". */
export const UNKNOWN_APP_ID = 'unknown-app';

const APP_SCOPE = 'app-';
const SERVER_SCOPE = 'server';

/** All data of the server. Apps share only the source of ids and the list of tokens. */
export class DevData {
  readonly #journal: Journal;
  readonly #ports: Pick<Ports, 'random' | 'files'>;
  readonly #ids: IdSource;
  readonly #apps = new Map<string, AppData>();
  #tokens: Tokens;

  constructor(journal: Journal, firstItemId: bigint, ports: Pick<Ports, 'random' | 'files'>) {
    this.#journal = journal;
    this.#ports = ports;
    const records = journal.records(SERVER_SCOPE);
    this.#ids = new IdSource(records, firstItemId);
    this.#tokens = new Tokens(records, ports.random);
    const apps = journal.scopes.filter((scope) => scope.startsWith(APP_SCOPE));
    for (const scope of apps) this.app(decodeURIComponent(scope.slice(APP_SCOPE.length)));
  }

  get tokens(): Tokens {
    return this.#tokens;
  }

  isKnownApp(appId: string): boolean {
    return appId !== '' && appId !== UNKNOWN_APP_ID;
  }

  /** The data of an app; empty at the first call. */
  app(appId: string): AppData {
    let app = this.#apps.get(appId);
    if (!app) {
      const scope = `${APP_SCOPE}${encodeURIComponent(appId)}`;
      const { random, files } = this.#ports;
      app = new AppData(appId, this.#ids, this.#journal.records(scope), random, files?.folder(scope));
      this.#apps.set(appId, app);
    }
    return app;
  }

  /** Every app so far. */
  apps(): AppData[] {
    return [...this.#apps.values()];
  }

  /** The app that has this user. */
  appOf(userId: number): AppData | undefined {
    return this.apps().find((app) => app.users.get(userId));
  }

  /** Forgets all apps and tokens. Ids continue, so that no id is used twice. */
  clear(): void {
    this.#journal.clear();
    this.#ids.keep();
    this.#apps.clear();
    this.#tokens = new Tokens(this.#journal.records(SERVER_SCOPE), this.#ports.random);
    this.#ports.files?.clear();
  }
}
