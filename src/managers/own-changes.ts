import type { Account, AccountSource } from '../account/account.ts';
import type { ClientEvents } from '../client-events.ts';
import type { GroupInfo } from '../model/group.ts';
import { idNumber, parseId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { RosterItem } from '../model/user.ts';
import type { DetailChange } from '../sync/detail-commands.ts';
import type { Emitter } from '../util/emitter.ts';
import { fromEntries } from '../util/es2019.ts';

/** The parameters that a call took. */
export type CallParams = Readonly<Record<string, unknown>>;

/** What a REST call changed. The server's notice says the same a moment later, here and to the user's other devices. */
export interface OwnChange {
  /** Details of the group that the call names. */
  readonly group?: Partial<GroupInfo>;
  /** Details of the user that the call names; of the user's own when it names nobody. */
  readonly user?: Partial<RosterItem>;
  /** Who is a friend, which groups are joined, and which conversations are listed. */
  readonly lists?: Pick<DetailChange, 'befriended' | 'joined' | 'left'>;
  /** Members of the group who left it. */
  readonly gone?: readonly Id[];
  /** The user's card in the group. */
  readonly card?: string;
}

/**
 * What a call changed.
 *
 * @param data - of the server's answer
 */
export type OwnChangeOf = (params: CallParams, data: unknown) => OwnChange;

interface OwnChangeDeps {
  accounts: AccountSource;
  emitter: Emitter<ClientEvents>;
}

/** The calls. When the promise of one that changes something resolves, getters show it and its events were emitted. */
export function withOwnChanges<Calls extends object>(
  calls: Calls,
  changes: { readonly [Name in keyof Calls]?: OwnChangeOf },
  { accounts, emitter }: OwnChangeDeps,
): Calls {
  const changing = { ...calls };
  for (const name of Object.keys(changes) as (keyof Calls & string)[]) {
    const call = calls[name] as (given: unknown) => Promise<unknown>;
    const method = async (given?: object): Promise<unknown> => {
      const account = accounts.current();
      const params: CallParams = { ...given };
      // What is not known yet would look as if it changed meanwhile.
      if (account?.store.isLoaded === false) await account.store.loaded;
      const before = account && detailsNamed(account, params);
      const data = await call(given);
      if (before && account.isOpen) show(account, emitter, params, before, changes[name]!(params, data));
      return data;
    };
    changing[name] = method as Calls[typeof name];
  }
  return changing;
}

interface Named {
  readonly group: GroupInfo | undefined;
  readonly user: RosterItem | undefined;
}

const groupIn = (params: CallParams): Id => parseId(params['group_id']) ?? '0';
const userIn = (params: CallParams, self: Id): Id => parseId(params['user_id']) ?? self;

function detailsNamed({ store, uid }: Account, params: CallParams): Named {
  return { group: store.reader.group(groupIn(params)), user: store.reader.user(userIn(params, uid)) };
}

function show(
  account: Account,
  emitter: Emitter<ClientEvents>,
  params: CallParams,
  before: Named,
  { group, user, lists, gone, card }: OwnChange,
): void {
  const { uid, members } = account;
  const [groupId, userId] = [groupIn(params), userIn(params, uid)];
  const now = detailsNamed(account, params);
  const groupFields = unchanged(group, before.group, now.group);
  const userFields = unchanged(user, before.user, now.user);
  if (groupFields || userFields || lists) {
    account.sync.details.change({
      ...(groupFields && { group: { ...groupFields, group_id: idNumber(groupId) } }),
      ...(userFields && { user: { ...userFields, user_id: idNumber(userId) } }),
      ...lists,
    });
  }
  const haveLeft = gone !== undefined && members.remove(groupId, gone);
  const isRenamed = card !== undefined && members.rename(groupId, uid, card);
  if (haveLeft || isRenamed) emitter.emit('onGroupMemberChanged', idNumber(groupId));
}

/** The fields without those that a notice changed meanwhile, which may be newer; undefined when none is left. */
function unchanged<T extends object>(fields: T | undefined, before: T | undefined, now: T | undefined): T | undefined {
  const left = Object.entries(fields ?? {}).filter(
    ([name, value]) =>
      value !== undefined && fieldOf(before, name) === fieldOf(now, name) && value !== fieldOf(now, name),
  );
  return left.length > 0 ? (fromEntries(left) as T) : undefined;
}

const fieldOf = (record: object | undefined, name: string): unknown => (record as CallParams | undefined)?.[name];
