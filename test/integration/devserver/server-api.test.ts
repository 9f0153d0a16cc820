import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDevServer } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';

// The documented cURL examples, in their order; each works on what those before it left.
const EXAMPLES = readFileSync(new URL('server-api-examples.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n\n');
const HOST = 'https://api.maximtop.com';
const [USER, FRIEND_A, FRIEND_B, GROUP] = [2302128618880, 2199040544848, 2199040544992, 2306414607729];

const time = expect.any(Number);
const ok = { code: 200, data: true };

/** What the document says each example answers, in the order of the examples; the fields beside those named are ours. */
const ANSWERS: readonly (readonly [endpoint: string, answer: object])[] = [
  [
    'POST /user/register/v2',
    {
      code: 200,
      data: {
        user_id: USER,
        auto_download: false,
        group_confirm: false,
        no_sounds: false,
        no_push: false,
        vibratory: false,
        no_push_detail: false,
        auth_mode: 0,
        no_push_start_hour: 0,
        no_push_end_hour: 0,
      },
    },
  ],
  ['POST /user/add_roster', ok],
  [
    'GET /user/rosters',
    {
      code: 200,
      data: [
        { user_id: FRIEND_A, name: 'a' },
        { user_id: FRIEND_B, name: 'b' },
      ],
    },
  ],
  [
    'POST /group/create',
    {
      code: 200,
      data: {
        name: 'g001',
        status: 0,
        description: 'test-group',
        type: 0,
        group_id: GROUP,
        owner_id: USER,
        created_at: time,
        updated_at: time,
        member_invite: true,
        apply_approval: 1,
        read_ack: false,
        history_visible: false,
        member_modify: false,
      },
    },
  ],
  [
    'POST /group/invite',
    {
      code: 200,
      data: [
        { result: 'success', user_id: FRIEND_A },
        { result: 'success', user_id: FRIEND_B },
      ],
    },
  ],
  [
    'GET /group/member_list',
    {
      code: 200,
      data: [USER, FRIEND_A, FRIEND_B].map((user_id) => ({ user_id, join_time: time })),
      version: time,
    },
  ],
  ['DELETE /group/destroy', ok],
  ['POST /message/send', ok],
  ['POST /push/notify', ok],
  ['POST /push/notify', ok],
  ['POST /push/notify', ok],
];

let server: DevServer;

beforeAll(async () => {
  try {
    execFileSync('curl', ['--version']);
  } catch (cause) {
    throw new Error('The documented examples are run with curl: install it and have it in PATH.', { cause });
  }
  const [, adminToken] = /access-token: ([^']+)'/.exec(EXAMPLES.join('\n'))!;
  server = await createDevServer({ seed: 'server-api', adminToken: adminToken! });
});
afterAll(() => server.close());

/** `METHOD /path` of an example. */
function endpointOf(example: string): string {
  const [, method, path] = /^curl -X (\w+) 'https:\/\/[^/]+([^?']+)/.exec(example)!;
  return `${method} ${path}`;
}

async function run(example: string): Promise<unknown> {
  const command = example.replace(HOST, server.url);
  // Nothing of the machine's own proxies or curl settings.
  const { stdout } = await promisify(execFile)('sh', ['-c', command], {
    env: { PATH: process.env['PATH'], CURL_HOME: '/nowhere', NO_PROXY: '*' },
  });
  return JSON.parse(stdout);
}

test('every documented example has a documented answer', () => {
  expect(EXAMPLES.map(endpointOf)).toEqual(ANSWERS.map(([endpoint]) => endpoint));
});

test.each(EXAMPLES.map((example, index) => ({ endpoint: endpointOf(example), example, answer: ANSWERS[index]![1] })))(
  '$endpoint answers its example as documented',
  async ({ example, answer }) => {
    expect(await run(example)).toMatchObject(answer);
  },
);

test('the examples have the described effects', async () => {
  const app = server.data.app('welovemaxim');
  expect(app.users.get(USER)).toMatchObject({ username: 'test_user', password: 'asd' });
  expect(app.roster.friendsOf(FRIEND_A)).toEqual([USER]);
  expect(app.groups.get(GROUP)).toBeUndefined();
  const { messages } = app.messages.page(app.historyView(USER, 0), 0n, 10);
  expect(messages.map(({ body }) => body.content)).toEqual(['hello']);
});
