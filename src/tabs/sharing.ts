import type { Accounts } from '../account/account.ts';
import { createAccounts } from '../account/local-account.ts';
import type { LocalAccountDeps } from '../account/local-account.ts';
import type { Tabs } from '../platform/ports.ts';
import type { ConnectionListener } from '../session/connection.ts';
import { createTimelyKvProvider } from '../store/timely-kv.ts';
import { openSharedAccount } from './shared-account.ts';
import { SharedConnection } from './shared-connection.ts';
import type { TabGroup } from './tab-group.ts';

interface SharingDeps extends LocalAccountDeps {
  tabs: Tabs;
  /** The connection, as this tab sees it, has another state. */
  onState: ConnectionListener['onState'];
}

/** Accounts and a connection that all tabs of a user share. */
interface Sharing {
  readonly accounts: Accounts;
  /** The connection, as this tab sees it. */
  readonly connection: SharedConnection;
  /** The socket of this tab has another state. */
  readonly onSocket: ConnectionListener['onState'];
}

export function createSharing({ tabs, onState, ...deps }: SharingDeps): Sharing {
  const connection = new SharedConnection({ connection: deps.connection, onState });
  const kv = createTimelyKvProvider(deps.kv, deps.clock);
  let current: TabGroup | undefined;
  return {
    connection,
    accounts: {
      open: async (uid) =>
        openSharedAccount(uid, {
          ...{ ...deps, kv, tabs, view: connection },
          onGroup: (group) => {
            current = group;
            connection.attach(group);
          },
        }),
      drop: createAccounts(deps).drop,
    },
    onSocket: (state, previous) => current?.socketChanged(state, previous),
  };
}
