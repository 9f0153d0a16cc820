import { statusError } from '../errors.ts';
import { secretsIn } from '../foreign-text.ts';
import type { FlooError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { isGroupKey } from '../store/schema.ts';
import type { OutboxEntry } from '../store/schema.ts';
import { failureOf } from '../wire/decode-messages.ts';
import { MessageOperationType as Op, MetaNameSpace, StatusErrorCode } from '../wire/enums.ts';
import type { IMessageBody, IStatus } from '../wire/message-types.ts';
import { applyMessages } from './apply-messages.ts';
import { withDelivered } from './coverage.ts';
import type { OperationMeta, ReceivedPage } from './message-mapper.ts';
import { applyOperation } from './operations.ts';
import { unlist } from './listing.ts';
import { keepUnread } from './receipts.ts';
import type { SyncEvent } from './sync-events.ts';

const DUPLICATED = 'client msg id duplicated';

/**
 * What an answer says about a row: the server accepted it, had it from an earlier try, or refused it.
 *
 * @param isResend - it may have been sent before
 */
export function outcomeOf(
  { status }: ReceivedPage,
  { conversation, meta }: OutboxEntry,
  isResend: boolean,
): 'sent' | 'arrived' | FlooError {
  const failure = failureOf(status);
  if (!failure) return 'sent';
  const { code, reason } = failure;
  if (code === StatusErrorCode.FAIL && reason === DUPLICATED && isResend) return 'arrived';
  return statusError(code, reason, isGroupKey(conversation) ? 'group-send' : 'send', secretsIn(meta.payload));
}

/** Why the server refused a request that is no send; undefined when it did not. */
export function refusalOf(status: IStatus | null | undefined): FlooError | undefined {
  const failure = failureOf(status);
  return failure && statusError(failure.code, failure.reason, 'other');
}

/** The server accepted a row. */
export async function sent(
  tx: StoreTransaction,
  entry: OutboxEntry,
  answer: ReceivedPage,
  self: Id,
): Promise<SyncEvent[]> {
  const { server_mid: id, server_time: time } = answer;
  const { message: sending, mid, conversation } = entry;
  if (!sending || id === '0') return arrived(tx, entry, answer, self);
  tx.deleteOutbox(mid);
  const record = tx.conversation(conversation);
  const message = { ...sending, id, ...(time !== '0' && { timestamp: time }), arrival: 'live' as const };
  const events = await applyMessages(tx, conversation, [message], self);
  tx.updateConversation(conversation, { gaps: withDelivered(record, [id], answer.prev_mid) });
  return [...events, { type: 'sent', mid, message }];
}

/**
 * A row arrived and its server id is not known: the answer to a resend does not name it, when the first try had arrived. The row
 * of a message ends when the id is found; see `Numbering`.
 */
export async function arrived(
  tx: StoreTransaction,
  entry: OutboxEntry,
  answer: ReceivedPage,
  self: Id,
): Promise<SyncEvent[]> {
  if (!entry.message) {
    // Only the history shows the place of an edit that the server does not name: the row stays until that was asked.
    if (isEdit(entry) && answer.server_mid === '0') tx.putOutbox({ ...entry, state: 'unnumbered' });
    else tx.deleteOutbox(entry.mid);
    return operationDone(tx, entry, answer, self);
  }
  tx.putOutbox({ ...entry, state: 'unnumbered' });
  return [];
}

function isEdit({ meta }: OutboxEntry): boolean {
  const { operation } = meta.payload as IMessageBody;
  return operation?.type === Op.APPEND || operation?.type === Op.REPLACE;
}

async function operationDone(
  tx: StoreTransaction,
  { mid, meta, conversation }: OutboxEntry,
  { server_mid, server_time: timestamp, edit_timestamp }: ReceivedPage,
  self: Id,
): Promise<SyncEvent[]> {
  if (meta.ns !== MetaNameSpace.MESSAGE) return [];
  const id = server_mid === '0' ? mid : server_mid;
  const done: OperationMeta = {
    id,
    ns: meta.ns,
    from: { uid: self },
    to: meta.to === undefined ? null : { uid: meta.to },
    timestamp,
    payload: { ...meta.payload, edit_timestamp },
  };
  const { type } = done.payload.operation ?? {};
  if (type === Op.READ_ACK || type === Op.READ_ALL) await keepUnread(tx, conversation, mid, id);
  return [{ type: 'operation', meta: done }, ...(await applyOperation(tx, done, self))];
}

/** A row was refused or could not be sent. A message stays as failed: the app sends it again or discards it. */
export function refused(tx: StoreTransaction, entry: OutboxEntry, error: FlooError): SyncEvent[] {
  const { mid, message } = entry;
  if (message) tx.putOutbox({ ...entry, state: 'failed', error: error.reason });
  else tx.deleteOutbox(mid);
  // A message that may be sent again is looked for in its conversation.
  return [{ type: 'failed', mid, message, error }, ...(error.retryable ? [] : unlist(tx, entry))];
}
