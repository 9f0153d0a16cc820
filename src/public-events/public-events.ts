import type { Account } from '../account/account.ts';
import type { ClientEvents } from '../client-events.ts';
import { sessionEnd } from '../errors.ts';
import type { FlooError } from '../errors.ts';
import { idNumber } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Clock, Logger } from '../platform/ports.ts';
import { TRIES_PER_HOST } from '../session/connection-state.ts';
import type { ConnectionState } from '../session/connection-state.ts';
import { peerIdOf } from '../store/schema.ts';
import { toGroupNotice, toMessageMeta, toRosterNotice } from '../sync/message-mapper.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import type { Emitter } from '../util/emitter.ts';
import { Pace } from '../util/pace.ts';
import { UserNoticeType } from '../wire/enums.ts';
import { Details } from './details.ts';
import type { Stale } from './details.ts';
import { describeError } from './error-event.ts';
import { emitEdit, emitMessage, emitSending, emitUploading } from './message-events.ts';
import { emitGroupNotice, emitRosterNotice } from './notice-events.ts';

/** Errors of frames and items that are emitted at once, and the pace of those after them. */
const PROBLEMS = 20;
const PROBLEM_INTERVAL_MS = 1000;

/** Emits public events for the events of sync, the connection and the session. */
export class PublicEvents {
  private readonly emitter: Emitter<ClientEvents>;
  private readonly logger: Logger;
  private readonly details: Details;
  private readonly problems: Pace;

  constructor(emitter: Emitter<ClientEvents>, logger: Logger, clock: Clock) {
    this.emitter = emitter;
    this.logger = logger;
    this.problems = new Pace(clock, PROBLEMS, PROBLEM_INTERVAL_MS);
    this.details = new Details({ emitter, onError: (error) => this.emitError(error) });
  }

  /** Emits what a commit of sync changed, and has the details fetched that are unknown or out of date. */
  emitSync(events: readonly SyncEvent[], account: Account): void {
    for (const event of events) this.emitOne(event, account.uid);
    this.details.fetchNamed(events, account);
    this.emitNotices(events, account);
  }

  /** Emits a step of the connection. */
  emitConnection(state: ConnectionState, previous: ConnectionState): void {
    if (state.name === previous.name) return;
    if (previous.name === 'online') {
      this.emitter.emit('disconnected', { reason: ('cause' in state && state.cause.rawMessage) || '' });
    }
    if (state.name === 'online') this.emitter.emit('connected', undefined);
    else if (state.name === 'connecting' && state.attempt > 0) {
      this.emitter.emit('reconnecting', { attempt: state.attempt });
    } else if (state.name === 'waiting' && state.attempt > 0 && state.attempt % TRIES_PER_HOST === 0) {
      this.emitter.emit('fireplaceError', undefined);
    }
  }

  emitOnline(): void {
    this.details.forget();
    this.emitter.emit('loginSuccess', {});
  }

  /** Emits an error of what the server sent. Of a flood of them only some are emitted. */
  emitProblem(error: FlooError): void {
    if (error.reason === 'DbOperationFailed') this.emitError(error);
    else this.problems.run(() => this.emitError(error));
  }

  /** Emits nothing more by itself. */
  close(): void {
    this.problems.cancel();
  }

  emitError(error: FlooError): void {
    this.logger.warn(error.message);
    this.emitter.emit('flooError', describeError(error));
  }

  private emitOne(event: SyncEvent, self: Id): void {
    const { emitter } = this;
    switch (event.type) {
      case 'message':
        return emitMessage(emitter, event, self);
      case 'typing':
        return emitter.emit('onInputStatusMessage', { ext: event.ext, from: event.from, to: event.to });
      case 'status':
      case 'recalled':
      case 'deleted':
      case 'cancelled':
        return emitter.emit(MESSAGE_CHANGE_EVENTS[event.type], { uid: peerIdOf(event.key), mid: event.mid });
      case 'edited':
        return emitEdit(emitter, event, self);
      case 'unread':
        return emitter.emit('onUnreadChange', peerIdOf(event.key));
      case 'list':
        return emitter.emit('recentlistUpdate', undefined);
      case 'friends':
        return emitter.emit('onRosterListUpdate', undefined);
      case 'groups':
        return emitter.emit('onGroupListUpdate', undefined);
      case 'users':
        return emitter.emit('onRosterInfoUpdate', event.ids.map(idNumber));
      case 'history':
        return emitter.emit('onReceiveHistoryMsg', { next: event.next, conversationId: event.queue });
      case 'sending':
      case 'sent':
      case 'failed':
        return emitSending(emitter, event, self);
      case 'uploading':
        return emitUploading(emitter, event);
      case 'user-notice':
        return emitter.emit('flooNotice', { category: 'userNotice', desc: userNoticeName(event.meta.payload?.type) });
      case 'conversation-deleted': {
        const desc = { id: peerIdOf(event.key), source: event.source };
        return emitter.emit('flooNotice', { category: 'conversation_deleted', desc });
      }
      case 'operation': {
        const meta = toMessageMeta(event.meta);
        return emitter.emit('onActionMessage', { ...meta, ...(event.isReceived && { isReceived: true }) });
      }
      case 'normal':
        return emitter.emit('messageNormal', toMessageMeta(event.meta));
      case 'problem':
        // An error that ends the session is emitted as its end.
        return sessionEnd(event.error) ? undefined : this.emitProblem(event.error);
      case 'roster-notice':
      case 'group-notice':
        return undefined; // by emitNotices
      case 'signal':
        return undefined; // for the calls
      default:
        return event satisfies never;
    }
  }

  /** Emits the notices of a page in their order, and has what they make out of date fetched once for all of them. */
  private emitNotices(events: readonly SyncEvent[], account: Account): void {
    const stale: Stale = { users: [], groups: [], members: new Map() };
    // Handlers run when all notices of the page have changed the member lists.
    const emissions: (() => void)[] = [];
    const queue: Pick<Emitter<ClientEvents>, 'emit'> = {
      emit: (event, payload) => void emissions.push(() => this.emitter.emit(event, payload)),
    };
    for (const event of events) {
      if (event.type === 'group-notice') emitGroupNotice(queue, toGroupNotice(event.meta), account, stale);
      else if (event.type === 'roster-notice') emitRosterNotice(queue, toRosterNotice(event.meta), account, stale);
    }
    for (const emit of emissions) emit();
    this.details.refresh(account, stale);
  }
}

const MESSAGE_CHANGE_EVENTS = {
  status: 'onMessageStatusChanged',
  recalled: 'onMessageRecalled',
  deleted: 'onMessageDeleted',
  cancelled: 'onMessageCanceled',
} as const;

/** The protocol's name of a user notice, `UNKNOWN` for a type that is newer than this client. */
const userNoticeName = (type: number | undefined): string =>
  Object.entries(UserNoticeType).find(([, number]) => number === type)?.[0] ?? 'UNKNOWN';
