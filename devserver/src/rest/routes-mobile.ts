import { signShape } from './answer-shapes.ts';
import { loginFields } from './user-answer-shapes.ts';
import { SMS_CODE } from '../model/bindings.ts';
import { DONE } from './answer.ts';
import { int, object, optional, text } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, POST, route } from './route.ts';
import type { Call, Route } from './route.ts';

const mobile = { mobile: text('The mobile number.') };
const proof = { ...mobile, captcha: text('The code that was sent to it.') };

/** Captchas, and what users do with their mobile numbers. Every text message has the same code, {@link SMS_CODE}. */
export const mobileRoutes: readonly Route[] = [
  route({
    methods: POST,
    path: '/app/captcha/image',
    summary: 'A picture with a code. `GET /app/captcha/image` shows it.',
    answers: text('Id of the picture.'),
    access: 'public',
    // The picture itself is at the same path: rest/captcha-image.ts.
    handle: ({ app, now }) => ({ data: app.bindings.issueCaptcha(now) }),
  }),
  route({
    methods: GET,
    path: '/app/captcha/sms_web',
    summary: 'Sends a code to a mobile number, for who can read a picture. Here the code is always 123456.',
    refuses: [11014],
    access: 'public',
    query: { captcha: text('The code in the picture.'), image_id: text('The picture.'), ...mobile },
    handle({ app, now }, { captcha, image_id }) {
      if (!app.bindings.isCaptcha(image_id, captcha, now)) throw new RestError(11014);
      return DONE;
    },
  }),
  route({
    methods: GET,
    path: '/app/captcha/sms',
    summary: 'Sends a code to a mobile number. Here the code is always 123456.',
    access: 'public',
    query: mobile,
    handle: () => DONE,
  }),
  route({
    methods: GET,
    path: '/app/user/info_pwd',
    summary: 'The account of a mobile number; a sign to bind it if it has none.',
    answers: object({ ...loginFields, sign: optional(text('For `/app/user/mobile_bind_with_sign`.')) }),
    refuses: [10001],
    access: 'public',
    query: proof,
    handle({ app, now }, given) {
      mustKnowCode(given);
      const user = app.bindings.byMobile(given.mobile);
      if (!user) return { data: { sign: app.bindings.issueSign({ mobile: given.mobile }, now) } };
      return { data: { username: user.username, password: user.password } };
    },
  }),
  route({
    methods: POST,
    path: '/app/user/mobile_bind',
    summary: 'Binds a mobile number to the caller.',
    refuses: [10001, 11012],
    body: proof,
    handle(call, given) {
      mustKnowCode(given);
      return bindMobile(call, call.user.id, given.mobile);
    },
  }),
  route({
    methods: POST,
    path: '/app/user/mobile_bind_with_sign',
    summary: 'Binds a mobile number to the newest account.',
    refuses: [10000, 11012],
    access: 'public',
    body: { sign: text('The proof.'), ...mobile },
    handle(call, given) {
      if (mustTakeSign(call, given.sign).mobile !== given.mobile) throw new RestError(10002, 'sign');
      // Apps call it after a registration and before the login, so nothing names the user: it is the newest.
      const newest = [...call.app.users].at(-1);
      if (!newest) throw new RestError(10000);
      return bindMobile(call, newest.id, given.mobile);
    },
  }),
  route({
    methods: POST,
    path: '/app/user/mobile_update',
    summary: "Changes the caller's mobile number.",
    refuses: [11012],
    body: mobile,
    handle: (call, given) => bindMobile(call, call.user.id, given.mobile),
  }),
  route({
    methods: POST,
    path: '/app/user/mobile_prechange_by_password',
    summary: 'Proves with the password that the mobile number may be changed.',
    answers: signShape,
    refuses: [11001],
    body: { password: text('The password.') },
    handle({ app, user, now }, { password }) {
      if (password !== user.password) throw new RestError(11001);
      return { data: { sign: app.bindings.issueSign({ userId: user.id }, now) } };
    },
  }),
  route({
    methods: POST,
    path: '/app/user/mobile_prechange_by_mobile',
    summary: 'Proves with the present number that the mobile number may be changed.',
    answers: signShape,
    refuses: [10001],
    body: proof,
    handle({ app, user, now }, given) {
      mustKnowCode(given);
      if (given.mobile !== user.profile.mobile) throw new RestError(10002, 'mobile');
      return { data: { sign: app.bindings.issueSign({ userId: user.id }, now) } };
    },
  }),
  route({
    methods: POST,
    path: '/app/user/mobile_change',
    summary: 'Changes the mobile number, with a proof.',
    refuses: [10001, 11012],
    body: { sign: text('The proof.'), ...proof },
    handle(call, given) {
      mustKnowCode(given);
      if (mustTakeSign(call, given.sign).userId !== call.user.id) throw new RestError(10002, 'sign');
      return bindMobile(call, call.user.id, given.mobile);
    },
  }),
  route({
    methods: GET,
    path: '/app/user_verification',
    summary: 'Whether the caller was verified.',
    answers: object({ status: int('1 verified, 0 not.'), mobile: optional(text('The number.')) }),
    handle: ({ app, user }) => ({
      data: app.bindings.verified.has(user.id) ? { status: 1, mobile: user.profile.mobile ?? '' } : { status: 0 },
    }),
  }),
  route({
    methods: POST,
    path: '/app/user_verification_by_mobile',
    summary: 'Verifies the caller by a mobile number.',
    refuses: [10001, 11012],
    body: proof,
    handle(call, given) {
      mustKnowCode(given);
      call.app.bindings.verified.set(call.user.id, true);
      return bindMobile(call, call.user.id, given.mobile);
    },
  }),
];

function mustKnowCode({ captcha }: { captcha: string }): void {
  if (captcha !== SMS_CODE) throw new RestError(10001);
}

/** A sign is good for one step. */
function mustTakeSign({ app, now }: Call, code: string): { readonly mobile?: string; readonly userId?: number } {
  const sign = app.bindings.signs.find(code);
  app.bindings.signs.remove(code);
  if (!sign || sign.expiresAt <= now) throw new RestError(10002, 'sign');
  return sign.value;
}

function bindMobile({ app }: Call, userId: number, number: string): typeof DONE {
  const holder = app.bindings.byMobile(number);
  if (holder && holder.id !== userId) throw new RestError(11012);
  app.users.get(userId)!.profile.mobile = number;
  return DONE;
}
