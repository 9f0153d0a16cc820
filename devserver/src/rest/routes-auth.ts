import { userSuccessShape } from './answer-shapes.ts';
import { tokenShape, userSettingsShape } from './user-answer-shapes.ts';
import type { AppData } from '../model/app-data.ts';
import type { User } from '../model/users.ts';
import { randomName } from '../random-name.ts';
import { DONE } from './answer.ts';
import type { Answer } from './answer.ts';
import { id, list, object, optional, text } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, POST, route } from './route.ts';
import type { Call, Route } from './route.ts';
import { userSettings } from './shapes.ts';

const USERNAME = /^(?!mta|maxim)[a-zA-Z0-9_一-龥]*[a-zA-Z_一-龥]+[a-zA-Z0-9_一-龥]*$/;

const credentials = {
  password: text('The password.'),
  device_guid: optional(text('Name of the device; the answer has a `push_token` then.')),
};
const account = {
  username: text('Letters, digits and underscores, not only digits.'),
  password: text('The password.'),
};

/** Registration, and tokens for a name, an id or a mobile number with a password. */
export const authRoutes: readonly Route[] = [
  route({
    methods: POST,
    path: '/user/register/v2',
    summary: 'Makes an account. It is not a login.',
    answers: userSettingsShape,
    refuses: [10004],
    access: 'public',
    body: account,
    handle({ app }, { username, password }) {
      return { data: userSettings(register(app, username, password)) };
    },
  }),
  route({
    methods: POST,
    path: '/user/register/anonymous',
    summary: 'Makes an account for a visitor, under the requested name with a random end.',
    answers: object({ username: text('The name it got.'), user_id: id('The user.') }),
    refuses: [10004],
    access: 'public',
    // `cid` is the user whose link the visitor followed. This server ignores it.
    body: { ...account, cid: optional(id('The user whose link the visitor followed.')) },
    handle({ app, random }, { username: prefix, password }) {
      const suffix = randomName(random, 12).replaceAll('-', '_');
      const { id: user_id, username } = register(app, `${prefix}${suffix}`, password);
      return { data: { username, user_id } };
    },
  }),
  route({
    methods: POST,
    path: '/user/register/batch',
    summary: 'Makes many accounts.',
    answers: list(userSuccessShape),
    access: 'public',
    body: { list: list(object(account), 'The accounts.') },
    handle({ app }, { list: wanted }) {
      const rows = wanted.map(({ username, password }) => {
        try {
          return { user_id: register(app, username, password).id, username, success: true };
        } catch (error) {
          if (error instanceof RestError) return { username, success: false, reason: error.message };
          throw error;
        }
      });
      return { data: rows };
    },
  }),
  route({
    methods: GET,
    path: '/app/user/name_check',
    summary: 'Whether a name is free for a new account.',
    refuses: [11011],
    access: 'public',
    query: { username: account.username },
    handle({ app }, { username }) {
      if (!USERNAME.test(username)) throw new RestError(10002, 'username');
      if (app.users.byName(username)) throw new RestError(11011);
      return DONE;
    },
  }),
  route({
    methods: POST,
    path: '/token/user',
    summary: 'Logs in with a name, or a mobile number, and a password.',
    answers: tokenShape,
    refuses: [402, 10000, 10010],
    access: 'public',
    body: {
      name: optional(text('Name of the account.')),
      mobile: optional(text('Its mobile number, instead of the name.')),
      ...credentials,
    },
    handle(call, { name, mobile, ...given }) {
      if (name === undefined && mobile === undefined) throw new RestError(10002, 'name is required');
      return logIn(
        call,
        call.app.users.find(
          (user) => user.username === name || (mobile !== undefined && user.profile.mobile === mobile),
        ),
        given,
      );
    },
  }),
  route({
    methods: POST,
    path: '/token/id',
    summary: 'Logs in with a user id and a password.',
    answers: tokenShape,
    refuses: [402, 10000, 10010],
    access: 'public',
    body: { user_id: id('The user.'), ...credentials },
    handle: (call, { user_id, ...given }) => logIn(call, call.app.users.get(user_id), given),
  }),
  route({
    methods: POST,
    path: '/token/login',
    summary: 'Logs in with a name, a mobile number or an e-mail address, and a password.',
    answers: tokenShape,
    refuses: [402, 10000, 10010],
    access: 'public',
    body: { login_name: text('Name, mobile number or e-mail address.'), ...credentials },
    handle(call, { login_name: name, ...given }) {
      const matches = ({ username, profile }: User): boolean =>
        [username, profile.mobile, profile.email].includes(name);
      return logIn(call, call.app.users.find(matches), given);
    },
  }),
];

function register(app: AppData, username: string, password: string): User {
  if (!USERNAME.test(username)) throw new RestError(10002, 'username');
  if (password === '') throw new RestError(10002, 'password');
  if (app.users.byName(username)) throw new RestError(10004);
  return app.users.add(username, password);
}

function logIn(
  { app, data, now }: Call,
  user: User | undefined,
  given: { password: string; device_guid: string | undefined },
): Answer {
  if (!user) throw new RestError(10000);
  if (user.password !== given.password) throw new RestError(402, 'wrong name or password');
  if (user.frozen) throw new RestError(10010, 'the user is frozen');
  const { token, expiresAt } = data.tokens.issue(app.appId, user.id, now);
  return {
    data: {
      token,
      user_id: user.id,
      expire: expiresAt,
      public_key: '',
      encrypt_type: 0,
      ...(given.device_guid !== undefined && { push_token: `push-${given.device_guid}` }),
    },
  };
}
