import type { IdentityStore } from '../session/identity.ts';

/** What managers know of the app: what DNS said of it and its servers, and how this client was configured. */
export interface AppSource {
  readonly hosts: {
    /** Undefined before any answer. */
    readonly answer:
      | {
          clusters: readonly { ratel: readonly string[]; rtc: readonly string[] }[];
          appStatus: string;
          accountVerification: Record<string, unknown>;
          linkServers: readonly string[];
          serverIp: string;
        }
      | undefined;
    /** The host in use, `protocol://host`. */
    current(kind: 'ratel' | 'fireplace'): string | undefined;
  };
  readonly options: { appId: string; linkServer: string; transport: string };
  readonly identities: IdentityStore;
  readonly status: AppStatus;
}

/** What only the servers know of the app. */
export interface AppStatus {
  /** Its switches, as the server said them last, in an earlier run too. */
  readonly config: Record<string, unknown> | undefined;
  /** `banned`, `frozen`, `revoked`: DNS refused it. */
  readonly refusedAs: string;
}
