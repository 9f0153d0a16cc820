import { FrameCommand, StatusErrorCode, UserNoticeType } from 'flooim/wire';
import type { IProvision, IStatus } from 'flooim/wire';
import type { Faults } from '../faults.ts';
import type { Delivery } from '../mail/delivery.ts';
import type { Notices } from '../mail/notices.ts';
import type { DevData } from '../model/dev-data.ts';
import type { Device } from '../model/devices.ts';
import { fromXid, toXid } from '../model/ids.ts';
import type { Clock } from '../ports.ts';
import type { Answer, Session } from './connection.ts';
import { OK } from './connection.ts';

interface Deps {
  data: DevData;
  faults: Faults;
  notices: Notices;
  delivery: Delivery;
  clock: Clock;
}

/**
 * Checks a login. If the result has a session, the connection is logged in and an older connection of the device is
 * ended.
 */
export function provision(deps: Deps, request: IProvision): { answer: Answer; session?: Session } {
  const fault = deps.faults.takeProvision();
  if (fault) return { answer: refusal({ code: fault.code, reason: fault.reason ?? '' }) };
  const record = deps.data.tokens.get(request.token ?? '');
  const accepted =
    record && deps.data.tokens.isAccepted(record, deps.clock.now()) && record.userId === fromXid(request.xid);
  const app = accepted ? deps.data.app(record.appId) : undefined;
  const user = record && app?.users.get(record.userId);
  if (!app || !user) return { answer: refusal({ code: StatusErrorCode.INVALID_TOKEN, reason: 'invalid token' }) };
  if (user.frozen) return { answer: refusal({ code: StatusErrorCode.USER_FROZEN, reason: 'user is frozen' }) };

  // A client without a guid is identified by the serial number that it chose.
  const guid = request.device_guid || `serial ${request.xid?.deviceSN ?? 0}`;
  const { device, isNew } = app.devices.open(user.id, guid, deps.clock.now());
  if (!isNew) deps.notices.user(app, user.id, UserNoticeType.KICK_BY_SAME_DEVICE, { devices: [device.sn] });
  app.devices.change(device, describe(request));
  notifyOtherDevices(deps, { app, user, device }, isNew ? UserNoticeType.DEVICE_ADDED : UserNoticeType.DEVICE_LOGIN);

  const payload: IProvision = { status: OK, xid: toXid(user.id, device.sn), last_login_time: String(user.lastLoginAt) };
  user.lastLoginAt = deps.clock.now();
  return {
    answer: { kind: 'provision', frame: { command: FrameCommand.PROVISION, payload } },
    session: { app, user, device },
  };
}

/** Notifies the user's other online devices that this one logged in or out. */
export function notifyOtherDevices(
  { notices, delivery }: Pick<Deps, 'notices' | 'delivery'>,
  { app, user, device }: Session,
  type: number,
): void {
  const devices = delivery.onlineDevices(app, user.id).filter((sn) => sn !== device.sn);
  const content = JSON.stringify({ device_sn: device.sn, platform: device.platform, user_agent: device.userAgent });
  notices.user(app, user.id, type, { content, devices });
}

function describe({ os_type, device_info, token }: IProvision): Pick<Device, 'platform' | 'userAgent' | 'token'> {
  return { platform: os_type ?? 0, userAgent: device_info ?? '', token: token ?? '' };
}

function refusal(status: IStatus): Answer {
  return { kind: 'provision', frame: { command: FrameCommand.PROVISION, payload: { status } } };
}
