import { FlooError, sessionEnd, statusError } from '../errors.ts';
import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { StoreDraft } from '../store/draft.ts';
import type { OutboxEntry } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { Timers } from '../util/timers.ts';
import type { Clock } from '../platform/ports.ts';
import type { SyncDown, UpFrame } from '../wire/frame-types.ts';
import { failureOf } from '../wire/status.ts';
import { StatusErrorCode } from '../wire/gen/enums.ts';
import { applyMessages } from './apply-messages.ts';
import { applyOperation } from './operations.ts';
import { sendFrame } from './outgoing.ts';
import type { Sender } from './outgoing.ts';
import type { SyncEvent } from './sync-events.ts';

/** Sent and not yet answered at most this many, so that a slow link is not filled with what must be sent again. */
const MAX_IN_FLIGHT = 64;
const DUPLICATED = 'client msg id duplicated';

export interface OutboxDeps {
  store: Store;
  clock: Clock;
  self: Id;
  sender(): Sender;
  /** @returns false when not online. */
  send(frame: UpFrame): boolean;
  /** The server answers nothing: the socket is to be left. */
  onUnanswered(): void;
  /** A sent message's server id is unknown: look for it in this conversation's history. */
  onUnnumbered(conversation: Id): void;
  emit(events: readonly SyncEvent[]): void;
  ackTimeoutMs: number;
}

/**
 * What this device has to say, in the order it was said. A row is stored before its first byte leaves and deleted with its
 * answer; when the socket dies in between it is sent again under the same client mid, which the server takes once.
 */
export class Outbox {
  readonly #deps: OutboxDeps;
  readonly #timers: Timers<'ack'>;
  /** Waiting to be sent, ascending. */
  #queue: OutboxEntry[];
  /** Sent on this socket and not answered, in order. */
  readonly #inFlight = new Map<Id, OutboxEntry>();
  /** Rows of which a first byte may have left on an earlier socket. */
  readonly #maybeArrived = new Set<Id>();
  #online = false;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
    this.#timers = new Timers(deps.clock);
    this.#queue = inOrder([...deps.store.working.outbox.values()].filter(({ state }) => state === 'queued'));
    for (const { mid } of this.#queue) this.#maybeArrived.add(mid);
  }

  /** Sends rows that are stored. */
  push(entries: readonly OutboxEntry[]): void {
    this.#queue.push(...entries);
    this.#pump();
  }

  online(): void {
    this.#online = true;
    for (const entry of this.#deps.store.working.outbox.values()) {
      if (entry.state === 'unnumbered') this.#deps.onUnnumbered(entry.conversation.slice(1));
    }
    this.#pump();
  }

  /** What was not answered is sent again, in its place. */
  offline(): void {
    this.#online = false;
    this.#timers.clear('ack');
    this.#queue = inOrder([...this.#inFlight.values(), ...this.#queue]);
    for (const mid of this.#inFlight.keys()) this.#maybeArrived.add(mid);
    this.#inFlight.clear();
  }

  /** The answer to one of our rows. */
  async handleAnswer(answer: SyncDown): Promise<void> {
    const entry = this.#inFlight.get(answer.client_mid!);
    // An answer that comes twice, or after its row was answered on another socket.
    if (!entry) return;
    this.#inFlight.delete(entry.mid);
    this.#timers.clear('ack');
    this.#pump();
    const isResend = this.#maybeArrived.delete(entry.mid);
    const failure = failureOf(answer.status);
    if (!failure) return this.#conclude(entry, (draft) => this.#sent(draft, entry, answer));
    if (failure.code === StatusErrorCode.FAIL && failure.reason === DUPLICATED && isResend) {
      return this.#conclude(entry, (draft) => this.#arrivedUnnumbered(draft, entry));
    }
    const context = entry.conversation.startsWith('g') ? 'group-send' : 'send';
    const error = statusError(failure.code, failure.reason, context);
    if (sessionEnd(error)) {
      if (isResend) this.#maybeArrived.add(entry.mid);
      this.#queue.unshift(entry);
      this.#deps.emit([{ type: 'problem', error }]);
      return;
    }
    return this.#conclude(entry, (draft) => this.#refused(draft, entry, error));
  }

  /** Stores what an answer says. Where that fails the row still waits for one: it is sent again, and the server takes it once. */
  async #conclude(entry: OutboxEntry, task: (draft: StoreDraft) => Promise<SyncEvent[]> | SyncEvent[]): Promise<void> {
    if (await this.#commit(task)) return;
    if (this.#online) this.#inFlight.set(entry.mid, entry);
    else this.#queue.unshift(entry);
    this.#maybeArrived.add(entry.mid);
    this.#pump();
  }

  /**
   * Looks for the server ids of messages that are known to have arrived, among what is stored by now.
   *
   * @param historyReached everything newer than this is stored.
   * @returns whether some are still to be found further back.
   */
  async number(conversation: Id, historyReached: Id): Promise<boolean> {
    for (const entry of this.#unnumbered(conversation)) {
      await this.#commit(async (draft) => {
        const events = await this.#adopt(draft, entry);
        if (events) return events;
        if (compareIds(historyReached, entry.after) > 0) return [];
        // All of the conversation since it was sent is stored and it is not there: recalled, or edited. It did arrive.
        draft.deleteOutbox(entry.mid);
        return [{ type: 'sent', mid: entry.mid, message: entry.message! }];
      });
    }
    return this.#unnumbered(conversation).length > 0;
  }

  #unnumbered(conversation: Id): OutboxEntry[] {
    const rows = [...this.#deps.store.working.outbox.values()];
    return inOrder(
      rows.filter(({ state, conversation: key }) => state === 'unnumbered' && key.slice(1) === conversation),
    );
  }

  close(): void {
    this.offline();
    this.#queue = [];
  }

  #pump(): void {
    while (this.#online && this.#queue.length > 0 && this.#inFlight.size < MAX_IN_FLIGHT) {
      const entry = this.#queue.shift()!;
      if (!this.#deps.send(sendFrame(entry.mid, entry.meta, this.#deps.sender()))) {
        this.#queue.unshift(entry);
        return;
      }
      this.#inFlight.set(entry.mid, entry);
    }
    if (this.#inFlight.size > 0 && !this.#timers.has('ack')) {
      this.#timers.set('ack', this.#deps.ackTimeoutMs, () => this.#deps.onUnanswered());
    }
  }

  /** @returns whether it was stored. */
  async #commit(task: (draft: StoreDraft) => Promise<SyncEvent[]> | SyncEvent[]): Promise<boolean> {
    try {
      this.#deps.emit(await this.#deps.store.update(task));
      return true;
    } catch (error) {
      this.#deps.emit([{ type: 'problem', error: FlooError.from(error, 'DbOperationFailed') }]);
      return false;
    }
  }

  async #sent(draft: StoreDraft, entry: OutboxEntry, answer: SyncDown): Promise<SyncEvent[]> {
    const id = answer.server_mid ?? '0';
    if (!entry.message || id === '0') return this.#arrivedUnnumbered(draft, entry);
    draft.deleteOutbox(entry.mid);
    const time = answer.server_time && answer.server_time !== '0' ? answer.server_time : entry.message.timestamp;
    return this.#numbered(draft, entry, { ...entry.message, id, timestamp: time });
  }

  async #numbered(draft: StoreDraft, entry: OutboxEntry, message: Message): Promise<SyncEvent[]> {
    const events = await applyMessages(draft, entry.conversation, [message], this.#deps.self);
    return [...events, { type: 'sent', mid: entry.mid, message }];
  }

  async #operationDone(draft: StoreDraft, entry: OutboxEntry): Promise<SyncEvent[]> {
    const { self } = this.#deps;
    const meta = { id: entry.mid, from: { uid: self }, to: { uid: entry.meta.to ?? '0' }, ns: 1 as const };
    return applyOperation(draft, meta, entry.meta.payload, self);
  }

  /** It is there, under a server id that the answer does not tell: a resend of what the first try brought there, for one. */
  async #arrivedUnnumbered(draft: StoreDraft, entry: OutboxEntry): Promise<SyncEvent[]> {
    if (!entry.message) {
      draft.deleteOutbox(entry.mid);
      return this.#operationDone(draft, entry);
    }
    const events = await this.#adopt(draft, entry);
    if (events) return events;
    draft.putOutbox({ ...entry, state: 'unnumbered' });
    this.#deps.onUnnumbered(entry.conversation.slice(1));
    return [];
  }

  /** The entry's message among those stored, when a page brought it: ours, of the same content, and answered to no other send. */
  async #adopt(draft: StoreDraft, entry: OutboxEntry): Promise<SyncEvent[] | undefined> {
    const mine = entry.message!;
    const found = (await draft.messages.after(entry.conversation, entry.after)).find(
      (message) =>
        message.from === mine.from &&
        !message.clientMid &&
        message.type === mine.type &&
        message.content === mine.content &&
        message.ext === mine.ext &&
        JSON.stringify(message.attach) === JSON.stringify(mine.attach),
    );
    if (!found) return undefined;
    const message = { ...found, clientMid: entry.mid, isHistory: false };
    draft.deleteOutbox(entry.mid);
    await draft.messages.put(entry.conversation, [message]);
    const sent: SyncEvent = { type: 'sent', mid: entry.mid, message };
    // What only a search in the history brought was not told yet.
    return found.isHistory
      ? [{ type: 'message', conversation: entry.conversation, message, mentioned: false }, sent]
      : [sent];
  }

  #refused(draft: StoreDraft, entry: OutboxEntry, error: FlooError): SyncEvent[] {
    if (entry.message) draft.putOutbox({ ...entry, state: 'failed' });
    else draft.deleteOutbox(entry.mid);
    return [{ type: 'failed', mid: entry.mid, message: entry.message, error }];
  }
}

const inOrder = (entries: OutboxEntry[]): OutboxEntry[] => entries.sort((a, b) => compareIds(a.mid, b.mid));
