/** Every documented error code that docs/reference/errors.md promises, raised in a whole client over the dev server. */
import { describe, expect, test } from 'vitest';
import { UserNoticeType } from 'flooim/wire';
import { allCodes, serverNumbers } from '../../../scripts/error-docs.ts';
import { NEVER_USED } from '../../../scripts/error-origins.ts';
import { FlooError, isFlooError, sessionEnd } from '../../../src/errors.ts';
import type { FlooErrorCode } from '../../../src/errors.ts';
import type { FileUpload } from '../../../src/managers/file-transfers.ts';
import { quiet, until } from '../../support/client-events.ts';
import { createDevice } from '../../support/client-device.ts';
import { DEAD_HOST, PASSWORD, startWorld } from '../../support/client-world.ts';
import type { Member, World } from '../../support/client-world.ts';

const ALICE = { name: 'alice', password: PASSWORD };
const NUMBERS = serverNumbers();

const produced = new Set<FlooErrorCode>();

/** Notes the code of what went wrong. */
async function caught(failing: () => unknown): Promise<FlooError> {
  try {
    await failing();
  } catch (error) {
    if (!isFlooError(error)) throw error;
    produced.add(error.reason);
    return error;
  }
  throw new Error('nothing went wrong');
}

/** The error that becomes of a message. */
async function failedSend({ client, events }: Member, target: { uid: number } | { gid: number }): Promise<FlooError> {
  const { sysManage } = client;
  const content = 'x';
  if ('gid' in target) sysManage.sendGroupMessage({ gid: target.gid, content });
  else sysManage.sendRosterMessage({ uid: target.uid, content });
  const { error } = await events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed');
  produced.add(error!.reason);
  return error!;
}

test('REST codes', async () => {
  const world = await startWorld();
  const { client } = await world.member('alice');
  for (const [reason, { rest }] of NUMBERS) {
    for (const number of rest) {
      if (number === 402) continue;
      world.server.admin.failRest({ path: '/group/create', code: number, message: 'the words' });
      const error = await caught(() => client.groupManage.asyncCreate({ name: 'g' }));
      expect(error).toMatchObject({ reason, code: number, rawMessage: 'the words' });
    }
  }
  world.server.admin.failRest({ path: '/group/create', code: 402 });
  expect((await caught(() => client.groupManage.asyncCreate({ name: 'g' }))).reason).toBe('InvalidToken');
  for (const code of [402, 11001]) {
    world.server.admin.failRest({ path: '/token/user', code });
    expect((await caught(() => client.login(ALICE))).reason).toBe('UserAuthFailed');
  }
  const bad = await caught(() => client.userManage.asyncRegister({ username: 'no spaces!', password: PASSWORD }));
  expect(bad.reason).toBe('InvalidUserNameParameter');
});

describe('statuses', () => {
  test('of a send', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const gid = world.group(alice, bob);
    for (const [reason, { status }] of NUMBERS) {
      for (const code of status.send) {
        // One that ends the session says nothing of the message, which is sent after the next login.
        if (sessionEnd(new FlooError(reason))) continue;
        world.server.admin.refuseSend({ code, reason: 'why' });
        expect(await failedSend(alice, { uid: bob.id })).toMatchObject({ reason, statusCode: code, rawMessage: 'why' });
      }
    }
    world.server.admin.refuseSend({ code: 11 });
    expect((await failedSend(alice, { gid })).reason).toBe('GroupMemberBanned');
    world.server.admin.refuseSend({ code: 2, reason: 'exceed recall time limit' });
    expect((await failedSend(alice, { uid: bob.id })).reason).toBe('MessageOutRecallTime');
  });

  test('of a send that end the session are emitted once', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    for (const [reason, { status }] of NUMBERS) {
      for (const code of status.send) {
        if (!sessionEnd(new FlooError(reason))) continue;
        world.server.admin.refuseSend({ code });
        alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: String(code) });
        expect(await alice.events.next('flooError')).toMatchObject({ error: { reason, statusCode: code } });
        await quiet(20);
        expect(alice.client.isLogin()).toBe(false);
        await alice.client.login(ALICE);
        await bob.events.next('onRosterMessage', ({ content }) => content === String(code));
      }
    }
    const codes = alice.events.all('flooError').map(({ error }) => error.statusCode);
    expect(codes).toEqual([...new Set(codes)]);
  });

  test('of a login', async () => {
    const world = await startWorld();
    await world.register('alice');
    for (const [reason, { status }] of NUMBERS) {
      for (const code of status.provision) {
        const { client } = world.client();
        // The first DEVICE_GUID_CONFLICT is answered with another guid.
        world.server.admin.refuseProvision({ code, count: code === 15 ? 2 : 1 });
        expect(await caught(() => client.login(ALICE))).toMatchObject({ reason, statusCode: code });
      }
    }
  });
});

test('user notices', async () => {
  const world = await startWorld();
  const alice = await world.member('alice');
  for (const [reason, { notices }] of NUMBERS) {
    // What moves the session to other servers is no error to the app.
    if (reason === 'ServerNeedReconnected') continue;
    for (const name of notices) {
      world.server.admin.kick({ uid: alice.id, type: UserNoticeType[name] });
      const { error } = await alice.events.next('flooError');
      expect([name, error.reason]).toEqual([name, reason]);
      produced.add(error.reason);
      await alice.client.login(ALICE);
    }
  }
});

describe('codes that the client raises itself', () => {
  const cases: [FlooErrorCode, (world: World) => Promise<unknown>][] = [
    ['UserNotLogin', async (world) => world.client().client.sysManage.sendRosterMessage({ uid: 1, content: 'x' })],
    ['InvalidParam', async (world) => (await world.member('alice')).client.sysManage.sendRosterMessage({ uid: 'x' })],
    [
      'SignInCancelled',
      async (world) => {
        const { client } = world.client();
        const login = client.login(ALICE);
        client.disConnect();
        await login;
      },
    ],
    [
      'SignInTimeout',
      async (world) => {
        world.server.admin.dropAnswers({ command: 'provision', count: 1 });
        await world.client({ answerTimeoutMs: 500 }).client.login(ALICE);
      },
    ],
    [
      'SignInFailed',
      async (world) => {
        const device = createDevice();
        const { client } = world.client({}, device);
        await until(() => client.isReady(), 'DNS');
        device.platform.preferences.set = () => {
          throw new TypeError('nothing can be written');
        };
        await client.login(ALICE);
      },
    ],
    [
      'DbOperationFailed',
      async (world) => {
        const alice = await world.member('alice');
        alice.device.commit = async () => Promise.reject(new TypeError('not to be stored'));
        throw await failedSend(alice, { uid: 16 });
      },
    ],
    [
      'ServerNotReachable',
      async (world) => {
        const { client } = await world.member('alice');
        await world.server.close();
        await client.groupManage.asyncCreate({ name: 'g' });
      },
    ],
    [
      'ServerBusy',
      async (world) => {
        const device = createDevice();
        const { http } = device.platform;
        device.platform.http = async (request) =>
          request.url.endsWith('/group/create') ? { status: 503, body: '<html>' } : http(request);
        await (await world.member('alice', {}, device)).client.groupManage.asyncCreate({ name: 'g' });
      },
    ],
    [
      'ServerTimeOut',
      async (world) => {
        const { client } = await world.member('alice', { requestTimeoutMs: 500 });
        world.server.admin.failRest({ path: '/group/create', hang: true });
        await client.groupManage.asyncCreate({ name: 'g' });
      },
    ],
    [
      'ServerConnectFailed',
      async (world) => {
        world.server.admin.stall({ on: true, alsoNew: true });
        await world.client({ connectTimeoutMs: 500 }).client.login(ALICE);
      },
    ],
    [
      'ServerNeedReconnected',
      async (world) => {
        world.server.admin.dropAnswers({ command: 'provision', count: 1 });
        const login = world.client().client.login(ALICE);
        await until(() => world.server.admin.receivedFrames().length > 0, 'the provision');
        world.server.admin.dropSockets();
        await login;
      },
    ],
    ['ServerDNSFailed', async (world) => world.client({ dnsServer: `http://${DEAD_HOST}/` }).client.login(ALICE)],
    [
      'ServerAppFrozen',
      async (world) => {
        world.server.admin.setDns({ app_status: 'frozen' });
        await world.client().client.login(ALICE);
      },
    ],
    [
      'ServerResponseInvalid',
      async (world) => {
        const { events } = await world.member('alice');
        world.server.admin.sendBytes({ bytes: Uint8Array.of(0xff, 0xff) });
        throw (await events.next('flooError')).error;
      },
    ],
    [
      'ServerFileDownloadUnknownError',
      async (world) => {
        world.server.admin.failRest({ path: '/file/download/avatar', httpStatus: 500 });
        const { client } = await world.member('alice');
        await client.sysManage.downloadAudio({ url: client.sysManage.getImage({ avatar: 'x' }) });
      },
    ],
    [
      'InvalidFileSign',
      async (world) => {
        const { client } = await world.member('alice');
        await client.sysManage.asyncFileDownload({ url: `${client.baseUrl}/file/download/chat?file_sign=x` });
      },
    ],
    [
      'InvalidFileDownloadUrl',
      async (world) => (await world.member('alice')).client.sysManage.asyncFileDownload({ url: 'file:///etc/passwd' }),
    ],
    ...(
      [
        ['InvalidFileObjectType', { toType: 'chat', fileType: 'x' }],
        ['InvalidFileUploadToType', { toType: 'chat', fileType: 'file', chatType: 'x' }],
        ['UserCancel', { toType: 'rosterAvatar', signal: AbortSignal.abort() }],
      ] as [FlooErrorCode, Omit<FileUpload, 'file'>][]
    ).map(([reason, upload]): (typeof cases)[number] => [
      reason,
      async (world) =>
        (await world.member('alice')).client.sysManage.asyncFileUpload({ ...upload, file: new Uint8Array(1) }),
    ]),
    [
      'ServerInvalidUploadUrl',
      async (world) => {
        world.server.admin.failRest({ path: '/upload/*', httpStatus: 404, count: 2 });
        const { client } = await world.member('alice');
        await client.sysManage.asyncFileUpload({ toType: 'rosterAvatar', file: new Uint8Array(1) });
      },
    ],
    ['ServerRtcNotOpen', async (world) => (await world.member('alice')).client.rtcManage.initRTCEngine({})],
  ];
  test.each(cases)('%s', async (reason, fail) => {
    const world = await startWorld();
    await world.register('alice');
    expect((await caught(async () => fail(world))).reason).toBe(reason);
  });
});

test('every code that docs/reference/errors.md does not call impossible is covered', () => {
  expect([...produced].sort()).toEqual(
    allCodes()
      .filter((code) => !(code in NEVER_USED))
      .sort(),
  );
});
