import type { FlooErrorEvent } from '../client-events.ts';
import type { FlooError } from '../errors.ts';
import { StatusErrorCode } from '../wire/enums.ts';

/** Payload of `flooError`: an error in the categories and texts that deployed apps compare (observed). */
export function describeError(error: FlooError): FlooErrorEvent {
  const [category, desc = error.rawMessage] = categoryOf(error);
  return { category, desc, code: error.restCode ?? 0, error };
}

function categoryOf({ reason, statusCode, details }: FlooError): [category: string, desc?: string] {
  const appStatus = details?.['appStatus'];
  if (typeof appStatus === 'string') return [`APP_${appStatus.toUpperCase()}`, `app is ${appStatus}`];
  switch (statusCode) {
    case undefined:
      if (details?.['stage'] === 'dns') return ['DNS_FAILED'];
      return [reason === 'ServerConnectFailed' ? 'CONNECT_ERROR' : reason];
    case StatusErrorCode.USER_BANNED:
      return ['USER_BANNED', '用户被禁言'];
    case StatusErrorCode.USER_FROZEN:
      return ['USER_FROZEN', '用户被冻结，请联系App管理员。'];
    case StatusErrorCode.APP_FROZEN:
      return ['APP_FROZEN', 'APP 被冻结，请登陆蓝莺IM控制台查看详情。'];
    case StatusErrorCode.INVALID_LICENSE:
      return ['LICENSE', '无效 LICENSE，请确认服务已按时付费。'];
    case StatusErrorCode.LICENSE_LIMIT:
      return ['LICENSE', '超出 LICENSE 用户数限制，请购买更高规格服务。'];
    case StatusErrorCode.FAIL:
      return ['FAIL'];
    default:
      return [String(statusCode)];
  }
}
