import { int, text } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, POST, route } from './route.ts';
import type { Route } from './route.ts';

const QR_LOGIN_LIFETIME_MS = 3 * 60_000;

/** One-time secrets, login by QR code, and support staff. */
export const appRoutes: readonly Route[] = [
  route({ methods: GET, path: '/app/support_staff', handle: () => ({ data: [] }) }),
  route({
    methods: POST,
    path: '/app/secret_info',
    access: 'public',
    body: { expire_seconds: int({ min: 1 }), secret_text: text() },
    handle({ app, now }, { expire_seconds, secret_text }) {
      return { data: { code: app.secrets.issue(secret_text, expire_seconds * 1000, now).code } };
    },
  }),
  route({
    methods: GET,
    path: '/app/secret_info',
    access: 'public',
    query: { code: text() },
    handle({ app, now }, { code }) {
      const secret = app.secrets.find(code);
      app.secrets.remove(code);
      if (!secret || secret.expiresAt <= now) throw new RestError(10002, 'code is unknown or expired');
      return { data: { secret_text: secret.value } };
    },
  }),
  route({
    methods: GET,
    path: '/app/qr_code',
    access: 'public',
    handle({ app, now }) {
      const { code, expiresAt } = app.qrLogins.issue({}, QR_LOGIN_LIFETIME_MS, now);
      return { data: { qr_code: code, qrcode_id: code, expired: expiresAt } };
    },
  }),
  route({
    methods: GET,
    path: '/app/qr_login',
    access: 'public',
    query: { qr_code: text() },
    handle({ app, now }, { qr_code }) {
      const login = app.qrLogins.find(qr_code);
      if (!login || login.expiresAt <= now) throw new RestError(10002, 'qr_code is unknown or expired');
      const user = app.users.get(login.value.userId ?? -1);
      if (!user) return { data: {} };
      app.qrLogins.remove(qr_code);
      return { data: { username: user.username, password: user.password } };
    },
  }),
];
