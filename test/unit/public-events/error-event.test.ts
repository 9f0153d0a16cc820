import { describe, expect, test } from 'vitest';
import { FlooError } from '../../../src/errors.ts';
import { describeError } from '../../../src/public-events/error-event.ts';

describe('an error event', () => {
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
    expect(describeError(error)).toEqual({ category, desc, code: 0, error });
  });

  test('of a REST answer has its code', () => {
    const error = new FlooError('ServerAppIdInvalid', 'no app', { restCode: 99998, details: { stage: 'dns' } });
    expect(describeError(error)).toEqual({ category: 'DNS_FAILED', desc: 'no app', code: 99998, error });
  });
});
