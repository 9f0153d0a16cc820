import type { Account } from '../account/account.ts';
import { GroupMembers } from '../directory/group-members.ts';
import type { FlooError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import type { FileBody } from '../platform/ports.ts';
import type { AccountParts } from './follower-parts.ts';
import { TabGroup } from './tab-group.ts';
import type { TabGroupDeps } from './tab-group.ts';

interface SharedAccountDeps extends Omit<TabGroupDeps, 'account' | 'uid'> {
  /** The tab has the socket, or knows who has it; undefined when the account closes. */
  onGroup(group: TabGroup | undefined): void;
}

/** Opens the account of a user who may be open in other tabs. */
export async function openSharedAccount(uid: Id, { onGroup, ...deps }: SharedAccountDeps): Promise<Account> {
  let isOpen = true;
  let isTakenOver = false;
  const account: Account = {
    uid,
    get store() {
      return group.parts.store;
    },
    get device() {
      return group.parts.device;
    },
    get sync() {
      return group.parts.sync;
    },
    get directory() {
      return group.parts.directory;
    },
    get members() {
      return members;
    },
    get files() {
      const { files } = group.parts;
      return {
        send: (...message: Parameters<AccountParts['files']['send']>) => {
          const mid = files.send(...message);
          group.files.keep(mid, fileOf(message));
          return mid;
        },
        percentOf: (mid: Id) => files.percentOf(mid),
      };
    },
    resend: (mid) => group.parts.resend(mid),
    discard: async (mid) => group.parts.discard(mid),
    explain: async () => group.parts.explain(),
    get isOpen() {
      return isOpen;
    },
    get isTakenOver() {
      return isTakenOver;
    },
    giveUp: (reason: FlooError) => {
      if (isTakenOver) return;
      isTakenOver = true;
      group.giveUp(reason);
    },
    // The socket is that of all tabs: its states reach the data in the tab that leads.
    online: () => undefined,
    offline: () => undefined,
    settled: async () => group.parts.settled(),
    close: async () => {
      isOpen = false;
      onGroup(undefined);
      await group.close();
    },
  };
  const group = new TabGroup({ ...deps, uid, account });
  onGroup(group);
  const members = new GroupMembers({
    rest: deps.rest,
    self: uid,
    store: {
      get reader() {
        return account.store.reader;
      },
      get loaded() {
        return account.store.loaded;
      },
    },
    directory: { fetchUsers: async (ids, refetch) => account.directory.fetchUsers(ids, refetch) },
  });
  await group.open().catch((error: unknown) => {
    onGroup(undefined);
    throw error;
  });
  return account;
}

const fileOf = ([, , file]: readonly [unknown, unknown, FileBody, ...unknown[]]): FileBody => file;
