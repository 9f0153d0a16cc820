import { sessionEnd, userNoticeError } from '../errors.ts';
import type { FlooError, FlooErrorCode } from '../errors.ts';
import type { Connection } from '../session/connection.ts';
import { isOver } from '../session/connection-state.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import { UserNoticeType } from '../wire/enums.ts';
import type { UserDevice } from './user-device.ts';

/** Why a session ends when another client of this device has taken over. */
export const TAKEN_OVER: FlooErrorCode = 'UserKickedBySameDevice';

/** Applies a sync event to the session. Some events end it, and some move it to other servers. */
export function handleSessionEvent(
  event: SyncEvent,
  account: { readonly device: UserDevice; readonly isTakenOver: boolean },
  { connection, onRefused }: { connection: Connection; onRefused(error: FlooError): void },
): void {
  if (event.type === 'problem' && sessionEnd(event.error)) {
    // What is refused after a takeover is reported and ends nothing.
    if (account.isTakenOver && isOver(connection.state)) onRefused(event.error);
    else connection.end(event.error);
  }
  if (event.type === 'user-notice') handleUserNotice(noticeType(event), account.device, connection);
}

/** The error with which another client of this device takes over; undefined for all other events. */
export function takeoverBy(event: SyncEvent): FlooError | undefined {
  const error =
    event.type === 'problem'
      ? event.error
      : event.type === 'user-notice'
        ? userNoticeError(noticeType(event))
        : undefined;
  return error?.reason === TAKEN_OVER ? error : undefined;
}

const noticeType = ({ meta }: SyncEvent & { type: 'user-notice' }): number =>
  meta.payload?.type ?? UserNoticeType.UNKNOWN;

function handleUserNotice(type: number, device: UserDevice, connection: Connection): void {
  if (type === UserNoticeType.CLUSTER_CHANGED || type === UserNoticeType.DNS_UPDATE) return connection.restart();
  const error = userNoticeError(type);
  if (!error) return;
  if (sessionEnd(error) === 'relogin_manually') device.forgetSerial();
  connection.end(error);
}
