import { loginFields } from './user-answer-shapes.ts';
import type { User } from '../model/users.ts';
import { DONE } from './answer.ts';
import { flag, id, int, object, optional, text } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, POST, route } from './route.ts';
import type { Call, Route } from './route.ts';

const QR_LIFETIME_MS = 3 * 60_000;

const binding = { open_id: text('The WeChat account.'), type: optional(int('1 the mini-program.')) };
const wechatLogin = object({
  openid: text('The WeChat account.'),
  user_id: optional(id('The user.')),
  ...loginFields,
});

/**
 * WeChat accounts of users. This server asks nobody: the account behind a `code` of `wx.login` is `openid-<code>`. A QR code of
 * the official account is scanned by the control `confirmQrLogin`.
 */
export const wechatRoutes: readonly Route[] = [
  route({
    methods: GET,
    path: '/app/wechat_login',
    summary: 'The account that is bound to a WeChat account, and its open id.',
    answers: wechatLogin,
    access: 'public',
    query: {
      code: text('The code of `wx.login`.'),
      iv: optional(text('Has no effect.')),
      data: optional(text('Has no effect.')),
    },
    handle: ({ app }, { code }) => ({ data: loginOf(`openid-${code}`, app.bindings.byOpenId(`openid-${code}`)) }),
  }),
  route({
    methods: GET,
    path: '/user/bind_openid',
    summary: 'Binds a WeChat account to the caller.',
    query: binding,
    handle: bind,
  }),
  route({
    methods: POST,
    path: '/app/wechat/bind',
    summary: 'Binds a WeChat account to the caller.',
    body: binding,
    handle: bind,
  }),
  route({
    methods: POST,
    path: '/app/wechat/unbind',
    summary: 'Ends the binding.',
    handle({ app, user }) {
      app.bindings.openIds.delete(app.bindings.openIdOf(user.id) ?? '');
      return DONE;
    },
  }),
  route({
    methods: GET,
    path: '/app/wechat/is_bind',
    summary: 'Whether a WeChat account is bound to the caller.',
    answers: flag(),
    handle: ({ app, user }) => ({ data: app.bindings.openIdOf(user.id) !== undefined }),
  }),
  route({
    methods: GET,
    path: '/app/official_account/qrcode',
    summary: 'A QR code of the official account.',
    answers: object({
      qrcode_id: text('Id of the QR code.'),
      url: text('What it holds.'),
      expired: int('When it expires, in ms since 1970.'),
    }),
    access: 'public',
    handle({ app, now, baseUrl }) {
      const { code, expiresAt } = app.bindings.accountCodes.issue({}, QR_LIFETIME_MS, now);
      return { data: { qrcode_id: code, url: `${baseUrl()}/official_account/${code}`, expired: expiresAt } };
    },
  }),
  route({
    methods: GET,
    path: '/app/official_account/qrcode_status',
    summary: 'Whether a QR code of the official account was scanned.',
    answers: object({ code: text('For `/app/official_account/login`.') }),
    refuses: [11022],
    access: 'public',
    query: { qrcode_id: text('The QR code.') },
    handle(call, { qrcode_id }) {
      mustBeScanned(call, qrcode_id);
      return { data: { code: qrcode_id } };
    },
  }),
  route({
    methods: GET,
    path: '/app/official_account/login',
    summary: 'The account of the user who scanned.',
    answers: wechatLogin,
    refuses: [11022],
    access: 'public',
    query: { code: text('The code of the scanned QR code.') },
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
    summary: 'Whether the caller follows the official account; refused if not.',
    refuses: [10000],
    handle({ app, user }) {
      // Apps read only whether the call succeeds.
      if (app.bindings.openIdOf(user.id) === undefined) throw new RestError(10000, 'no WeChat account is bound');
      return DONE;
    },
  }),
  route({
    methods: POST,
    path: '/app/generate_url_link',
    summary: 'A link that opens the mini-program.',
    answers: object({ url_link: text('The link.') }),
    body: { path: text('A page of the mini-program.'), query: optional(text('Its parameters.')) },
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
