import type { FlooErrorEvent } from '../session-events.ts';
import { copyError } from '../errors.ts';
import type { FlooError } from '../errors.ts';
import { StatusErrorCode } from '../wire/enums.ts';

/** Payload of `flooError`: an error in the categories and texts that deployed apps compare (observed). */
export function describeError(error: FlooError): FlooErrorEvent {
  const { category, desc = error.rawMessage } = describe(error);
  return { category, desc, code: error.restCode ?? 0, error: copyError(error) };
}

function describe({ reason, statusCode, details }: FlooError): { category: string; desc?: string } {
  const appStatus = details?.['appStatus'];
  if (typeof appStatus === 'string') {
    return { category: `APP_${appStatus.toUpperCase()}`, desc: `app is ${appStatus}` };
  }
  switch (statusCode) {
    case undefined:
      if (details?.['stage'] === 'dns') return { category: 'DNS_FAILED' };
      return { category: reason === 'ServerConnectFailed' ? 'CONNECT_ERROR' : reason };
    case StatusErrorCode.USER_BANNED:
      return { category: 'USER_BANNED', desc: '用户被禁言' };
    case StatusErrorCode.USER_FROZEN:
      return { category: 'USER_FROZEN', desc: '用户被冻结，请联系App管理员。' };
    case StatusErrorCode.APP_FROZEN:
      return { category: 'APP_FROZEN', desc: 'APP 被冻结，请登陆蓝莺IM控制台查看详情。' };
    case StatusErrorCode.INVALID_LICENSE:
      return { category: 'LICENSE', desc: '无效 LICENSE，请确认服务已按时付费。' };
    case StatusErrorCode.LICENSE_LIMIT:
      return { category: 'LICENSE', desc: '超出 LICENSE 用户数限制，请购买更高规格服务。' };
    case StatusErrorCode.FAIL:
      return { category: 'FAIL' };
    default:
      return { category: String(statusCode) };
  }
}
