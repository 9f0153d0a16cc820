/** Every public method, called without arguments and with wrong ones. */
import { describe, expect, it } from 'vitest';
import { createClient, flooim } from '../../../src/entries/node.ts';
import { isFlooError } from '../../../src/errors.ts';
import type { FlooClient } from '../../../src/floo-client.ts';
import type { ClientOptions } from '../../../src/options.ts';
import { startWorld } from '../../support/memory-world.ts';
import restTable from '../../api/rest-methods.json' with { type: 'json' };

const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;
const hostile = {
  toString: () => {
    throw new TypeError('the app’s own');
  },
};

const fail = (): never => {
  throw new TypeError('the app’s own');
};
const throwing = Object.defineProperty({}, 'message', { get: fail, enumerable: true });
function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** What an app in JavaScript may pass by mistake, in any position. */
const WRONG: Readonly<Record<string, unknown>> = {
  undefined,
  null: null,
  'a number': 5,
  NaN,
  'a fraction': -1.5,
  'a string': 'x',
  'an empty string': '',
  'half a pair': 'a\ud83d',
  true: true,
  'an object': { a: 1 },
  'an empty object': {},
  'an array': [1, 2],
  'an empty array': [],
  'an array of objects': [{ a: 1 }],
  'a function': () => undefined,
  'a symbol': Symbol('s'),
  'a bigint': 10n,
  'a date': new Date(0),
  'an object that refers to itself': cycle,
  'an object without a text': Object.create(null),
  'an object with a broken text': hostile,
  'an object with a field that throws': throwing,
  'a proxy that throws': new Proxy({}, { get: fail }),
  'a revoked proxy': revokedProxy(),
};

/** Those that are tried in every field of an object. */
const IN_FIELDS = [
  'null',
  'a number',
  'a string',
  'true',
  'an object',
  'an array',
  'a function',
  'a symbol',
  'an object with a broken text',
];

type Call = (...args: readonly unknown[]) => unknown;
type RestRow = [method: string, path: string, place: string, required: string[]];

/** These end the session or the client. */
const ENDS = [
  'logout',
  'cleanup',
  'kickAllWeb',
  'disConnect',
  'dispose',
  'deleteToken',
  'asyncDeleteUser',
  'configure',
];
const OWNERS = ['userManage', 'rosterManage', 'groupManage', 'sysManage', 'rtcManage'] as const;

const LOGINS = ['im.login', 'im.idLogin', 'im.qrlogin', 'im.tokenLogin'];

/** Every function of the im object and its managers, by its path. */
function methodsOf(client: FlooClient): [path: string, call: Call][] {
  const holders: [string, object][] = [
    ['im', client],
    ...OWNERS.map((owner): [string, object] => [owner, client[owner]]),
  ];
  return holders.flatMap(([owner, holder]) =>
    Object.entries(holder)
      .filter((entry): entry is [string, Call] => typeof entry[1] === 'function' && !ENDS.includes(entry[0]))
      .map(([name, call]): [string, Call] => [`${owner}.${name}`, call]),
  );
}

/** What came of a call: nothing wrong, or what it threw or rejected with. */
async function outcomeOf(call: Call, args: readonly unknown[]): Promise<unknown> {
  try {
    await call(...args);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Fields of the objects that methods take, each with a right value. */
const rightFields = (id: number): Readonly<Record<string, unknown>> => ({
  ...{ uid: id, gid: id, id, type: 'roster', mid: '1', content: 'c', txt: 't', ext: '', config: {}, attachment: {} },
  ...{ priority: 1, mentionList: [], message: { content: 'c' }, before: 1, limit: 1, contentType: 'text' },
  ...{ avatar: 'a', sdefault: 'b', params: {}, path: '/tmp/flooim-wrong', url: 'http://127.0.0.1:2/f' },
  ...{ file: new Uint8Array(1), toType: 'chat', fileType: 'file', chatType: 'roster', to_id: id },
  ...{ processCallback: () => undefined, signal: { aborted: false, addEventListener: () => undefined }, link: 'l' },
});

/** Those that only a message with a file has, or an upload. */
const FILE_FIELDS = [
  'file',
  'type',
  'attachment',
  'toType',
  'fileType',
  'chatType',
  'to_id',
  'processCallback',
  'signal',
];

/** A wrong value alone, behind right ids, and as each field of an object whose other fields are right. */
function argumentLists(path: string, value: unknown, id: number): readonly (readonly unknown[])[] {
  const [owner, name] = path.split('.') as [string, string];
  const rest = (restTable as unknown as Record<string, Record<string, RestRow>>)[owner]?.[name];
  if (rest) {
    const right = Object.fromEntries(rest[3].map((key) => [key, id]));
    return [[value], ...Object.keys(right).map((key) => [{ ...right, [key]: value }])];
  }
  const fields = rightFields(id);
  const isInFields = IN_FIELDS.some((name) => WRONG[name] === value);
  const { file, ...withoutFile } = fields;
  const objects = [
    ...Object.keys(withoutFile).map((key) => [{ ...withoutFile, type: 'text', [key]: value }]),
    ...FILE_FIELDS.map((key) => [{ ...fields, type: 'image', [key]: value }]),
    ...['id', 'type', 'mid', 'limit', 'contentType'].map((key) => [{ id, type: 'roster', mid: '1', [key]: value }]),
  ];
  const positions: unknown[][] = [
    [value],
    [id, value],
    [id, '1', value],
    [id, '1', '', value],
    [id, 'roster', value],
    [value, {}],
  ];
  return isInFields ? [...positions, ...objects] : positions;
}

describe('a wrong argument', () => {
  it('I7: of any method is InvalidParam that names it, or does nothing; never a bare error, and no object is sent as text', async () => {
    const world = await startWorld();
    const alice = await world.member('alice', { logLevel: 'off' });
    const bob = await world.member('bob');
    const wrong = new Set<string>();
    // A login with wrong credentials ends the session, so these come last.
    const all = methodsOf(alice.client);
    const logins = all.filter(([path]) => LOGINS.includes(path));
    for (const [path, call] of [...all.filter((each) => !logins.includes(each)), ...logins]) {
      const cases = Object.entries(WRONG).flatMap(([name, value]) =>
        argumentLists(path, value, bob.id).map((args) => ({ name, args })),
      );
      const outcomes = await Promise.all(
        [{ name: 'nothing', args: [] }, ...cases].map(async (each) => ({
          ...each,
          outcome: await outcomeOf(call, each.args),
        })),
      );
      for (const { name, outcome } of outcomes) {
        if (outcome === undefined) continue;
        if (!isFlooError(outcome) || outcome.reason === 'DbOperationFailed')
          wrong.add(`${path}(${name}): ${String(outcome)}`);
        else if (outcome.reason === 'InvalidParam' && !outcome.rawMessage) wrong.add(`${path}(${name}): names nothing`);
      }
      const sent = JSON.stringify([world.server.admin.receivedRequests(), world.server.admin.receivedFrames()]);
      if (/\[object|%5Bobject|"undefined"|=undefined/.test(sent)) wrong.add(`${path} sends an object as text`);
    }
    expect([...wrong]).toEqual([]);
  }, 120_000);
});

/** Calls as a mistaken app makes them, and the argument that the error has to name. */
const MISTAKEN: readonly [named: string, call: (client: FlooClient, bob: number) => unknown][] = [
  ['content', ({ sysManage }, uid) => sysManage.sendRosterMessage({ uid, content: given({ a: 1 }) })],
  ['content', ({ sysManage }) => sysManage.sendGroupMessage({ gid: 1, content: given([]) })],
  ['content', ({ rosterManage }, uid) => rosterManage.appendMessageContent(uid, 1, given(undefined))],
  ['content', ({ rosterManage }, uid) => rosterManage.replaceMessage(uid, 1, given({ a: 1 }))],
  [
    'config',
    ({ rosterManage }, uid) =>
      rosterManage.replaceMessage(
        uid,
        1,
        '',
        given(() => undefined),
      ),
  ],
  ['config', ({ sysManage }, uid) => sysManage.sendRosterMessage({ uid, config: given(5) })],
  ['config', ({ sysManage }) => sysManage.sendGroupMessage({ gid: 1, config: given([1]) })],
  ['attachment', ({ sysManage }, uid) => sysManage.sendRosterMessage({ uid, type: 'image', attachment: given(5) })],
  ['ext', ({ sysManage }, uid) => sysManage.sendRosterMessage({ uid, ext: given(() => undefined) })],
  ['type', ({ sysManage }, uid) => sysManage.sendRosterMessage({ uid, type: given('picture') })],
  ['file', ({ sysManage }, uid) => sysManage.sendRosterMessage({ uid, file: '/no/such/file.jpg' })],
  ['message', ({ sysManage }) => sysManage.sendRosterMessage(given(undefined))],
  ['uid', ({ rtcManage }) => rtcManage.sendRTCMessage(given({}))],
  ['txt', ({ sysManage }) => sysManage.sendMentionMessage(given({ gid: 1 }))],
  ['mentionList', ({ sysManage }) => sysManage.sendMentionMessage({ gid: 1, txt: 't', mentionList: given(5) })],
  ['message', async ({ sysManage }, uid) => sysManage.forwardMessage(given({ uid }))],
  ['uid', async ({ sysManage }) => sysManage.forwardMessage(given({ message: { content: 'c' } }))],
  ['params', async ({ sysManage }) => sysManage.forwardMessage(given(undefined))],
  ['status', ({ sysManage }, uid) => sysManage.sendInputStatusMessage(uid, given({}))],
  ['draft', ({ sysManage }, uid) => sysManage.saveConversationDraft(uid, 'roster', given({}))],
  ['type', ({ sysManage }, uid) => sysManage.touchConversation(uid, given('user'))],
  ['query', async ({ sysManage }) => sysManage.getMessages(given(null))],
  ['query', async ({ sysManage }) => sysManage.getMessage(given(undefined))],
  ['query', async ({ sysManage }) => sysManage.countMessages(given('x'))],
  ['options', async ({ sysManage }) => sysManage.searchMessages('x', given(5))],
  ['upload', async ({ sysManage }) => sysManage.asyncFileUpload(given(undefined))],
  ['download', async ({ sysManage }) => sysManage.asyncFileDownload(given(null))],
  [
    'processCallback',
    async ({ sysManage }) => sysManage.asyncFileDownload({ url: 'http://x/', processCallback: given(5) }),
  ],
  ['signal', async ({ sysManage }) => sysManage.asyncFileDownload({ url: 'http://x/', signal: given({}) })],
  ['params', async ({ sysManage }) => sysManage.asyncParseLink('http://x/', given(undefined))],
  ['link', async ({ sysManage }) => sysManage.asyncParseLinkV2(given({}))],
  ['frame', ({ sysManage }) => sysManage.sendMessage(given(5))],
  ['user_ids', async ({ rosterManage }) => rosterManage.asyncGetRosterListDetailByIds(given(undefined))],
  ['group_ids', async ({ groupManage }) => groupManage.asyncGetGroupListDetail(given(5))],
  ['group_id', async ({ groupManage }) => groupManage.asyncGetInfo({ group_id: given({}) })],
  ['user_list', async ({ groupManage }) => groupManage.asyncKick({ group_id: 1, user_list: given(5) })],
  ['user_list', async ({ groupManage }) => groupManage.asyncKick({ group_id: 1, user_list: [given({})] })],
  ['nick_name', async ({ userManage }) => userManage.asyncUpdateNickName({ nick_name: given({ a: 1 }) })],
  ['public_info', async ({ userManage }) => userManage.asyncUpdateProfile({ public_info: given(cycle) })],
  ['level', ({ setLogLevel }) => setLogLevel(given('loud'))],
  ['credentials', async ({ idLogin }) => idLogin(given(undefined))],
  ['password', async ({ idLogin }, user_id) => idLogin(given({ user_id }))],
  ['token', async ({ tokenLogin }) => tokenLogin(given(null), given(undefined))],
  ['name', async ({ login }) => login({ name: given({}), password: 'p' })],
];
/** A value as an app in JavaScript passes it. */
const given = (value: unknown): never => value as never;

it('a mistaken call names its argument, and the session goes on', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  for (const [named, call] of MISTAKEN) {
    const outcome = await outcomeOf(() => call(alice.client, bob.id), []);
    expect(outcome, String(call)).toMatchObject({
      reason: 'InvalidParam',
      rawMessage: expect.stringContaining(named) as string,
    });
  }
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'fine' });
  expect(await bob.events.next('onRosterMessage')).toMatchObject({ content: 'fine' });
});

it.each([
  { appid: '' },
  { appid: {} },
  { logLevel: 'loud' },
  { transport: 'polling' },
  { engine: 5 },
  { dnsServer: 7 },
  { linkServer: {} },
  { requestTimeoutMs: 0 },
  { requestTimeoutMs: NaN },
  { connectTimeoutMs: Infinity },
  { answerTimeoutMs: 'soon' },
  { sendExpiryMs: -1 },
  { maxMessageBytes: 0 },
  { keepMessages: NaN },
  { backoff: {} },
  { backoff: 5 },
  { backoff: { baseMs: 0, capMs: 1 } },
])('a client is not made with the option %j', (options) => {
  const [name] = Object.keys(options);
  const refusal = { reason: 'InvalidParam', rawMessage: `Invalid ${name} ...` };
  expect(() => createClient(options as ClientOptions)).toThrow(expect.objectContaining(refusal));
  expect(() => flooim(options as ClientOptions)).toThrow(expect.objectContaining(refusal));
});

it('a client is not made with what is no object', () => {
  for (const options of [undefined, null, 5, 'app'])
    expect(() => flooim(given(options))).toThrow(expect.objectContaining({ reason: 'InvalidParam' }));
  for (const options of [null, 5, 'app'])
    expect(() => createClient(given(options))).toThrow(expect.objectContaining({ reason: 'InvalidParam' }));
});
