import { SMS_CODE } from '../model/bindings.ts';
import { DONE } from './answer.ts';
import { text } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, POST, route } from './route.ts';
import type { Call, Route } from './route.ts';

const mobile = { mobile: text() };
const proof = { ...mobile, captcha: text() };

/** Captchas, and what users do with their mobile numbers. Every text message has the same code, {@link SMS_CODE}. */
export const mobileRoutes: readonly Route[] = [
  route({
    methods: POST,
    path: '/app/captcha/image',
    access: 'public',
    // The picture itself is at the same path: rest/captcha-image.ts.
    handle: ({ app, now }) => ({ data: app.bindings.issueCaptcha(now) }),
  }),
  route({
    methods: GET,
    path: '/app/captcha/sms_web',
    access: 'public',
    query: { captcha: text(), image_id: text(), ...mobile },
    handle({ app, now }, { captcha, image_id }) {
      if (!app.bindings.isCaptcha(image_id, captcha, now)) throw new RestError(11014);
      return DONE;
    },
  }),
  route({ methods: GET, path: '/app/captcha/sms', access: 'public', query: mobile, handle: () => DONE }),
  route({
    methods: GET,
    path: '/app/user/info_pwd',
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
    body: proof,
    handle(call, given) {
      mustKnowCode(given);
      return bindMobile(call, call.user.id, given.mobile);
    },
  }),
  route({
    methods: POST,
    path: '/app/user/mobile_bind_with_sign',
    access: 'public',
    body: { sign: text(), ...mobile },
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
    body: mobile,
    handle: (call, given) => bindMobile(call, call.user.id, given.mobile),
  }),
  route({
    methods: POST,
    path: '/app/user/mobile_prechange_by_password',
    body: { password: text() },
    handle({ app, user, now }, { password }) {
      if (password !== user.password) throw new RestError(11001);
      return { data: { sign: app.bindings.issueSign({ userId: user.id }, now) } };
    },
  }),
  route({
    methods: POST,
    path: '/app/user/mobile_prechange_by_mobile',
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
    body: { sign: text(), ...proof },
    handle(call, given) {
      mustKnowCode(given);
      if (mustTakeSign(call, given.sign).userId !== call.user.id) throw new RestError(10002, 'sign');
      return bindMobile(call, call.user.id, given.mobile);
    },
  }),
  route({
    methods: GET,
    path: '/app/user_verification',
    handle: ({ app, user }) => ({
      data: app.bindings.verified.has(user.id) ? { status: 1, mobile: user.profile.mobile ?? '' } : { status: 0 },
    }),
  }),
  route({
    methods: POST,
    path: '/app/user_verification_by_mobile',
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
