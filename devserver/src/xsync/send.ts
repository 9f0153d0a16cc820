import { MetaNameSpace, StatusErrorCode } from 'flooim/wire';
import type { IRtcSignal, Meta } from 'flooim/wire';
import type { Faults } from '../faults.ts';
import type { Messaging } from '../messaging/messaging.ts';
import { refused } from '../messaging/send-result.ts';
import type { SendResult } from '../messaging/send-result.ts';
import type { RtcRelay } from '../rtc/relay.ts';
import { fromXid } from '../model/ids.ts';
import type { Answer, Connection, Session } from './connection.ts';
import { OK, syncFrame } from './connection.ts';

const DUPLICATE = 'client msg id duplicated';

interface Deps {
  messaging: Messaging;
  faults: Faults;
  relay: RtcRelay;
}

/** Whether an item is a signal of a call. Its answer may have to wait for the media server. */
export const isSignal = (meta: Meta): boolean => meta.ns === MetaNameSpace.RTC_SIGNAL;

/** Accepts a message or an operation from a client, once for each client mid, and acknowledges it. */
export function send(deps: Deps, session: Session, meta: Meta): Answer {
  const clientMid = meta.id ?? '0';
  const result = check(deps, session, meta, clientMid) ?? dispatch(deps, session, meta);
  return answerTo(session, meta, result);
}

/** Passes a signal of a call to the media server, once for each client mid. @param answer is called with the answer to it */
export function sendSignal(deps: Deps, connection: Connection, meta: Meta, answer: (answer: Answer) => void): void {
  const session = connection.session!;
  const conclude = (result: SendResult): void => answer(answerTo(session, meta, result));
  const refusal = check(deps, session, meta, meta.id ?? '0');
  if (refusal) conclude(refusal);
  else deps.relay.send(connection, meta.payload as IRtcSignal | null, conclude);
}

function answerTo({ device }: Session, meta: Meta, result: SendResult): Answer {
  const clientMid = meta.id ?? '0';
  if (result.ok) device.sentMids.set(clientMid, result.id);
  return {
    kind: 'send',
    frame: syncFrame({ client_mid: clientMid, ...(meta.to && { xid: meta.to }), ...outcome(result) }),
  };
}

function check({ faults }: Deps, session: Session, meta: Meta, clientMid: string): SendResult | undefined {
  const fault = faults.takeSend();
  if (fault) return refused(fault.reason ?? '', fault.code);
  if (clientMid === '0') return refused('a client mid is needed', StatusErrorCode.INVALID_PARAMETER);
  if (meta.from && fromXid(meta.from) !== session.user.id)
    return refused('from is not the sender', StatusErrorCode.INVALID_PARAMETER);
  return session.device.sentMids.has(clientMid) ? refused(DUPLICATE) : undefined;
}

function dispatch({ messaging }: Deps, { app, user, device }: Session, meta: Meta): SendResult {
  const from = { userId: user.id, device: device.sn };
  if (meta.ns === MetaNameSpace.MESSAGE && meta.payload) {
    return messaging.send(app, { from, toId: fromXid(meta.to), body: meta.payload });
  }
  if (meta.ns === MetaNameSpace.CONVERSATION && meta.payload?.operation) {
    return messaging.deleteConversation(app, from, meta.payload.operation);
  }
  return refused(`namespace ${meta.ns} cannot be sent, or has no payload`, StatusErrorCode.INVALID_PARAMETER);
}

function outcome(result: SendResult): object {
  if (!result.ok) return { status: { code: result.code, reason: result.reason } };
  const { id, at, prevMid, editedAt } = result;
  return {
    status: OK,
    server_mid: String(id),
    server_time: String(at),
    ...(prevMid !== 0n && { prev_mid: String(prevMid) }),
    ...(editedAt !== undefined && { edit_timestamp: String(editedAt) }),
  };
}
