import { loginFields } from './user-answer-shapes.ts';
import { id, int, list, object, optional, text } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, POST, route } from './route.ts';
import type { Route } from './route.ts';
import { supportStaff } from './shapes.ts';

const QR_LOGIN_LIFETIME_MS = 3 * 60_000;

/** One-time secrets, login by QR code, and support staff. */
export const appRoutes: readonly Route[] = [
  route({
    methods: GET,
    path: '/app/support_staff',
    summary: 'The users that every user may write to.',
    answers: list(
      object({
        user_id: id('The user.'),
        username: optional(text('Name of the account.')),
        nick_name: optional(text('Name that others see.')),
        avatar: optional(text('URL of the picture.')),
        source: optional(text('`official` or `chatbot`.')),
      }),
    ),
    handle: ({ app }) => ({ data: [...app.users].filter(({ staff }) => staff).map(supportStaff) }),
  }),
  route({
    methods: POST,
    path: '/app/secret_info',
    summary: 'Keeps a text that can be read once.',
    answers: object({ code: text('Reads it.') }),
    access: 'public',
    body: {
      expire_seconds: int('For how long, in seconds.', { min: 1 }),
      secret_text: text('The text.'),
    },
    handle({ app, now }, { expire_seconds, secret_text }) {
      return { data: { code: app.secrets.issue(secret_text, expire_seconds * 1000, now).code } };
    },
  }),
  route({
    methods: GET,
    path: '/app/secret_info',
    summary: 'Reads a text that was kept, and forgets it.',
    answers: object({ secret_text: text('The text.') }),
    access: 'public',
    query: { code: text('The code of the text.') },
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
    summary: 'A QR code that a logged-in phone confirms.',
    answers: object({
      qr_code: text('What the QR code holds.'),
      qrcode_id: text('The same.'),
      expired: int('When it expires, in ms since 1970.'),
    }),
    access: 'public',
    handle({ app, now }) {
      const { code, expiresAt } = app.qrLogins.issue({}, QR_LOGIN_LIFETIME_MS, now);
      return { data: { qr_code: code, qrcode_id: code, expired: expiresAt } };
    },
  }),
  route({
    methods: GET,
    path: '/app/qr_login',
    summary: 'The account whose phone confirmed the QR code; without its fields while none has.',
    answers: object(loginFields),
    access: 'public',
    query: { qr_code: text('The QR code.') },
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
