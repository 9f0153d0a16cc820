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

const credentials = { password: text(), device_guid: optional(text()) };

/** Registration, and tokens for a name, an id or a mobile number with a password. */
export const authRoutes: readonly Route[] = [
  route({
    methods: POST,
    path: '/user/register/v2',
    access: 'public',
    body: { username: text(), password: text() },
    handle({ app }, { username, password }) {
      return { data: userSettings(register(app, username, password)) };
    },
  }),
  route({
    methods: POST,
    path: '/user/register/anonymous',
    access: 'public',
    // `cid` is the user whose link the visitor followed. This server ignores it.
    body: { username: text(), password: text(), cid: optional(id()) },
    handle({ app, random }, { username: prefix, password }) {
      const suffix = randomName(random, 12).replaceAll('-', '_');
      const { id: user_id, username } = register(app, `${prefix}${suffix}`, password);
      return { data: { username, user_id } };
    },
  }),
  route({
    methods: POST,
    path: '/user/register/batch',
    access: 'public',
    body: { list: list(object({ username: text(), password: text() })) },
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
    access: 'public',
    query: { username: text() },
    handle({ app }, { username }) {
      if (!USERNAME.test(username)) throw new RestError(10002, 'username');
      if (app.users.byName(username)) throw new RestError(11011);
      return DONE;
    },
  }),
  route({
    methods: POST,
    path: '/token/user',
    access: 'public',
    body: { name: optional(text()), mobile: optional(text()), ...credentials },
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
    access: 'public',
    body: { user_id: id(), ...credentials },
    handle: (call, { user_id, ...given }) => logIn(call, call.app.users.get(user_id), given),
  }),
  route({
    methods: POST,
    path: '/token/login',
    access: 'public',
    body: { login_name: text(), ...credentials },
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
