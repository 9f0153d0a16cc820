import { RosterNoticeType, UserNoticeType } from 'flooim/wire';
import type { UserProfile, UserSettings } from '../model/users.ts';
import {
  settingChanges,
  userProfileShape,
  userSettingsFields as settings,
  userSettingsShape,
} from './user-answer-shapes.ts';
import { DONE } from './answer.ts';
import type { Answer } from './answer.ts';
import { destroy, leave } from './group-changes.ts';
import { id, optional, text } from './params.ts';
import type { ParamValues, Params } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, POST_DELETE, POST_PUT, route } from './route.ts';
import type { Call, NoParams, Route } from './route.ts';
import { unfriend } from './routes-roster.ts';
import { userProfile, userSettings } from './shapes.ts';

const MOBILE = /^(\+[0-9]{8,}|((13[0-9])|(14[0-9])|(15[0-9])|(16[0-9])|(17[0-9])|(18[0-9])|(19[0-9]))\d{8})$/;

/** Own profile, settings, password and account. */
export const userRoutes: readonly Route[] = [
  route({
    methods: GET,
    path: '/user/profile',
    summary: 'The profile of the caller.',
    answers: userProfileShape,
    handle: ({ user }) => ({ data: userProfile(user) }),
  }),
  route({
    methods: POST_PUT,
    path: '/user/profile',
    summary: 'Changes the profile of the caller.',
    body: {
      nick_name: optional(text('Name that others see.')),
      description: optional(text('What the user says about itself.')),
      public_info: optional(text('Any text for everybody.')),
      private_info: optional(text('Any text for the user alone.')),
    },
    handle: changeProfile,
  }),
  route({
    methods: POST_PUT,
    path: '/user/nickname',
    summary: 'Changes the name that others see.',
    query: { nick_name: text('The new name.') },
    handle: changeProfile,
  }),
  route({
    methods: POST_PUT,
    path: '/user/avatar',
    summary: 'Changes the picture of the caller.',
    body: { avatar: text('URL of the picture.') },
    handle: changeProfile,
  }),
  route({
    methods: POST_PUT,
    path: '/user/mobile',
    summary: "Changes the caller's mobile number.",
    refuses: [11012],
    query: { mobile: text('The number.') },
    handle(call, { mobile }) {
      if (!MOBILE.test(mobile)) throw new RestError(10002, 'mobile');
      const owner = call.app.users.find(({ profile }) => profile.mobile === mobile);
      if (owner && owner !== call.user) throw new RestError(11012);
      return changeProfile(call, { mobile });
    },
  }),
  route({
    methods: GET,
    path: '/user/settings',
    summary: 'The settings of the caller.',
    answers: userSettingsShape,
    handle: ({ user }) => ({ data: userSettings(user) }),
  }),
  route({
    methods: POST_PUT,
    path: '/user/settings',
    summary: 'Changes settings of the caller; the others stay.',
    refuses: [10010],
    body: {
      user_id: id('The caller.'),
      ...settingChanges,
    },
    handle(call, { user_id, ...changes }) {
      if (user_id !== call.user.id) throw new RestError(10010);
      return changeSettings(call, changes);
    },
  }),
  oneSetting({
    path: '/user/authmode',
    summary: 'Changes who may become a friend.',
    query: { value: settings.auth_mode },
    change: ({ value }) => ({ auth_mode: value }),
  }),
  oneSetting({
    path: '/user/push',
    summary: 'Turns pushes off or on.',
    either: { value: settings.no_push },
    change: ({ value }) => ({ no_push: value }),
  }),
  oneSetting({
    path: '/user/push/detail',
    summary: 'Leaves the text out of pushes, or not.',
    either: { value: settings.no_push_detail },
    change: ({ value }) => ({ no_push_detail: value }),
  }),
  oneSetting({
    path: '/user/push/limit',
    summary: 'Changes the hours without pushes.',
    either: { no_push_start_hour: settings.no_push_start_hour, no_push_end_hour: settings.no_push_end_hour },
    change: (hours) => hours,
  }),
  oneSetting({
    path: '/user/push/nickname',
    summary: 'Changes the name in pushes.',
    either: { value: text('Name in pushes.') },
    change: ({ value }) => ({ push_nick_name: value }),
  }),
  oneSetting({
    path: '/user/sounds',
    summary: 'Makes notifications silent, or not.',
    either: { value: settings.no_sounds },
    change: ({ value }) => ({ no_sounds: value }),
  }),
  oneSetting({
    path: '/user/vibratory',
    summary: 'Lets notifications vibrate, or not.',
    either: { value: settings.vibratory },
    change: ({ value }) => ({ vibratory: value }),
  }),
  route({
    methods: POST_PUT,
    path: '/user/change_password',
    summary: 'Changes the password, and logs out all devices.',
    refuses: [11001],
    body: { old_password: text('The present password.'), new_password: text('The new one.') },
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
    summary: 'Deletes the account of the caller.',
    refuses: [11001],
    body: { password: optional(text('The password; an admin needs none.')) },
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

interface OneSetting<Q extends Params, E extends Params> {
  readonly path: string;
  readonly summary: string;
  readonly query?: Q;
  readonly either?: E;
  change(values: ParamValues<Q> & ParamValues<E>): Partial<UserSettings>;
}

function oneSetting<Q extends Params = NoParams, E extends Params = NoParams>({
  change,
  ...row
}: OneSetting<Q, E>): Route {
  return route<Q, NoParams, E>({
    methods: POST_PUT,
    ...row,
    handle: (call, values) => changeSettings(call, change(values)),
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
