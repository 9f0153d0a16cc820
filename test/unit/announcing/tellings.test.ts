import { describe, expect, test } from 'vitest';
import { connectionTold } from '../../../src/announcing/connection.ts';
import { editTold, messageTold, sendingTold } from '../../../src/announcing/messages.ts';
import { describeProblem } from '../../../src/announcing/problems.ts';
import { FlooError } from '../../../src/errors.ts';
import type { Message } from '../../../src/model/message.ts';
import type { ConnectionState } from '../../../src/session/connection-state.ts';
import { storedMessage } from '../store/stored-message.ts';

const message = storedMessage(7, { content: 'hi' });

describe('a message', () => {
  const told = (change: Partial<Message>, mentioned = false) =>
    messageTold({ type: 'message', key: 'r200', message: { ...message, ...change }, mentioned });

  test('is told as what it is', () => {
    expect(told({})).toEqual([['onRosterMessage', message]]);
    expect(told({ toType: 'group' })).toMatchObject([['onGroupMessage', { id: '7' }]]);
  });

  test('is told as a mention first', () => {
    expect(told({ toType: 'group' }, true).map(([event]) => event)).toEqual(['onMentionMessage', 'onGroupMessage']);
  });

  test('of a call is told as such first, and says whether this device sent it', () => {
    expect(told({ type: 'rtc' })).toMatchObject([
      ['onRosterRTCMessage', { isNative: false }],
      ['onRosterMessage', {}],
    ]);
    expect(told({ type: 'rtc', clientMid: '5' })).toMatchObject([['onRosterRTCMessage', { isNative: true }], {}]);
    expect(told({ type: 'rtc', toType: 'group' })).toHaveLength(1);
  });

  test('is told as a copy', () => {
    const event = { type: 'message', key: 'r200', message, mentioned: true } as const;
    for (const [, payload] of messageTold(event)) expect(payload).not.toBe(message);
  });
});

test('an edit says what was added or replaced', () => {
  const edit = { id: '9', append: true, timestamp: '2', content: '!', config: '{"a":1}', ext: '' };
  const event = { type: 'edited', key: 'r200', message, edit } as const;
  expect(editTold(event)).toEqual([
    'onRosterMessageContentAppend',
    { ...message, appendedContent: '!', appendConfig: '{"a":1}' },
  ]);
  expect(editTold({ ...event, key: 'g300', edit: { ...edit, append: false, ext: 'x' } })).toEqual([
    'onGroupMessageReplace',
    { ...message, replaceConfig: '{"a":1}', replaceExt: 'x' },
  ]);
});

test('a message on its way: sending, sent, failed', () => {
  const error = new FlooError('MessageCensored', 'no', { statusCode: 12 });
  const at = { mid: '5', message };
  const toPeer = { ...message, from: '100', to: '200' };
  expect(sendingTold({ type: 'sending', mid: '5', message: toPeer })[1]).toEqual({
    status: 'sending',
    mid: 5,
    uid: 200,
    message: toPeer,
  });
  expect(sendingTold({ type: 'sent', ...at })[1]).toEqual({ status: 'sent', mid: 5, message });
  expect(sendingTold({ type: 'failed', mid: '5', message: undefined, error })[1]).toEqual({
    status: 'failed',
    mid: 5,
    errorCode: 12,
    errorReason: 'no',
    error,
  });
});

describe('the connection', () => {
  const cause = new FlooError('ServerTimeOut', 'silent');
  const told = (previous: ConnectionState, state: ConnectionState) => connectionTold(state, previous);
  const online = { name: 'online', attempt: 0 } as const;

  test('comes', () => {
    expect(told({ name: 'authenticating', attempt: 0, eager: true }, online)).toEqual([['connected', undefined]]);
    expect(told(online, { name: 'online', attempt: 1 })).toEqual([]);
  });

  test.each<[ConnectionState, string]>([
    [{ name: 'waiting', attempt: 1, cause }, 'silent'],
    [{ name: 'rejected', cause }, 'silent'],
    [{ name: 'closed' }, ''],
    [{ name: 'resolving', attempt: 0, eager: false }, ''],
  ])('goes: %j', (state, reason) => {
    expect(told(online, state)).toEqual([['disconnected', { reason }]]);
  });

  test('is made again, the first time without a word', () => {
    const resolving = (attempt: number) => ({ name: 'resolving', attempt, eager: false }) as const;
    const connecting = (attempt: number) => ({ name: 'connecting', attempt, eager: false }) as const;
    expect(told(resolving(0), connecting(0))).toEqual([]);
    expect(told(resolving(3), connecting(3))).toEqual([['reconnecting', { attempt: 3 }]]);
    const waiting = (attempt: number): ConnectionState => ({ name: 'waiting', attempt, cause });
    expect([4, 5, 6, 10].map((attempt) => told(connecting(attempt - 1), waiting(attempt)).length)).toEqual([
      0, 1, 0, 1,
    ]);
    expect(told(connecting(4), waiting(5))).toEqual([['fireplaceError', undefined]]);
  });
});

describe('a problem', () => {
  test.each<[FlooError, string, string]>([
    [new FlooError('ServerAppFrozen', '', { details: { appStatus: 'banned' } }), 'APP_BANNED', 'app is banned'],
    [new FlooError('ServerDNSFailed', 'why', { details: { stage: 'dns' } }), 'DNS_FAILED', 'why'],
    [new FlooError('UserBanned', '', { statusCode: 11 }), 'USER_BANNED', '用户被禁言'],
    [new FlooError('UserFrozen', '', { statusCode: 10 }), 'USER_FROZEN', '用户被冻结，请联系App管理员。'],
    [
      new FlooError('ServerAppFrozen', '', { statusCode: 19 }),
      'APP_FROZEN',
      'APP 被冻结，请登陆蓝莺IM控制台查看详情。',
    ],
    [new FlooError('ServerInvalidLicense', '', { statusCode: 17 }), 'LICENSE', '无效 LICENSE，请确认服务已按时付费。'],
    [
      new FlooError('ServerLicenseLimit', '', { statusCode: 18 }),
      'LICENSE',
      '超出 LICENSE 用户数限制，请购买更高规格服务。',
    ],
    [new FlooError('ServerFireplaceUnknownError', 'why', { statusCode: 2 }), 'FAIL', 'why'],
    [new FlooError('MessageCensored', 'why', { statusCode: 12 }), '12', 'why'],
    [new FlooError('ServerConnectFailed', 'why'), 'CONNECT_ERROR', 'why'],
    [new FlooError('ServerTimeOut', 'why'), 'ServerTimeOut', 'why'],
  ])('%s is %s: %s', (error, category, desc) => {
    expect(describeProblem(error)).toEqual({ category, desc, code: 0, error });
  });

  test('of a REST answer has its code', () => {
    const error = new FlooError('ServerAppIdInvalid', 'no app', { restCode: 99998, details: { stage: 'dns' } });
    expect(describeProblem(error)).toEqual({ category: 'DNS_FAILED', desc: 'no app', code: 99998, error });
  });
});
