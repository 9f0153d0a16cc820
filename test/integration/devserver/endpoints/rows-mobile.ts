import { expect } from 'vitest';
import { SMS_CODE } from '../../../../devserver/src/model/bindings.ts';
import { GET, POST } from './endpoint-table.ts';
import type { Endpoint, Values } from './endpoint-table.ts';
import type { World } from './world.ts';

const MOBILE = '13800138000';
const proof = (): Values => ({ captcha: SMS_CODE, mobile: MOBILE });
const wrongCode = { code: 10001, change: () => ({ captcha: '000000' }) };
const taken = {
  code: 11012,
  prepare: (w: World): unknown => (w.app.users.get(w.bob)!.profile.mobile = MOBILE),
};
const isBound = (w: World): unknown => expect(w.app.users.get(w.alice)!.profile.mobile).toBe(MOBILE);

function openCaptcha(w: World): void {
  const { bindings } = w.app;
  w.kept['image'] = bindings.issueCaptcha(Date.now());
  w.kept['code'] = bindings.captchas.find(w.kept['image'])!.value;
}

/** Captchas and mobile numbers. */
export const mobileRows: readonly Endpoint[] = [
  { methods: POST, path: '/app/captcha/image', by: 'nobody', answer: () => expect.stringMatching(/^[\w-]{10,}$/) },
  {
    methods: GET,
    path: '/app/captcha/sms_web',
    by: 'nobody',
    prepare: openCaptcha,
    query: (w) => ({ captcha: w.kept['code'], image_id: w.kept['image'], mobile: MOBILE }),
    refusals: [
      { code: 11014, change: () => ({ captcha: '0000' }) },
      { code: 11014, change: () => ({ image_id: 'nonsense' }) },
    ],
  },
  { methods: GET, path: '/app/captcha/sms', by: 'nobody', query: () => ({ mobile: MOBILE }) },
  {
    methods: GET,
    path: '/app/user/info_pwd',
    by: 'nobody',
    query: proof,
    answer: () => ({ sign: expect.any(String) }),
    refusals: [wrongCode],
  },
  {
    methods: POST,
    path: '/app/user/mobile_bind',
    body: proof,
    refusals: [wrongCode, taken],
    then: isBound,
  },
  {
    methods: POST,
    path: '/app/user/mobile_bind_with_sign',
    by: 'nobody',
    prepare: (w) => (w.kept['sign'] = w.app.bindings.issueSign({ mobile: MOBILE }, Date.now())),
    body: (w) => ({ sign: w.kept['sign'], mobile: MOBILE }),
    refusals: [
      { code: 10002, change: () => ({ sign: 'nonsense' }) },
      { code: 10002, change: () => ({ mobile: '13900139000' }) },
    ],
    then: (w) => expect([...w.app.users].at(-1)!.profile.mobile).toBe(MOBILE),
  },
  {
    methods: POST,
    path: '/app/user/mobile_update',
    body: () => ({ mobile: MOBILE }),
    refusals: [taken],
    then: isBound,
  },
  {
    methods: POST,
    path: '/app/user/mobile_prechange_by_password',
    body: (w) => ({ password: w.app.users.get(w.alice)!.password }),
    answer: () => ({ sign: expect.any(String) }),
    refusals: [{ code: 11001, change: () => ({ password: 'nonsense' }) }],
  },
  {
    methods: POST,
    path: '/app/user/mobile_prechange_by_mobile',
    prepare: (w) => (w.app.users.get(w.alice)!.profile.mobile = MOBILE),
    body: proof,
    answer: () => ({ sign: expect.any(String) }),
    refusals: [wrongCode, { code: 10002, change: () => ({ mobile: '13900139000' }) }],
  },
  {
    methods: POST,
    path: '/app/user/mobile_change',
    prepare: (w) => (w.kept['sign'] = w.app.bindings.issueSign({ userId: w.alice }, Date.now())),
    body: (w) => ({ ...proof(), sign: w.kept['sign'] }),
    refusals: [wrongCode, taken, { code: 10002, change: () => ({ sign: 'nonsense' }) }],
    then: isBound,
  },
  { methods: GET, path: '/app/user_verification', answer: () => ({ status: 0 }) },
  {
    methods: POST,
    path: '/app/user_verification_by_mobile',
    body: proof,
    refusals: [wrongCode, taken],
    then: async (w) =>
      expect(await w.get('alice', '/app/user_verification')).toMatchObject({ data: { status: 1, mobile: MOBILE } }),
  },
];
