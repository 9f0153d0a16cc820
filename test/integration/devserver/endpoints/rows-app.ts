import { expect } from 'vitest';
import { GET, NO_GROUP, NO_USER, POST, POST_PUT } from './endpoint-table.ts';
import type { Endpoint } from './endpoint-table.ts';
import type { World } from './world.ts';

const upload = (w: World, path: string): object => ({
  upload_url: expect.stringMatching(`^${w.server.url}/upload/`),
  upload_method: 'POST',
  download_url: expect.stringMatching(`^${w.server.url}${path}=[^=]+$`),
  oss_body_param: {},
});

async function openUpload(w: World): Promise<void> {
  const { data } = await w.get('alice', '/file/upload/chat', { file_type: 102, to_id: w.bob, to_type: 1 });
  w.kept['sign'] = (data.download_url as string).split('sign=')[1];
}

/** The app's own affairs, files, and what admins send. */
export const appRows: readonly Endpoint[] = [
  {
    methods: GET,
    path: '/app/config',
    by: 'nobody',
    query: () => ({ platform: 6 }),
    optional: ['platform'],
    answer: () => ({ hide_member_info: false }),
  },
  { methods: GET, path: '/app/support_staff', answer: () => [] },
  {
    methods: POST,
    path: '/app/secret_info',
    by: 'nobody',
    body: () => ({ expire_seconds: 60, secret_text: 's' }),
    answer: () => ({ code: expect.any(String) }),
    refusals: [{ code: 10002, change: () => ({ expire_seconds: 0 }) }],
  },
  {
    methods: GET,
    path: '/app/secret_info',
    by: 'nobody',
    prepare: (w) => (w.kept['code'] = w.app.secrets.issue('s', 60_000, Date.now()).code),
    query: (w) => ({ code: w.kept['code'] }),
    answer: () => ({ secret_text: 's' }),
    refusals: [
      { code: 10002, change: () => ({ code: 'nonsense' }) },
      { code: 10002, change: (w) => ({ code: w.app.secrets.issue('s', 0, Date.now()).code }) },
      { code: 10002, prepare: (w) => w.get('nobody', '/app/secret_info', { code: w.kept['code'] }) },
    ],
  },
  {
    methods: GET,
    path: '/app/qr_code',
    by: 'nobody',
    answer: () => ({ qr_code: expect.any(String), expired: expect.any(Number) }),
  },
  {
    // Nobody has read the code yet.
    methods: GET,
    path: '/app/qr_login',
    by: 'nobody',
    prepare: (w) => (w.kept['code'] = w.app.qrLogins.issue({}, 60_000, Date.now()).code),
    query: (w) => ({ qr_code: w.kept['code'] }),
    answer: () => ({}),
    refusals: [
      { code: 10002, change: () => ({ qr_code: 'nonsense' }) },
      { code: 10002, change: (w) => ({ qr_code: w.app.qrLogins.issue({}, 0, Date.now()).code }) },
    ],
  },
  {
    methods: GET,
    path: '/app/qr_login',
    by: 'nobody',
    async prepare(w) {
      w.kept['code'] = (await w.get('nobody', '/app/qr_code')).data.qr_code;
      w.server.admin.confirmQrLogin({ qrCode: w.kept['code'], uid: w.alice });
    },
    query: (w) => ({ qr_code: w.kept['code'] }),
    answer: () => ({ username: 'alice', password: 'secret12' }),
  },
  {
    methods: GET,
    path: '/file/upload/chat',
    query: (w) => ({ file_type: 102, to_id: w.bob, to_type: 1 }),
    optional: ['to_type'],
    answer: (w) => upload(w, '/file/download/chat\\?file_sign'),
    refusals: [
      { code: 10002, change: () => ({ file_type: 7 }) },
      { code: 10002, change: () => ({ to_type: 3 }) },
      { code: 10000, change: () => ({ to_id: NO_USER }) },
      { code: 20001, change: () => ({ to_id: NO_GROUP, to_type: 2 }) },
      { code: 20002, by: 'carol', change: (w) => ({ to_id: w.group, to_type: 2 }) },
    ],
  },
  {
    methods: GET,
    path: '/file/upload/avatar/user',
    answer: (w) => upload(w, '/file/download/avatar\\?object_name'),
  },
  {
    methods: GET,
    path: '/file/upload/avatar/group',
    query: (w) => ({ group_id: w.group }),
    answer: (w) => upload(w, '/file/download/avatar\\?object_name'),
    refusals: [
      { code: 20001, change: () => ({ group_id: NO_GROUP }) },
      { code: 20012, by: 'bob' },
    ],
  },
  {
    methods: GET,
    path: '/file/upload/forward',
    by: 'bob',
    prepare: openUpload,
    query: (w) => ({ file_sign: w.kept['sign'], to_id: w.carol, to_type: 1 }),
    answer: (w) => expect.stringMatching(`^${w.server.url}/file/download/chat\\?file_sign=[^=]+$`),
    refusals: [
      { code: 10002, change: () => ({ file_sign: 'nonsense' }) },
      { code: 10000, change: () => ({ to_id: NO_USER }) },
      { code: 10010, by: 'carol' },
    ],
  },
  {
    methods: POST_PUT,
    path: '/message/send',
    by: 'admin',
    body: (w) => ({ targets: [w.bob], type: 1, content_type: 0, content: 'hi', from_user_id: w.alice, ext: '{}' }),
    optional: ['from_user_id', 'ext'],
    refusals: [
      { code: 10010, by: 'alice' },
      { code: 10002, change: () => ({ type: 2 }) },
      { code: 10002, change: () => ({ content_type: 8 }) },
      { code: 10002, change: () => ({ content_type: 10 }) },
      { code: 10000, change: () => ({ from_user_id: NO_USER }) },
    ],
    then: (w) => expect(w.app.messages.page(w.app.historyView(w.bob, w.alice), 0n, 5).messages).toHaveLength(1),
  },
  {
    methods: POST,
    path: '/push/notify',
    by: 'admin',
    body: () => ({ audience: 'all', message: { title: 't', body: 'b' }, setting: {} }),
    optional: ['setting'],
    refusals: [
      { code: 10010, by: 'alice' },
      { code: 10002, change: () => ({ audience: 'some' }) },
      { code: 10002, change: () => ({ audience: { user_id: [1], tag: ['t'] } }) },
      { code: 10002, change: () => ({ message: { type: 'other' } }) },
      { code: 12005, change: () => ({ audience: { tag: Array.from({ length: 501 }, String) } }) },
    ],
  },
];
