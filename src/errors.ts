/**
 * The closed table of client error codes: the row is the hundreds of a code's documented number, the place in the row the rest.
 * Append only: the place is the number. Behind a name stands what else is known of it:
 *
 * - `retry`: the same call, made again unchanged after a while, may succeed.
 * - What a session does that cannot go on after it, a {@link SessionEnd}.
 * - The server's numbers for it: `r404` of a REST answer, `s7` the status of a frame, `n1` the type of a user notice. `restError`
 *   and `statusError` know the rest.
 */
// prettier-ignore
const CODES = [
  [
    'NoError', 'GeneralError', 'InvalidParam s8', 'NotFound r404', 'DbOperationFailed', 'SignInCancelled', 'SignInTimeout retry',
    'SignInFailed',
  ],
  [
    'UserNotLogin', 'UserAlreadyLogin', 'UserAuthFailed stop s9', 'UserPermissionDenied r10010', 'UserNotExist r10000',
    'UserAlreadyExist r10004 r11011', 'UserFrozen relogin_manually s10 n2', 'UserBanned s11', 'UserRemoved relogin_manually n3',
    'UserTooManyDevice stop s13', 'UserPasswordChanged relogin_manually n1', 'UserKickedBySameDevice stop s15 n4',
    'UserKickedByOtherDevices relogin_manually n5 n10', 'UserAbnormal', 'UserCancel', 'UserOldPasswordNotMatch', 'UserSigningIn',
  ],
  ['PushTokenInvalid', 'PushAliasBindByOtherUser', 'PushAliasTokenNotMatch'],
  [
    'InvalidVerificationCode r10001 r11014', 'InvalidRequestParameter r10002', 'InvalidUserNameParameter',
    'MissingAccessToken r10003', 'CurrentUserIsInRoster r10005', 'CurrentUserIsInBlocklist r10006', 'AnswerFailed r10007',
    'InvalidToken relogin r10008 s7', 'InvalidFileSign', 'InvalidFileObjectType', 'InvalidFileUploadToType',
    'InvalidFileDownloadUrl',
  ],
  [
    'MessageInvalid', 'MessageOutRecallTime', 'MessageRecallDisabled', 'MessageCensored s12', 'MessageInvalidType', 'MessageBadArg',
    'MessageRateLimitExceeded retry s20',
  ],
  ['RosterNotFriend', 'RosterBlockListExist', 'RosterRejectApplication r10012', 'RosterHasDeletedFromSystem r10021'],
  [
    'GroupServerDbError retry', 'GroupNotExist', 'GroupNotMemberFound', 'GroupMsgNotifyTypeUnknown', 'GroupOwnerCannotLeave',
    'GroupTransferNotAllowed', 'GroupRecoveryMode retry', 'GroupExceedLimitGlobal', 'GroupExceedLimitUserCreate',
    'GroupExceedLimitUserJoin', 'GroupCapacityExceedLimit', 'GroupMemberPermissionRequired', 'GroupAdminPermissionRequired',
    'GroupOwnerPermissionRequired', 'GroupApplicationExpiredOrHandled', 'GroupInvitationExpiredOrHandled', 'GroupKickTooManyTimes',
    'GroupMemberExist', 'GroupBlockListExist', 'GroupAnnouncementNotFound', 'GroupAnnouncementForbidden', 'GroupSharedFileNotFound',
    'GroupSharedFileOperateNotAllowed', 'GroupMemberBanned',
  ],
  [
    'ServerNotReachable retry', 'ServerUnknownError', 'ServerInvalid', 'ServerDecryptionFailed s5 s6',
    'ServerEncryptMethodUnsupported s14', 'ServerBusy retry', 'ServerNeedRetry retry', 'ServerTimeOut retry',
    'ServerConnectFailed retry', 'ServerDNSFailed retry', 'ServerNeedReconnected retry n11 n12',
    'ServerFileUploadUnknownError retry r10009', 'ServerFileDownloadUnknownError retry',
    'ServerInvalidLicense relogin_manually s17', 'ServerLicenseLimit relogin_manually r40002 s18',
    'ServerAppFrozen relogin_manually s19', 'ServerTooManyRequest retry r10028', 'ServerNotAllowOpenRegister r40001',
    'ServerFireplaceUnknownError', 'ServerResponseInvalid', 'ServerInvalidUploadUrl', 'ServerAppLicenseInvalid r30021',
    'ServerAppLicenseExpired r30022', 'ServerAppLicenseExceedLimit r30023', 'ServerAppIdMissing',
    'ServerAppIdInvalid r40000 r99997 r99998', 'ServerAppSignInvalid', 'ServerAppNotifierNotExist',
    'ServerNoClusterInfoForClusterId', 'ServerFileDownloadFailure retry', 'ServerAppStatusNotNormal r40003',
    'ServerPlatformNotAllowed', 'ServerCannotCreateDeviceSn', 'ServerRtcNotOpen',
  ],
] as const;

type NameIn<Row> = Row extends `${infer Name} ${string}` ? Name : Row;

/** A documented client error code by name. */
export type FlooErrorCode = NameIn<(typeof CODES)[number][number]>;

/** What a session does that cannot go on: ask the app to log in again, ask the user to, or only stop. */
export type SessionEnd = 'relogin' | 'relogin_manually' | 'stop';

interface KnownCode {
  reason: FlooErrorCode;
  number: number;
  /** As in the table. */
  text: string;
}

/** By name, by documented number, and by each of the server's. */
const KNOWN: ReadonlyMap<number | string, KnownCode> = new Map(
  CODES.flatMap((row, hundreds) =>
    row.flatMap((text, place) => {
      const words = text.split(' ');
      const known = { reason: words[0] as FlooErrorCode, number: hundreds * 100 + place, text };
      return [known.number, ...words].map((key) => [key, known] as const);
    }),
  ),
);

const BRAND: unique symbol = Symbol.for('flooim.FlooError') as never;

/** What an error may carry beside its reason and message. */
export interface FlooErrorExtra {
  /** The error behind this one. */
  cause?: unknown;
  /** The request that failed; kept without its query. */
  url?: string;
  /** `code` of a REST answer. */
  restCode?: number;
  /** `Status.code` of a socket frame. */
  statusCode?: number;
  /** Anything else worth telling. */
  details?: Readonly<Record<string, unknown>>;
}

// Merged and not a class field: `cause` is an inherited member for those who compile with lib ES2022, and none for those with ES2020.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface FlooError {
  /** The error behind this one. */
  readonly cause?: unknown;
}

/**
 * The one error class of this SDK: every rejected promise and every error event carries it.
 *
 * Tell errors apart by `reason`, the documented name (`isFlooError(e, 'UserAlreadyExist')`); a misspelt one does not compile.
 *
 * `code` is a number because deployed apps read it as one: they compare `err.code` of a failed REST call with the server's codes
 * (`40002`, `10004`). So it is the server's code for an error that a REST answer caused and the client's `number` for all others.
 * The two ranges meet only in 402 and 404, which mean other things on either side: where that matters, read `reason`.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class FlooError extends Error {
  /** The documented name. */
  declare readonly reason: FlooErrorCode;
  /** The documented number of `reason`. */
  declare readonly number: number;
  /** The server's REST code where there is one, otherwise `number`. */
  declare readonly code: number;
  /** The same call, made again unchanged after a while, may succeed. */
  declare readonly retryable: boolean;
  /** The message without the `[reason]` in front: the server's own words where it said any. */
  declare readonly rawMessage: string;
  /** The request that failed, without its query: that may hold a token or a captcha, and errors end in logs. */
  declare readonly url?: string;
  /** `code` of the REST answer; absent for all other errors. */
  declare readonly restCode?: number;
  /** `Status.code` of the socket frame; absent for all other errors. */
  declare readonly statusCode?: number;
  /** Anything else worth telling. */
  declare readonly details?: Readonly<Record<string, unknown>>;
  /** A REST answer's code and message once more, where deployed uni-app apps look for them. */
  declare readonly data?: { readonly code: number; readonly message: string };

  /** @param message without the reason in front of it. */
  constructor(reason: FlooErrorCode, message = '', extra: FlooErrorExtra = {}) {
    super(message ? `[${reason}] ${message}` : `[${reason}]`);
    const { cause, ...rest } = extra;
    const { number, text } = KNOWN.get(reason)!;
    const { url, restCode } = rest;
    Object.assign(this, {
      name: 'FlooError',
      reason,
      number,
      code: restCode ?? number,
      retryable: text.includes(' retry'),
      rawMessage: message,
      ...rest,
      ...(url !== undefined && { url: url.replace(/\?[^]*/, '') }),
      ...(restCode !== undefined && { data: { code: restCode, message } }),
    });
    if (cause !== undefined) Object.defineProperty(this, 'cause', { value: cause });
  }

  /** Marks errors of every copy of this SDK on the page, see {@link isFlooError}. */
  get [BRAND](): true {
    return true;
  }

  /** `error` itself when it is a FlooError, otherwise a FlooError of this reason with `error` as its cause. */
  static from(error: unknown, reason: FlooErrorCode): FlooError {
    return isFlooError(error) ? error : new FlooError(reason, textOf(error), { cause: error });
  }
}

function textOf(error: unknown): string {
  // wx and uni fail with { errMsg }, and not with an Error.
  const { message, errMsg } = Object(error) as { message?: unknown; errMsg?: unknown };
  const text = message ?? errMsg ?? error;
  return typeof text === 'object' ? '' : String(text);
}

/** Whether this is a FlooError, of this reason when one is given. Works for errors of another copy of the SDK too. */
export function isFlooError(error: unknown, reason?: FlooErrorCode): error is FlooError {
  const candidate = error as FlooError | null | undefined;
  return candidate?.[BRAND] === true && (reason === undefined || candidate.reason === reason);
}

/** The documented number of a code. */
export const errorNumber = (reason: FlooErrorCode): number => KNOWN.get(reason)!.number;

/** The code that has this number, or undefined when none has. */
export const errorCodeOf = (number: number | string): FlooErrorCode | undefined => KNOWN.get(number)?.reason;

/** The error of a REST answer whose `code` is not 200. A code that is not documented becomes `ServerUnknownError`. */
export function restError(restCode: number, message: string, url: string): FlooError {
  let reason = errorCodeOf(`r${restCode}`);
  if (restCode === 402 || restCode === 11001) {
    // Where a token is asked for, these refuse the name or password; elsewhere the token, or the old password.
    if (/^[^?]*\/token\//.test(url)) reason = 'UserAuthFailed';
    else reason = restCode === 402 ? 'InvalidToken' : 'UserOldPasswordNotMatch';
  }
  // The one code for any bad parameter; of a registration the message tells which.
  if (restCode === 10002 && url.includes('/register/') && /user_?name/i.test(message))
    reason = 'InvalidUserNameParameter';
  if (restCode === 10002 && message.includes('file_sign')) reason = 'InvalidFileSign';
  // 20000+k is 600+k, and one less after the gap at 20019.
  const group = restCode - 20000;
  if (group >= 0 && group <= 23 && group !== 19) reason = errorCodeOf(600 + group - Number(group > 19));
  return new FlooError(reason ?? 'ServerUnknownError', message, { restCode, url });
}

/** Which request a status answers. */
export type StatusContext = 'provision' | 'send' | 'group-send' | 'other';

/** The error of a frame whose status has a code other than OK. A code that is not documented becomes `ServerFireplaceUnknownError`. */
export function statusError(statusCode: number, reason: string, context: StatusContext): FlooError {
  let code = errorCodeOf(`s${statusCode}`) ?? 'ServerFireplaceUnknownError';
  if (code === 'UserAuthFailed' && reason === 'you must login first') code = 'InvalidToken';
  else if (code === 'UserBanned' && context === 'group-send') code = 'GroupMemberBanned';
  else if (code === 'InvalidParam' && context.endsWith('send')) code = 'MessageInvalid';
  else if (reason.includes('exceed recall time limit')) code = 'MessageOutRecallTime';
  return new FlooError(code, reason, { statusCode });
}

/** The error that a UserNotice of this type means for the session; undefined when it only informs. */
export function userNoticeError(type: number): FlooError | undefined {
  const reason = errorCodeOf(`n${type}`);
  return reason && new FlooError(reason, '', { details: { userNotice: type } });
}

/**
 * What becomes of the session after this error: undefined when it goes on or reconnects, otherwise it must not reconnect.
 *
 * A frame's DEVICE_GUID_CONFLICT is a `UserKickedBySameDevice` with `statusCode` 15: it allows one more try with a new device guid.
 */
export function sessionEnd(error: FlooError): SessionEnd | undefined {
  return / (relogin\w*|stop)/.exec(KNOWN.get(error.reason)?.text ?? '')?.[1] as SessionEnd | undefined;
}
