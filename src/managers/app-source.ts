import type { AccountSource } from '../account/account.ts';
import type { Id } from '../model/ids.ts';
import type { IdentityStore } from '../session/identity.ts';

/** What managers know of the app: the last DNS answer about it and its servers, and the configuration of this client. */
export interface AppSource {
  readonly hosts: {
    /** The last DNS answer. Undefined before the first. */
    readonly answer:
      | {
          clusters: readonly { ratel: readonly string[] }[];
          appStatus: string;
          accountVerification: Record<string, unknown>;
          linkServers: readonly string[];
          serverIp: string;
        }
      | undefined;
    /** The media server for calls, by a WebSocket URL. Undefined where there is none. */
    readonly mediaServer: string | undefined;
    /** The host in use, `protocol://host`. */
    current(kind: 'ratel' | 'fireplace'): string | undefined;
  };
  readonly options: { appId: string; linkServer: string; transport: string };
  readonly identities: IdentityStore;
  readonly status: AppStatus;
}

/** The state of the app at its servers. */
export interface AppStatus {
  /** The app's switches in the last answer of a server, which may be from an earlier run. */
  readonly config: Record<string, unknown> | undefined;
  /** `banned`, `frozen` or `revoked` when DNS refused the app; `''` when it did not. */
  readonly refusedAs: string;
}

/** The user who is logged in, or whose session is being resumed. */
export function currentUser(accounts: AccountSource, app: () => AppSource | undefined): Id | undefined {
  return accounts.current()?.uid ?? app()?.identities.load()?.uid;
}
