import { expect } from 'vitest';
import { GET, POST } from './endpoint-table.ts';
import type { Endpoint } from './endpoint-table.ts';
import type { World } from './world.ts';

const bindAlice = (w: World): unknown => w.app.bindings.openIds.set('openid-7', w.alice);

/** A code of the official account that alice has scanned. */
function scan(w: World): void {
  w.kept['qr'] = w.app.bindings.accountCodes.issue({}, 60_000, Date.now()).code;
  w.server.admin.confirmQrLogin({ qrCode: w.kept['qr'], uid: w.alice });
}

const binding: Pick<Endpoint, 'optional' | 'then'> = {
  optional: ['type'],
  then: async (w) => {
    expect(await w.get('alice', '/app/wechat/is_bind')).toMatchObject({ data: true });
    expect(await w.get('nobody', '/app/wechat_login', { code: '7' })).toMatchObject({ data: { user_id: w.alice } });
  },
};

/** WeChat accounts. */
export const wechatRows: readonly Endpoint[] = [
  {
    methods: GET,
    path: '/app/wechat_login',
    by: 'nobody',
    query: () => ({ code: '7', iv: 'x', data: 'y' }),
    optional: ['iv', 'data'],
    answer: () => ({ openid: 'openid-7' }),
  },
  { methods: GET, path: '/user/bind_openid', query: () => ({ open_id: 'openid-7', type: 1 }), ...binding },
  { methods: POST, path: '/app/wechat/bind', body: () => ({ open_id: 'openid-7', type: 1 }), ...binding },
  {
    methods: POST,
    path: '/app/wechat/unbind',
    prepare: bindAlice,
    then: async (w) => expect(await w.get('alice', '/app/wechat/is_bind')).toMatchObject({ data: false }),
  },
  { methods: GET, path: '/app/wechat/is_bind', answer: () => false },
  {
    methods: GET,
    path: '/app/official_account/qrcode',
    by: 'nobody',
    answer: () => ({ qrcode_id: expect.any(String), url: expect.any(String), expired: expect.any(Number) }),
  },
  {
    methods: GET,
    path: '/app/official_account/qrcode_status',
    by: 'nobody',
    prepare: scan,
    query: (w) => ({ qrcode_id: w.kept['qr'] }),
    answer: () => ({ code: expect.any(String) }),
    refusals: [
      { code: 10002, change: () => ({ qrcode_id: 'nonsense' }) },
      {
        code: 11022,
        change: (w) => ({ qrcode_id: w.app.bindings.accountCodes.issue({}, 60_000, Date.now()).code }),
      },
    ],
  },
  {
    methods: GET,
    path: '/app/official_account/login',
    by: 'nobody',
    prepare: scan,
    query: (w) => ({ code: w.kept['qr'] }),
    answer: (w) => ({ openid: expect.any(String), user_id: w.alice, password: expect.any(String) }),
    refusals: [{ code: 10002, change: () => ({ code: 'nonsense' }) }],
  },
  {
    methods: GET,
    path: '/app/official_account/is_bind',
    prepare: bindAlice,
    refusals: [{ code: 10000, prepare: (w) => w.app.bindings.openIds.delete('openid-7') }],
  },
  {
    methods: POST,
    path: '/app/generate_url_link',
    body: () => ({ path: 'pages/index', query: 'a=1' }),
    optional: ['query'],
    answer: () => ({ url_link: expect.stringContaining('pages/index') }),
  },
];
