import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  copyError,
  errorCodeOf,
  errorNumber,
  FlooError,
  isFlooError,
  restError,
  sessionEnd,
  statusError,
  userNoticeError,
} from '../../src/errors.ts';
import type { FlooErrorCode, StatusContext } from '../../src/errors.ts';

const documented = JSON.parse(
  readFileSync(new URL('../fixtures/client-error-codes.json', import.meta.url), 'utf8'),
) as {
  shortTable: FlooErrorCode[];
  fullTable: FlooErrorCode[];
  numbers: Record<FlooErrorCode, number>;
  rest: Record<string, FlooErrorCode[]>;
};

describe('the table', () => {
  test('has every documented name under its documented number, and nothing else', () => {
    for (const name of [...documented.shortTable, ...documented.fullTable])
      expect(documented.numbers).toHaveProperty(name);
    for (const [name, number] of Object.entries(documented.numbers)) {
      expect([name, errorNumber(name as FlooErrorCode)]).toEqual([name, number]);
      expect(errorCodeOf(number)).toBe(name);
    }
    const known = Array.from({ length: 1000 }, (_, number) => errorCodeOf(number)).filter((name) => name !== undefined);
    expect(known.sort()).toEqual([...documented.fullTable].sort());
  });

  test('has no code for an unknown number', () => {
    for (const number of [-1, 8, 99, 117, 300.5, 624, 734, 800, 10004, NaN, Infinity])
      expect(errorCodeOf(number)).toBeUndefined();
  });

  test('a misspelt code does not compile', () => {
    // @ts-expect-error the documented name is UserNotLogin
    const reason: FlooErrorCode = 'UserNotLoggedIn';
    expect(reason in documented.numbers).toBe(false);
  });
});

describe('FlooError', () => {
  test('carries the reason in front of the message, and the number as its code', () => {
    const error = new FlooError('UserNotLogin', 'log in first');
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe('FlooError: [UserNotLogin] log in first');
    expect(error).toMatchObject({
      reason: 'UserNotLogin',
      number: 100,
      code: 100,
      rawMessage: 'log in first',
      retryable: false,
    });
    for (const key of ['url', 'restCode', 'statusCode', 'details', 'data', 'cause'])
      expect(error).not.toHaveProperty(key);
    expect(new FlooError('ServerBusy').message).toBe('[ServerBusy]');
  });

  test('keeps cause, details and url, but not the query, which may hold a token', () => {
    const cause = new TypeError('fetch failed');
    const error = new FlooError('ServerTimeOut', '', {
      cause,
      details: { attempt: 2 },
      url: 'https://h/file?access-token=SECRET\nx',
    });
    expect(error.cause).toBe(cause);
    expect(error).toMatchObject({ details: { attempt: 2 }, url: 'https://h/file', retryable: true });
    expect(JSON.stringify(error)).not.toContain('SECRET');
  });

  test('from keeps a FlooError and wraps anything else', () => {
    const error = new FlooError('ServerBusy');
    expect(FlooError.from(error, 'NotFound')).toBe(error);
    const cause = new RangeError('boom');
    expect(FlooError.from(cause, 'GeneralError')).toMatchObject({
      reason: 'GeneralError',
      message: '[GeneralError] boom',
      cause,
    });
    expect(FlooError.from({ errMsg: 'request:fail timeout' }, 'ServerTimeOut').rawMessage).toBe('request:fail timeout');
    expect(FlooError.from('text', 'GeneralError').rawMessage).toBe('text');
    for (const thrown of [0, null, undefined, {}, Symbol('s'), Object.create(null)]) {
      expect(FlooError.from(thrown, 'GeneralError')).toMatchObject({ reason: 'GeneralError' });
    }
  });

  test('is recognized by its brand, also across two copies of the module', async () => {
    // A query makes it another module with another class, which the compiler must not look for.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion
    const copy = (await import('../../src/errors.ts?copy' as string)) as typeof import('../../src/errors.ts');
    expect(copy.FlooError).not.toBe(FlooError);
    const error: unknown = new copy.FlooError('ServerBusy');
    expect(error).not.toBeInstanceOf(FlooError);
    expect(isFlooError(error)).toBe(true);
    expect(isFlooError(error, 'ServerBusy')).toBe(true);
    expect(isFlooError(error, 'NotFound')).toBe(false);
    expect(FlooError.from(error, 'NotFound')).toBe(error);
    for (const other of [
      new Error('[ServerBusy]'),
      { reason: 'ServerBusy', name: 'FlooError' },
      null,
      undefined,
      'ServerBusy',
      705,
    ]) {
      expect(isFlooError(other)).toBe(false);
    }
  });
});

describe('a REST answer', () => {
  test.each(Object.entries(documented.rest))('code %s becomes one of its documented errors', (code, reasons) => {
    const error = restError(Number(code), 'the words', '/some/call?x=1');
    expect(error).toMatchObject({
      code: Number(code),
      restCode: Number(code),
      url: '/some/call',
      rawMessage: 'the words',
      data: { code: Number(code), message: 'the words' },
    });
    expect(reasons.length ? reasons : ['ServerUnknownError']).toContain(error.reason);
  });

  test('402 and 11001 refuse the credentials where a token is asked for, elsewhere the token or the old password', () => {
    for (const url of ['/token/user', 'https://h:443/token/id?x=1']) {
      expect(restError(402, '', url).reason).toBe('UserAuthFailed');
      expect(restError(11001, '', url).reason).toBe('UserAuthFailed');
    }
    for (const url of ['/group/info', '/info?next=/token/user']) {
      expect(restError(402, '', url).reason).toBe('InvalidToken');
      expect(restError(11001, '', url).reason).toBe('UserOldPasswordNotMatch');
    }
  });

  test('10002 of a registration means the user name when its message names it', () => {
    const reasons = (url: string, message: string): string => restError(10002, message, url).reason;
    expect(reasons('https://h/user/register/v2', 'invalid request parameter: username')).toBe(
      'InvalidUserNameParameter',
    );
    expect(reasons('/user/register/v2', 'invalid request parameter: password')).toBe('InvalidRequestParameter');
    expect(reasons('/app/user/name_check', 'invalid request parameter: username')).toBe('InvalidRequestParameter');
  });

  test('an unknown code is ServerUnknownError', () => {
    for (const code of [0, -1, 1, 403, 500, 10013, 19999, 20019, 20024, 50000, NaN]) {
      expect(restError(code, '', '/x').reason).toBe('ServerUnknownError');
    }
  });
});

describe('a status', () => {
  const expected: Record<number, FlooErrorCode> = {
    0: 'ServerFireplaceUnknownError',
    2: 'ServerFireplaceUnknownError',
    3: 'ServerFireplaceUnknownError',
    4: 'ServerFireplaceUnknownError',
    5: 'ServerDecryptionFailed',
    6: 'ServerDecryptionFailed',
    7: 'InvalidToken',
    8: 'InvalidParam',
    9: 'UserAuthFailed',
    10: 'UserFrozen',
    11: 'UserBanned',
    12: 'MessageCensored',
    13: 'UserTooManyDevice',
    14: 'ServerEncryptMethodUnsupported',
    15: 'UserKickedBySameDevice',
    16: 'ServerFireplaceUnknownError',
    17: 'ServerInvalidLicense',
    18: 'ServerLicenseLimit',
    19: 'ServerAppFrozen',
    20: 'MessageRateLimitExceeded',
    21: 'ServerFireplaceUnknownError',
    9999: 'ServerFireplaceUnknownError',
  };
  const sends: Partial<Record<StatusContext, Record<number, FlooErrorCode>>> = {
    send: { 8: 'MessageInvalid' },
    'group-send': { 8: 'MessageInvalid', 11: 'GroupMemberBanned' },
  };

  test.each(['provision', 'send', 'group-send', 'other'] as const)('becomes its documented error (%s)', (context) => {
    for (const [code, reason] of Object.entries({ ...expected, ...sends[context] })) {
      const error = statusError(Number(code), 'why', context);
      expect(error).toMatchObject({ reason, statusCode: Number(code), code: error.number, rawMessage: 'why' });
    }
  });

  test('a recall that came too late has a reason of its own', () => {
    for (const context of ['send', 'group-send'] as const)
      expect(statusError(2, 'exceed recall time limit', context).reason).toBe('MessageOutRecallTime');
  });

  test('UNAUTHORIZED asks for a login only with the reason for it', () => {
    expect(statusError(9, 'you must login first', 'other').reason).toBe('InvalidToken');
    expect(statusError(9, '', 'other').reason).toBe('UserAuthFailed');
  });
});

test('a user notice that ends or moves the session is an error, the others only inform', () => {
  const reasons = Array.from({ length: 15 }, (_, type) => userNoticeError(type)?.reason);
  expect(reasons).toEqual([
    undefined,
    'UserPasswordChanged',
    'UserFrozen',
    'UserRemoved',
    'UserKickedBySameDevice',
    'UserKickedByOtherDevices',
    undefined,
    undefined,
    undefined,
    undefined,
    'UserKickedByOtherDevices',
    'ServerNeedReconnected',
    'ServerNeedReconnected',
    undefined,
    undefined,
  ]);
});

test('the errors that forbid reconnecting end a session; those that are worth a retry do not', () => {
  const ends = documented.fullTable.flatMap((reason) => {
    const error = new FlooError(reason);
    const end = sessionEnd(error);
    expect([reason, end !== undefined && error.retryable]).toEqual([reason, false]);
    return end ? [`${reason}: ${end}`] : [];
  });
  expect(ends.sort()).toEqual([
    'InvalidToken: relogin',
    'ServerAppFrozen: relogin_manually',
    'ServerInvalidLicense: relogin_manually',
    'ServerLicenseLimit: relogin_manually',
    'UserAuthFailed: stop',
    'UserFrozen: relogin_manually',
    'UserKickedByOtherDevices: relogin_manually',
    'UserKickedBySameDevice: stop',
    'UserPasswordChanged: relogin_manually',
    'UserRemoved: relogin_manually',
    'UserTooManyDevice: stop',
  ]);
});

test('a copy of an error is the same error, and shares none of its objects', () => {
  const cause = new Error('below');
  const error = new FlooError('ServerTimeOut', 'late', {
    cause,
    url: 'https://a/b?c',
    restCode: 7,
    details: { stage: 'dns' },
  });
  const copy = copyError(error);
  expect(copy).toEqual(error);
  expect(copy).not.toBe(error);
  expect([isFlooError(copy, 'ServerTimeOut'), copy.cause, copy.stack, copy.url, copy.code]).toEqual([
    true,
    cause,
    error.stack,
    'https://a/b',
    7,
  ]);
  Object.assign(copy.details!, { stage: 'x' });
  Object.assign(copy.data!, { code: 8 });
  expect([error.details, error.data]).toEqual([{ stage: 'dns' }, { code: 7, message: 'late' }]);
});
