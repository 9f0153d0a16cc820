import { FRIEND_IDS, GROUP_DETAILS, GROUP_IDS, USER_DETAILS } from '../http/endpoints.ts';
import type { Endpoint } from '../http/endpoints.ts';
import { allItems } from '../http/pages.ts';
import type { RestClient } from '../http/rest-client.ts';
import type { GroupInfo } from '../model/group.ts';
import { parseId, SYSTEM_ID } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { RosterItem } from '../model/user.ts';
import type { Store } from '../store/store.ts';
import { flatMap } from '../util/es2019.ts';

/** The server accepts at most this many ids in one request (observed). */
const USERS_PER_REQUEST = 100;
const GROUPS_PER_REQUEST = 20;

interface DirectoryListener {
  onFriends(): void;
  onGroups(): void;
  /** The details of these users were fetched. */
  onUsers(ids: readonly Id[]): void;
}

/** Friends and groups: the server's lists, and the details of the users and groups in them. */
export class Directory {
  private readonly rest: RestClient;
  private readonly store: Store;
  private readonly self: Id;
  private readonly listener: DirectoryListener;

  constructor(deps: { rest: RestClient; store: Store; self: Id; listener: DirectoryListener }) {
    this.rest = deps.rest;
    this.store = deps.store;
    this.self = deps.self;
    this.listener = deps.listener;
  }

  /**
   * Replaces both lists with the server's and fetches missing details.
   *
   * @throws FlooError when a list could not be fetched
   */
  async refresh(): Promise<void> {
    await Promise.all([this.refreshFriends(), this.refreshGroups()]);
  }

  /** Fetches the list of friends. @returns their ids */
  async refreshFriends(): Promise<Id[]> {
    const ids = await this.idsOf(FRIEND_IDS);
    await this.store.update((tx) => tx.setFriends(ids));
    await this.fetchUsers([...ids, this.self]);
    this.listener.onFriends();
    return ids;
  }

  /** Fetches the list of groups. @returns their ids */
  async refreshGroups(): Promise<Id[]> {
    const ids = await this.idsOf(GROUP_IDS);
    await this.store.update((tx) => tx.setGroups(ids));
    await this.fetchGroups(ids);
    this.listener.onGroups();
    return ids;
  }

  /** Fetches the users whose name is not known; with `refetch`, all of them. @returns whether any were fetched */
  async fetchUsers(ids: Iterable<Id>, refetch = false): Promise<boolean> {
    const { reader, loaded } = this.store;
    await loaded;
    const wanted = others(ids).filter((id) => refetch || !reader.user(id)?.username);
    for (const list of chunks(wanted, USERS_PER_REQUEST)) {
      const { data } = await this.rest.call(USER_DETAILS, { list });
      await this.store.update((tx) => tx.putUsers(namedIn<RosterItem>(data, 'user_id', list)));
      this.listener.onUsers(list);
    }
    return wanted.length > 0;
  }

  /** Fetches the groups whose name is not known; with `refetch`, all of them. @returns whether any were fetched */
  async fetchGroups(ids: Iterable<Id>, refetch = false): Promise<boolean> {
    const { reader, loaded } = this.store;
    await loaded;
    const wanted = others(ids).filter((id) => refetch || !reader.group(id)?.name);
    for (const group_list of chunks(wanted, GROUPS_PER_REQUEST)) {
      const { data } = await this.rest.call(GROUP_DETAILS, { group_list });
      const infos = namedIn<BriefGroupInfo>(data, 'group_id', group_list).map(toInfo);
      await this.store.update((tx) => tx.putGroupInfos(infos));
    }
    return wanted.length > 0;
  }

  private async idsOf(endpoint: Endpoint): Promise<Id[]> {
    return flatMap(await allItems<unknown>(this.rest, endpoint), (item) => idOf(item) ?? []);
  }
}

/** A group in the answer of the batch endpoint, which calls the owner's id `owner`. */
type BriefGroupInfo = GroupInfo & { owner?: number };

const toInfo = ({ owner: owner_id, ...info }: BriefGroupInfo): GroupInfo => ({
  ...info,
  ...(owner_id !== undefined && { owner_id }),
});

/** The objects of an answer that are about these ids. */
function namedIn<T extends object>(data: unknown, idField: keyof T & string, ids: readonly Id[]): T[] {
  const asked = new Set(ids);
  return (Array.isArray(data) ? (data as unknown[]) : []).filter((item): item is T =>
    asked.has(parseId((item as Readonly<Record<string, unknown>> | null)?.[idField]) ?? ''),
  );
}

/** Each id once, without the system's: the server has no details of it. */
const others = (ids: Iterable<Id>): Id[] => [...new Set(ids)].filter((id) => id !== SYSTEM_ID);

/** The id of a list item, which is an id or a user. */
const idOf = (item: unknown): Id | undefined => parseId((item as { user_id?: unknown } | null)?.user_id ?? item);

function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
