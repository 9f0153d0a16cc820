import type { Account } from '../account/account.ts';
import type { ClientEvents } from '../client-events.ts';
import { FlooError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import type { StoreDraft } from '../store/draft.ts';
import { clearConversation } from '../sync/clear-conversation.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import type { Emitter } from '../util/emitter.ts';
import type { Details } from './details.ts';
import { toGroupNotice, toRosterNotice } from './notice-meta.ts';
import { groupOutcome, rosterOutcome } from './notice-rules.ts';
import type { NoticeOutcome } from './notice-rules.ts';
import { tell } from './telling.ts';
import type { Telling } from './telling.ts';

export interface NoticesDeps {
  emitter: Emitter<ClientEvents>;
  details: Details;
  onProblem(error: FlooError): void;
}

/** Notices about friends and groups: what they change is stored, they are told, and what is out of date is fetched, once for all of a page. */
export class Notices {
  readonly #deps: NoticesDeps;
  /** Keeps them in order while one page's changes are being stored. */
  #told: Promise<void> = Promise.resolve();

  constructor(deps: NoticesDeps) {
    this.#deps = deps;
  }

  handle(events: readonly SyncEvent[], account: Account): void {
    const outcomes = events.flatMap((event) => outcomeOf(event, account.uid) ?? []);
    if (outcomes.length > 0) this.#told = this.#told.then(() => this.#handle(outcomes, account));
  }

  async #handle(outcomes: readonly NoticeOutcome[], account: Account): Promise<void> {
    const { emitter, details, onProblem } = this.#deps;
    const changes: Telling[] = [];
    if (outcomes.some(({ gone, user, group }) => gone ?? user ?? group)) {
      try {
        changes.push(...(await account.store.update((draft) => applyOutcomes(draft, outcomes, account.uid))));
      } catch (error) {
        if (account.isOpen) onProblem(FlooError.from(error, 'DbOperationFailed'));
      }
    }
    if (!account.isOpen) return;
    const changed = moveMembers(outcomes, account);
    for (const telling of [...changes, ...outcomes.flatMap(({ told }) => told)]) tell(emitter, telling);
    const users = outcomes.flatMap(({ staleUser }) => staleUser ?? []);
    const groups = outcomes.flatMap(({ staleGroup }) => staleGroup ?? []);
    details.refresh(account, { users, groups, members: changed });
  }
}

/** Those who left are members no more. @returns whom to ask the server about, by group. */
function moveMembers(outcomes: readonly NoticeOutcome[], { members }: Account): Map<Id, Set<Id>> {
  const changed = new Map<Id, Set<Id>>();
  for (const { members: moved } of outcomes) {
    if (!moved) continue;
    const { group, ids, left } = moved;
    const asked = changed.get(group) ?? new Set();
    changed.set(group, asked);
    for (const id of ids) asked[left ? 'delete' : 'add'](id);
    if (left) members.remove(group, ids);
  }
  return changed;
}

function outcomeOf(event: SyncEvent, self: Id): NoticeOutcome | undefined {
  if (event.type === 'group-notice') return groupOutcome(toGroupNotice(event.meta), self);
  return event.type === 'roster-notice' ? rosterOutcome(toRosterNotice(event.meta), self) : undefined;
}

/** @returns what the conversation list has to say about it. */
async function applyOutcomes(draft: StoreDraft, outcomes: readonly NoticeOutcome[], self: Id): Promise<Telling[]> {
  const told: Telling[] = [];
  for (const { gone, user, group } of outcomes) {
    if (user) draft.putUsers([user]);
    if (group) draft.putGroupInfos([group]);
    if (!gone) continue;
    const before = draft.conversation(gone.conversation);
    if (!(await clearConversation(draft, gone.conversation, gone.upTo, self)) || !before) continue;
    if (before.unread + before.undelivered > 0) told.push(['onUnreadChange', before.id]);
    told.push(['recentlistUpdate', undefined]);
  }
  return told;
}
