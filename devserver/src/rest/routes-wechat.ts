import type { User } from '../model/users.ts';
import { DONE } from './answer.ts';
import { int, optional, text } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, POST, route } from './route.ts';
import type { Call, Route } from './route.ts';

const QR_LIFETIME_MS = 3 * 60_000;

const binding = { open_id: text(), type: optional(int()) };

/**
 * WeChat accounts of users. This server asks nobody: the account behind a `code` of `wx.login` is `openid-<code>`. A QR code of
 * the official account is scanned by the control `confirmQrLogin`.
 */
export const wechatRoutes: readonly Route[] = [
  route({
    methods: GET,
    path: '/app/wechat_login',
    access: 'public',
    query: { code: text(), iv: optional(text()), data: optional(text()) },
    handle: ({ app }, { code }) => ({ data: loginOf(`openid-${code}`, app.bindings.byOpenId(`openid-${code}`)) }),
  }),
  route({ methods: GET, path: '/user/bind_openid', query: binding, handle: bind }),
  route({ methods: POST, path: '/app/wechat/bind', body: binding, handle: bind }),
  route({
    methods: POST,
    path: '/app/wechat/unbind',
    handle({ app, user }) {
      app.bindings.openIds.delete(app.bindings.openIdOf(user.id) ?? '');
      return DONE;
    },
  }),
  route({
    methods: GET,
    path: '/app/wechat/is_bind',
    handle: ({ app, user }) => ({ data: app.bindings.openIdOf(user.id) !== undefined }),
  }),
  route({
    methods: GET,
    path: '/app/official_account/qrcode',
    access: 'public',
    handle({ app, now, baseUrl }) {
      const { code, expiresAt } = app.bindings.accountCodes.issue({}, QR_LIFETIME_MS, now);
      return { data: { qrcode_id: code, url: `${baseUrl()}/official_account/${code}`, expired: expiresAt } };
    },
  }),
  route({
    methods: GET,
    path: '/app/official_account/qrcode_status',
    access: 'public',
    query: { qrcode_id: text() },
    handle(call, { qrcode_id }) {
      mustBeScanned(call, qrcode_id);
      return { data: { code: qrcode_id } };
    },
  }),
  route({
    methods: GET,
    path: '/app/official_account/login',
    access: 'public',
    query: { code: text() },
    handle(call, { code }) {
      const user = mustBeScanned(call, code);
      const { bindings } = call.app;
      bindings.accountCodes.remove(code);
      const openId = bindings.openIdOf(user.id) ?? `openid-${user.id}`;
      bindings.openIds.set(openId, user.id);
      return { data: loginOf(openId, user) };
    },
  }),
  route({
    methods: GET,
    path: '/app/official_account/is_bind',
    handle({ app, user }) {
      // Apps read only whether the call succeeds.
      if (app.bindings.openIdOf(user.id) === undefined) throw new RestError(10000, 'no WeChat account is bound');
      return DONE;
    },
  }),
  route({
    methods: POST,
    path: '/app/generate_url_link',
    body: { path: text(), query: optional(text()) },
    handle: ({ baseUrl }, { path, query = '' }) => ({ data: { url_link: `${baseUrl()}/link?path=${path}&${query}` } }),
  }),
];

function loginOf(openid: string, user: User | undefined): object {
  return user ? { openid, user_id: user.id, username: user.username, password: user.password } : { openid };
}

function bind({ app, user }: Call, { open_id }: { open_id: string }): typeof DONE {
  const { openIds } = app.bindings;
  openIds.delete(app.bindings.openIdOf(user.id) ?? '');
  openIds.set(open_id, user.id);
  return DONE;
}

function mustBeScanned({ app, now }: Call, code: string): User {
  const scan = app.bindings.accountCodes.find(code);
  if (!scan || scan.expiresAt <= now) throw new RestError(10002, 'qrcode_id is unknown or expired');
  const user = app.users.get(scan.value.userId ?? -1);
  if (!user) throw new RestError(11022);
  return user;
}
