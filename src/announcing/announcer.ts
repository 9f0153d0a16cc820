import type { Account } from '../account/account.ts';
import type { ClientEvents } from '../client-events.ts';
import { sessionEnd } from '../errors.ts';
import type { FlooError } from '../errors.ts';
import { enumName } from '../model/static-vars.ts';
import type { Logger } from '../platform/ports.ts';
import { toMessageMeta } from '../sync/message-mapper.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import type { Emitter } from '../util/emitter.ts';
import { Details } from './details.ts';
import { editTold, messageTold, sendingTold, uploadTold } from './messages.ts';
import { tellNotices } from './notices.ts';
import { describeProblem } from './problems.ts';
import { tell } from './telling.ts';
import type { Telling } from './telling.ts';

/** Says in public events what happened inside (api-surface 3.2 to 3.4). */
export class Announcer {
  private readonly emitter: Emitter<ClientEvents>;
  private readonly logger: Logger;
  private readonly details: Details;

  constructor(emitter: Emitter<ClientEvents>, logger: Logger) {
    this.emitter = emitter;
    this.logger = logger;
    this.details = new Details({ emitter, onProblem: (error) => this.problem(error) });
  }

  /** @param account whose events these are. */
  announce(events: readonly SyncEvent[], account: Account): void {
    for (const event of events) for (const telling of this.toldOf(event)) tell(this.emitter, telling);
    this.details.fetchNamed(events, account);
    tellNotices(events, account, this.emitter, this.details);
  }

  online(): void {
    this.details.forget();
    this.emitter.emit('loginSuccess', {});
  }

  problem(error: FlooError): void {
    this.logger.warn(error.message);
    this.emitter.emit('flooError', describeProblem(error));
  }

  private toldOf(event: SyncEvent): readonly Telling[] {
    switch (event.type) {
      case 'message':
        return messageTold(event);
      case 'typing':
        return [['onInputStatusMessage', { ext: event.ext, from: event.from, to: event.to }]];
      case 'status':
      case 'recalled':
      case 'deleted':
      case 'cancelled':
        return [[CHANGES[event.type], { uid: event.key.slice(1), mid: event.mid }]];
      case 'edited':
        return [editTold(event)];
      case 'unread':
        return [['onUnreadChange', event.key.slice(1)]];
      case 'list':
        return [['recentlistUpdate', undefined]];
      case 'history':
        return [['onReceiveHistoryMsg', { next: event.next, conversationId: event.queue }]];
      case 'sending':
      case 'sent':
      case 'failed':
        return [sendingTold(event)];
      case 'uploading':
        return [uploadTold(event)];
      case 'user-notice':
        return [
          [
            'flooNotice',
            { category: 'userNotice', desc: enumName('USERNOTICE_TYPE', event.meta.payload?.type ?? 0) ?? 'UNKNOWN' },
          ],
        ];
      case 'conversation-deleted': {
        const desc = { id: event.key.slice(1), source: event.source };
        return [['flooNotice', { category: 'conversation_deleted', desc }]];
      }
      case 'operation':
        return [['onActionMessage', { ...toMessageMeta(event.meta), ...(event.isReceived && { isReceived: true }) }]];
      case 'normal':
        return [['messageNormal', toMessageMeta(event.meta)]];
      case 'problem':
        // One that ends the session is told as its end.
        if (!sessionEnd(event.error)) this.problem(event.error);
        return [];
      case 'roster-notice':
      case 'group-notice':
        // By tellNotices.
        return [];
      default:
        return event satisfies never;
    }
  }
}

const CHANGES = {
  status: 'onMessageStatusChanged',
  recalled: 'onMessageRecalled',
  deleted: 'onMessageDeleted',
  cancelled: 'onMessageCanceled',
} as const;
