import type { GroupInfo } from '../model/group.ts';
import { parseId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { RosterItem } from '../model/user.ts';
import { conversationKey } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { dispatch } from './commit.ts';
import type { DispatchDeps } from './commit.ts';
import type { SyncEvent } from './sync-events.ts';

/**
 * What a call of the user's changed in the records of users and groups. The server's notice says the same a moment later, here
 * and to the user's other devices.
 */
export interface DetailChange {
  /** A group's id and those of its details that changed. */
  readonly group?: GroupInfo | undefined;
  /** A user's id and those of the details that changed. */
  readonly user?: RosterItem | undefined;
  /** Details of a group that the app has asked for: they are no news. */
  readonly fetched?: GroupInfo | undefined;
  /** A friend no more: the chat leaves the list. */
  readonly unfriended?: Id | undefined;
  /** A new friend. */
  readonly befriended?: Id | undefined;
  /** A new group. */
  readonly joined?: GroupInfo | undefined;
  /** A group that the user left: its conversation leaves the list. */
  readonly left?: Id | undefined;
}

/** Shows at once what calls of the user's changed. */
export class DetailCommands {
  private readonly deps: DispatchDeps;

  constructor(deps: DispatchDeps) {
    this.deps = deps;
  }

  /** One that cannot be stored is undone here; the notice, which is not acknowledged before it is stored, brings it. */
  change(change: DetailChange): void {
    void dispatch(this.deps, (tx) => {
      put(tx, change);
      return eventsOf(change);
    });
  }
}

function put(tx: StoreTransaction, change: DetailChange): void {
  const { group, user, fetched, unfriended, befriended, joined, left } = change;
  for (const info of [group, fetched]) if (info) tx.putGroupInfos([info]);
  if (user) tx.putUsers([user]);
  if (unfriended !== undefined) {
    tx.removeFriend(unfriended);
    unlist(tx, conversationKey('roster', unfriended));
  }
  if (befriended !== undefined) tx.addFriend(befriended);
  const joinedId = parseId(joined?.group_id);
  if (joined && joinedId !== undefined) {
    tx.addGroup(joinedId);
    tx.putGroupInfos([joined]);
  }
  if (left === undefined) return;
  tx.removeGroup(left);
  unlist(tx, conversationKey('group', left));
}

function unlist(tx: StoreTransaction, key: ConversationKey): void {
  if (tx.conversation(key)) tx.updateConversation(key, { listed: false });
}

function eventsOf({ group, user, unfriended, befriended, joined, left }: DetailChange): SyncEvent[] {
  const events: SyncEvent[] = [];
  const userId = parseId(user?.user_id);
  if (group ?? joined ?? left) events.push({ type: 'groups' });
  if (userId !== undefined) events.push({ type: 'users', ids: [userId] });
  if (userId ?? befriended ?? unfriended) events.push({ type: 'friends' });
  if (left ?? unfriended) events.push({ type: 'list' });
  return events;
}
