/**
 * The closed table of client error codes: the row is the hundreds of a code's documented number, the place in the row the rest.
 * Append only: the place is the number.
 */
// prettier-ignore
const CODES = [
  ['NoError', 'GeneralError', 'InvalidParam', 'NotFound', 'DbOperationFailed', 'SignInCancelled', 'SignInTimeout', 'SignInFailed'],
  [
    'UserNotLogin', 'UserAlreadyLogin', 'UserAuthFailed', 'UserPermissionDenied', 'UserNotExist', 'UserAlreadyExist', 'UserFrozen',
    'UserBanned', 'UserRemoved', 'UserTooManyDevice', 'UserPasswordChanged', 'UserKickedBySameDevice', 'UserKickedByOtherDevices',
    'UserAbnormal', 'UserCancel', 'UserOldPasswordNotMatch', 'UserSigningIn',
  ],
  ['PushTokenInvalid', 'PushAliasBindByOtherUser', 'PushAliasTokenNotMatch'],
  [
    'InvalidVerificationCode', 'InvalidRequestParameter', 'InvalidUserNameParameter', 'MissingAccessToken', 'CurrentUserIsInRoster',
    'CurrentUserIsInBlocklist', 'AnswerFailed', 'InvalidToken', 'InvalidFileSign', 'InvalidFileObjectType', 'InvalidFileUploadToType',
    'InvalidFileDownloadUrl',
  ],
  [
    'MessageInvalid', 'MessageOutRecallTime', 'MessageRecallDisabled', 'MessageCensored', 'MessageInvalidType', 'MessageBadArg',
    'MessageRateLimitExceeded',
  ],
  ['RosterNotFriend', 'RosterBlockListExist', 'RosterRejectApplication', 'RosterHasDeletedFromSystem'],
  [
    'GroupServerDbError', 'GroupNotExist', 'GroupNotMemberFound', 'GroupMsgNotifyTypeUnknown', 'GroupOwnerCannotLeave',
    'GroupTransferNotAllowed', 'GroupRecoveryMode', 'GroupExceedLimitGlobal', 'GroupExceedLimitUserCreate', 'GroupExceedLimitUserJoin',
    'GroupCapacityExceedLimit', 'GroupMemberPermissionRequired', 'GroupAdminPermissionRequired', 'GroupOwnerPermissionRequired',
    'GroupApplicationExpiredOrHandled', 'GroupInvitationExpiredOrHandled', 'GroupKickTooManyTimes', 'GroupMemberExist',
    'GroupBlockListExist', 'GroupAnnouncementNotFound', 'GroupAnnouncementForbidden', 'GroupSharedFileNotFound',
    'GroupSharedFileOperateNotAllowed', 'GroupMemberBanned',
  ],
  [
    'ServerNotReachable', 'ServerUnknownError', 'ServerInvalid', 'ServerDecryptionFailed', 'ServerEncryptMethodUnsupported', 'ServerBusy',
    'ServerNeedRetry', 'ServerTimeOut', 'ServerConnectFailed', 'ServerDNSFailed', 'ServerNeedReconnected', 'ServerFileUploadUnknownError',
    'ServerFileDownloadUnknownError', 'ServerInvalidLicense', 'ServerLicenseLimit', 'ServerAppFrozen', 'ServerTooManyRequest',
    'ServerNotAllowOpenRegister', 'ServerFireplaceUnknownError', 'ServerResponseInvalid', 'ServerInvalidUploadUrl',
    'ServerAppLicenseInvalid', 'ServerAppLicenseExpired', 'ServerAppLicenseExceedLimit', 'ServerAppIdMissing', 'ServerAppIdInvalid',
    'ServerAppSignInvalid', 'ServerAppNotifierNotExist', 'ServerNoClusterInfoForClusterId', 'ServerFileDownloadFailure',
    'ServerAppStatusNotNormal', 'ServerPlatformNotAllowed', 'ServerCannotCreateDeviceSn', 'ServerRtcNotOpen',
  ],
] as const;

/** A documented client error code by name. */
export type FlooErrorCode = (typeof CODES)[number][number];

// The same call, made again unchanged after a while, may succeed.
// prettier-ignore
const RETRYABLE: readonly FlooErrorCode[] = [
  'SignInTimeout', 'MessageRateLimitExceeded', 'GroupServerDbError', 'GroupRecoveryMode', 'ServerNotReachable', 'ServerBusy',
  'ServerNeedRetry', 'ServerTimeOut', 'ServerConnectFailed', 'ServerDNSFailed', 'ServerNeedReconnected', 'ServerFileUploadUnknownError',
  'ServerFileDownloadUnknownError', 'ServerTooManyRequest', 'ServerFileDownloadFailure',
];

/** What a session does that cannot go on: ask the app to log in again, ask the user to, or only stop. */
export type SessionEnd = 'relogin' | 'relogin_manually' | 'stop';

const SESSION_ENDS: { readonly [reason in FlooErrorCode]?: SessionEnd } = {
  InvalidToken: 'relogin',
  UserFrozen: 'relogin_manually',
  UserRemoved: 'relogin_manually',
  UserPasswordChanged: 'relogin_manually',
  UserKickedByOtherDevices: 'relogin_manually',
  ServerInvalidLicense: 'relogin_manually',
  ServerLicenseLimit: 'relogin_manually',
  ServerAppFrozen: 'relogin_manually',
  UserAuthFailed: 'stop',
  UserTooManyDevice: 'stop',
  UserKickedBySameDevice: 'stop',
};

interface NumberTable {
  readonly [number: number]: FlooErrorCode;
}

// 402, 11001 and the 2xxxx codes are in restError.
const REST: NumberTable = {
  404: 'NotFound',
  10000: 'UserNotExist',
  10001: 'InvalidVerificationCode',
  10002: 'InvalidRequestParameter',
  10003: 'MissingAccessToken',
  10004: 'UserAlreadyExist',
  10005: 'CurrentUserIsInRoster',
  10006: 'CurrentUserIsInBlocklist',
  10007: 'AnswerFailed',
  10008: 'InvalidToken',
  10009: 'ServerFileUploadUnknownError',
  10010: 'UserPermissionDenied',
  10012: 'RosterRejectApplication',
  10021: 'RosterHasDeletedFromSystem',
  10028: 'ServerTooManyRequest',
  11011: 'UserAlreadyExist',
  11014: 'InvalidVerificationCode',
  30021: 'ServerAppLicenseInvalid',
  30022: 'ServerAppLicenseExpired',
  30023: 'ServerAppLicenseExceedLimit',
  40000: 'ServerAppIdInvalid',
  40001: 'ServerNotAllowOpenRegister',
  40002: 'ServerLicenseLimit',
  40003: 'ServerAppStatusNotNormal',
  99997: 'ServerAppIdInvalid',
  99998: 'ServerAppIdInvalid',
};

const STATUS: NumberTable = {
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
  17: 'ServerInvalidLicense',
  18: 'ServerLicenseLimit',
  19: 'ServerAppFrozen',
  20: 'MessageRateLimitExceeded',
};

const USER_NOTICE: NumberTable = {
  1: 'UserPasswordChanged',
  2: 'UserFrozen',
  3: 'UserRemoved',
  4: 'UserKickedBySameDevice',
  5: 'UserKickedByOtherDevices',
  10: 'UserKickedByOtherDevices',
  11: 'ServerNeedReconnected',
  12: 'ServerNeedReconnected',
};

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
  readonly reason: FlooErrorCode;
  /** The documented number of `reason`. */
  readonly number: number;
  /** The server's REST code where there is one, otherwise `number`. */
  readonly code: number;
  /** The same call, made again unchanged after a while, may succeed. */
  readonly retryable: boolean;
  /** The message without the `[reason]` in front: the server's own words where it said any. */
  readonly rawMessage: string;
  /** The request that failed, without its query: that may hold a token or a captcha, and errors end in logs. */
  readonly url?: string;
  /** `code` of the REST answer; absent for all other errors. */
  readonly restCode?: number;
  /** `Status.code` of the socket frame; absent for all other errors. */
  readonly statusCode?: number;
  /** Anything else worth telling. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** A REST answer's code and message once more, where deployed uni-app apps look for them. */
  readonly data?: { readonly code: number; readonly message: string };

  /** @param message without the reason in front of it. */
  constructor(reason: FlooErrorCode, message = '', extra: FlooErrorExtra = {}) {
    super(message ? `[${reason}] ${message}` : `[${reason}]`);
    const { cause, ...rest } = extra;
    this.name = 'FlooError';
    this.reason = reason;
    this.number = errorNumber(reason);
    this.code = rest.restCode ?? this.number;
    this.retryable = RETRYABLE.includes(reason);
    this.rawMessage = message;
    Object.assign(this, rest);
    if (rest.url !== undefined) this.url = rest.url.replace(/\?[^]*/, '');
    if (rest.restCode !== undefined) this.data = { code: rest.restCode, message };
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
export function errorNumber(reason: FlooErrorCode): number {
  const row = CODES.findIndex((names) => (names as readonly string[]).includes(reason));
  return row * 100 + (CODES[row] as readonly string[]).indexOf(reason);
}

/** The code that has this number, or undefined when none has. */
export function errorCodeOf(number: number): FlooErrorCode | undefined {
  return CODES[Math.floor(number / 100)]?.[number % 100];
}

/** The error of a REST answer whose `code` is not 200. A code that is not documented becomes `ServerUnknownError`. */
export function restError(restCode: number, message: string, url: string): FlooError {
  let reason = REST[restCode];
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
  if (group >= 0 && group <= 23 && group !== 19) reason = CODES[6][group > 19 ? group - 1 : group];
  return new FlooError(reason ?? 'ServerUnknownError', message, { restCode, url });
}

/** Which request a status answers. */
export type StatusContext = 'provision' | 'send' | 'group-send' | 'other';

/** The error of a frame whose status has a code other than OK. A code that is not documented becomes `ServerFireplaceUnknownError`. */
export function statusError(statusCode: number, reason: string, context: StatusContext): FlooError {
  let code = STATUS[statusCode] ?? 'ServerFireplaceUnknownError';
  if (code === 'UserAuthFailed' && reason === 'you must login first') code = 'InvalidToken';
  else if (code === 'UserBanned' && context === 'group-send') code = 'GroupMemberBanned';
  else if (code === 'InvalidParam' && context.endsWith('send')) code = 'MessageInvalid';
  else if (reason.includes('exceed recall time limit')) code = 'MessageOutRecallTime';
  return new FlooError(code, reason, { statusCode });
}

/** The error that a UserNotice of this type means for the session; undefined when it only informs. */
export function userNoticeError(type: number): FlooError | undefined {
  const reason = USER_NOTICE[type];
  return reason && new FlooError(reason, '', { details: { userNotice: type } });
}

/**
 * What becomes of the session after this error: undefined when it goes on or reconnects, otherwise it must not reconnect.
 *
 * A frame's DEVICE_GUID_CONFLICT is a `UserKickedBySameDevice` with `statusCode` 15: it allows one more try with a new device guid.
 */
export function sessionEnd(error: FlooError): SessionEnd | undefined {
  return SESSION_ENDS[error.reason];
}
