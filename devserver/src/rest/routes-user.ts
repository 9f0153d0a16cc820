import { RosterNoticeType, UserNoticeType } from 'flooim/wire';
import type { UserProfile, UserSettings } from '../model/users.ts';
import { DONE } from './answer.ts';
import type { Answer } from './answer.ts';
import { destroy, leave } from './group-changes.ts';
import { flag, id, int, optional, text } from './params.ts';
import type { Params } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, POST_DELETE, POST_PUT, route } from './route.ts';
import type { Call, Method, Route } from './route.ts';
import { unfriend } from './routes-roster.ts';
import { userProfile, userSettings } from './shapes.ts';

const MOBILE = /^(\+[0-9]{8,}|((13[0-9])|(14[0-9])|(15[0-9])|(16[0-9])|(17[0-9])|(18[0-9])|(19[0-9]))\d{8})$/;
const hour = { min: 0, max: 23 };

/** Own profile, settings, password and account. */
export const userRoutes: readonly Route[] = [
  route({ methods: GET, path: '/user/profile', handle: ({ user }) => ({ data: userProfile(user) }) }),
  route({
    methods: POST_PUT,
    path: '/user/profile',
    body: {
      nick_name: optional(text()),
      description: optional(text()),
      public_info: optional(text()),
      private_info: optional(text()),
    },
    handle: changeProfile,
  }),
  route({
    methods: POST_PUT,
    path: '/user/nickname',
    query: { nick_name: text() },
    handle: changeProfile,
  }),
  route({ methods: POST_PUT, path: '/user/avatar', body: { avatar: text() }, handle: changeProfile }),
  route({
    methods: POST_PUT,
    path: '/user/mobile',
    query: { mobile: text() },
    handle(call, { mobile }) {
      if (!MOBILE.test(mobile)) throw new RestError(10002, 'mobile');
      const owner = call.app.users.find(({ profile }) => profile.mobile === mobile);
      if (owner && owner !== call.user) throw new RestError(11012);
      return changeProfile(call, { mobile });
    },
  }),
  route({ methods: GET, path: '/user/settings', handle: ({ user }) => ({ data: userSettings(user) }) }),
  route({
    methods: POST_PUT,
    path: '/user/settings',
    body: {
      user_id: id(),
      auth_mode: optional(int({ min: 0, max: 3 })),
      auth_question: optional(text()),
      auth_answer: optional(text()),
      group_confirm: optional(flag()),
      auto_download: optional(flag()),
      no_push: optional(flag()),
      no_push_detail: optional(flag()),
      no_push_start_hour: optional(int(hour)),
      no_push_end_hour: optional(int(hour)),
      silence_start_time: optional(int(hour)),
      silence_end_time: optional(int(hour)),
      push_nick_name: optional(text()),
      push_token: optional(text()),
      no_sounds: optional(flag()),
      vibratory: optional(flag()),
    },
    handle(call, { user_id, ...changes }) {
      if (user_id !== call.user.id) throw new RestError(10010);
      return changeSettings(call, changes);
    },
  }),
  oneSetting('/user/authmode', 'query', { value: int({ min: 0, max: 3 }) }, ({ value }) => ({
    auth_mode: value as number,
  })),
  oneSetting('/user/push', 'either', { value: flag() }, ({ value }) => ({ no_push: value as boolean })),
  oneSetting('/user/push/detail', 'either', { value: flag() }, ({ value }) => ({ no_push_detail: value as boolean })),
  oneSetting(
    '/user/push/limit',
    'either',
    { no_push_start_hour: int(hour), no_push_end_hour: int(hour) },
    (changes) => changes,
  ),
  oneSetting('/user/push/nickname', 'either', { value: text() }, ({ value }) => ({ push_nick_name: value as string })),
  oneSetting('/user/sounds', 'either', { value: flag() }, ({ value }) => ({ no_sounds: value as boolean })),
  oneSetting('/user/vibratory', 'either', { value: flag() }, ({ value }) => ({ vibratory: value as boolean })),
  route({
    methods: POST_PUT,
    path: '/user/change_password',
    body: { old_password: text(), new_password: text() },
    handle({ app, data, notices, user }, { old_password, new_password }) {
      if (user.password !== old_password) throw new RestError(11001);
      if (new_password === '') throw new RestError(10002, 'new_password');
      user.password = new_password;
      data.tokens.revokeAllOf(user.id);
      notices.user(app, user.id, UserNoticeType.PASSWORD_CHANGED);
      return DONE;
    },
  }),
  route({
    methods: POST_DELETE,
    path: '/user/delete',
    body: { password: optional(text()) },
    handle(call, { password }) {
      const { app, data, notices, user, isAdmin } = call;
      if (!isAdmin && password !== user.password) throw new RestError(11001);
      for (const friend of app.roster.friendsOf(user.id)) unfriend(call, friend);
      for (const group of app.groups.joinedBy(user.id)) {
        if (group.ownerId === user.id) destroy(call, group);
        else leave(call, group);
      }
      data.tokens.revokeAllOf(user.id);
      notices.user(app, user.id, UserNoticeType.REMOVED);
      user.removed = true;
      return DONE;
    },
  }),
];

function oneSetting(
  path: string,
  place: 'query' | 'either',
  params: Params,
  change: (values: Record<string, unknown>) => Partial<UserSettings>,
): Route {
  const methods: readonly Method[] = POST_PUT;
  return route({
    methods,
    path,
    [place]: params,
    handle: (call: Call, values: Record<string, unknown>) => changeSettings(call, change(values)),
  });
}

function changeSettings(call: Call, changes: { [K in keyof UserSettings]?: UserSettings[K] | undefined }): Answer {
  Object.assign(call.user.settings, changes);
  notifyOtherDevices(call, changes);
  return DONE;
}

function changeProfile(call: Call, changes: { [K in keyof UserProfile]?: UserProfile[K] | undefined }): Answer {
  const { app, user, notices } = call;
  Object.assign(user.profile, changes);
  notifyOtherDevices(call, changes);
  const { nick_name, avatar, description, public_info } = changes;
  const shown = JSON.stringify({ nick_name, avatar, description, public_info });
  if (shown !== '{}') {
    for (const friend of app.roster.friendsOf(user.id)) {
      notices.roster(app, {
        type: RosterNoticeType.INFO_UPDATED,
        from: user.id,
        to: [friend],
        content: shown,
        recipients: [friend],
      });
    }
  }
  return DONE;
}

/** Every device except the acting one, which is known by its token unless another device shares the token. */
function notifyOtherDevices({ app, user, notices, token }: Call, changes: object): void {
  const devices = app.devices.of(user.id);
  const acting = devices.filter((device) => device.token === token);
  const others = acting.length === 1 ? devices.filter((device) => device !== acting[0]) : devices;
  notices.user(app, user.id, UserNoticeType.INFO_UPDATED, {
    content: JSON.stringify(changes),
    devices: others.map(({ sn }) => sn),
  });
}
