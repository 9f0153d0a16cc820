import { deviceShape } from './answer-shapes.ts';
import { UserNoticeType } from 'flooim/wire';
import type { Device } from '../model/devices.ts';
import { DONE } from './answer.ts';
import { int, list, optional, text } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, POST_DELETE, POST_PUT, route } from './route.ts';
import type { Call, Route } from './route.ts';

/** The devices of a user, and the push tokens they register. */
export const deviceRoutes: readonly Route[] = [
  route({
    methods: GET,
    path: '/user/device/list',
    summary: 'The devices of the caller.',
    answers: list(deviceShape),
    handle({ app, user }) {
      const rows = app.devices.of(user.id).map(({ sn, platform, userAgent }) => ({
        device_sn: sn,
        platform,
        user_agent: userAgent,
        user_id: user.id,
      }));
      return { data: rows };
    },
  }),
  route({
    methods: POST_DELETE,
    path: '/user/kick',
    summary: 'Logs out one device of the caller, or all.',
    either: { device_sn: optional(int('The device. All, if there is none.')) },
    handle({ app, data, notices, user, token }, { device_sn: sn }) {
      const kicked = app.devices.of(user.id).filter((device) => sn === undefined || device.sn === sn);
      if (sn !== undefined && kicked.length === 0) throw new RestError(10002, 'device_sn');
      // Two devices may have logged in with one token; kicking the other one must not log out the caller.
      for (const device of kicked) if (sn === undefined || device.token !== token) data.tokens.revoke(device.token);
      notices.user(app, user.id, UserNoticeType.KICKED_BY_OTHER_DEVICE, { devices: kicked.map((device) => device.sn) });
      return DONE;
    },
  }),
  route({
    methods: POST_PUT,
    path: '/user/token/bind',
    summary: 'Binds the token of a push service to a device.',
    body: {
      device_sn: int('The device.'),
      device_token: text('The token.'),
      notifier_name: text('Name of the push certificate.'),
    },
    handle(call, { device_sn, device_token }) {
      call.app.devices.change(mustFindDevice(call, device_sn, 'device_sn'), { pushToken: device_token });
      return DONE;
    },
  }),
  route({
    methods: POST_DELETE,
    path: '/user/token/unbind',
    summary: 'Removes the token of a push service from a device.',
    query: { deviceSn: int('The device.') },
    handle(call, { deviceSn }) {
      call.app.devices.change(mustFindDevice(call, deviceSn, 'deviceSn'), { pushToken: undefined });
      return DONE;
    },
  }),
];

function mustFindDevice({ app, user }: Call, sn: number, param: string): Device {
  const device = app.devices.of(user.id).find((one) => one.sn === sn);
  if (!device) throw new RestError(10002, param);
  return device;
}
