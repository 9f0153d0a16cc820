import type { FlooClient, FlooError } from '../index.ts';
import type { Hub, HubEvent, Topic } from './hub.ts';
import { createLive } from './live.ts';
import type { Live } from './live.ts';

/** Something that is fetched from the server. */
export interface Fetched<T> {
  /** What was fetched last. */
  readonly data: T;
  /** Whether it is being fetched. */
  readonly isLoading: boolean;
  /** Why it could not be fetched. Undefined when it could. */
  readonly error: FlooError | undefined;
}

/** A live value that is fetched from the server. */
export interface LiveFetched<T> extends Live<Fetched<T>> {
  /** Fetches it again. It resolves when that is done, and never rejects. */
  reload(): Promise<void>;
}

interface FetchedSource<T> {
  readonly empty: T;
  readonly topics?: readonly Topic[];
  /** Whether it has to be fetched again after an event of its topics. */
  isOutdatedBy?(event: HubEvent): boolean;
  /** Absent: there is nothing to fetch, because the app has chosen nothing. */
  readonly fetch: ((client: FlooClient) => Promise<T>) | undefined;
  /** What was fetched, as it reads now. */
  read?(client: FlooClient, fetched: T): T;
}

/** Makes a live value that is fetched while somebody follows it. The answer to the last request counts. */
export function createFetched<T>(hub: Hub, source: FetchedSource<T>): LiveFetched<T> {
  const { topics = [], isOutdatedBy, fetch, read = (_client, fetched) => fetched } = source;
  const empty: Fetched<T> = { data: source.empty, isLoading: false, error: undefined };
  let state = empty;
  let request = 0;

  const reload = async (): Promise<void> => {
    const { client } = hub;
    // Before the login nothing can be fetched; `loginSuccess` follows.
    if (!client?.isLogin() || !fetch) return;
    const own = ++request;
    const settle = (settled: Partial<Fetched<T>>): void => {
      if (own === request) state = { ...state, isLoading: false, error: undefined, ...settled };
      live.update();
    };
    settle({ isLoading: true });
    await fetch(client).then(
      (data) => settle({ data }),
      // Every call of the client rejects with a FlooError.
      (error: unknown) => settle({ error: error as FlooError }),
    );
  };
  const live = createLive<Fetched<T>>(hub, {
    topics,
    empty,
    read: fetch && ((client) => ({ ...state, data: read(client, state.data) })),
    onEvent: (event) => {
      if (event === 'logout' || event === 'close') {
        request++;
        state = empty;
      } else if (event === 'open' || event === 'loginSuccess' || isOutdatedBy?.(event)) void reload();
    },
  });
  return { ...live, reload };
}
