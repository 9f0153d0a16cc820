import { ERROR_CODES } from './error-codes.ts';
import type { ErrorCode, SessionEnd } from './error-codes.ts';
import { foreignText } from './foreign-text.ts';
import type { HttpFailure } from './platform/ports.ts';

/** A documented client error code by name. */
export type FlooErrorCode = keyof typeof ERROR_CODES;

// Pure, so that a bundler leaves the table out of an app that imports only `isFlooError`.
const BY_NUMBER = /* @__PURE__ */ indexed(({ number }) => [number]);
const BY_REST_CODE = /* @__PURE__ */ indexed(({ rest }) => rest);
const BY_STATUS_CODE = /* @__PURE__ */ indexed(({ status }) => status);
const BY_USER_NOTICE = /* @__PURE__ */ indexed(({ userNotice }) => userNotice);

/** The names of the codes, by one kind of their numbers. */
function indexed(numbersOf: (code: ErrorCode) => readonly number[] | undefined): ReadonlyMap<number, FlooErrorCode> {
  const index = new Map<number, FlooErrorCode>();
  // The type of Object.entries has only `string` for the names.
  for (const [reason, code] of Object.entries(ERROR_CODES) as [FlooErrorCode, ErrorCode][]) {
    for (const number of numbersOf(code) ?? []) index.set(number, reason);
  }
  return index;
}

/** Key of the mark that every FlooError has. */
const BRAND: unique symbol = Symbol.for('flooim.FlooError') as never;

/** Facts that an error may have besides its reason and message. */
interface FlooErrorExtra {
  /** The error behind this one. */
  cause?: unknown;
  /** URL of the request that failed. The error keeps it without its query. */
  url?: string;
  /** `code` of a REST answer. */
  restCode?: number;
  /** `Status.code` of a socket frame. */
  statusCode?: number;
  /** Anything else that helps to understand the error. */
  details?: Readonly<Record<string, unknown>>;
}

// Merged and not a class field: with lib ES2022 `cause` is an inherited member, with lib ES2020 there is none.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface FlooError {
  /** The error behind this one. */
  readonly cause?: unknown;
}

/**
 * The error class of this SDK: every rejected promise and every error event carries one.
 *
 * Use `reason`, the documented name, to distinguish errors: `isFlooError(error, 'UserAlreadyExist')`. A misspelt name does not
 * compile.
 *
 * `code` is the number that deployed apps compare: the server's code (`40002`, `10004`) if a REST answer caused the error,
 * otherwise the client's `number`. The two ranges overlap in 402 and 404, which mean different things on either side. Read
 * `reason` where that matters.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class FlooError extends Error {
  /** The documented name. */
  declare readonly reason: FlooErrorCode;
  /** The documented number of `reason`. */
  declare readonly number: number;
  /** The server's REST code where there is one, otherwise `number`. */
  declare readonly code: number;
  /** Whether the same call, made again unchanged after a while, may succeed. */
  declare readonly retryable: boolean;
  /** The message without the `[reason]` in front. If the server gave a message, this is it. */
  declare readonly rawMessage: string;
  /** URL of the request that failed, without its query: a token or captcha in it must not end up in logs. */
  declare readonly url?: string;
  /** `code` of the REST answer; absent for all other errors. */
  declare readonly restCode?: number;
  /** `Status.code` of the socket frame; absent for all other errors. */
  declare readonly statusCode?: number;
  /** Anything else that helps to understand the error. */
  declare readonly details?: Readonly<Record<string, unknown>>;
  /** Code and message of the REST answer again, where deployed uni-app apps look for them. */
  declare readonly data?: {
    /** `code` of the REST answer. */
    readonly code: number;
    /** Message of the REST answer. */
    readonly message: string;
  };
  /** Marks errors of every copy of this SDK on the page, see {@link isFlooError}. */
  declare readonly [BRAND]: true;

  /**
   * Makes an error.
   *
   * @param reason - the documented name
   * @param message - what happened, without the reason in front
   * @param extra - where it came from
   */
  constructor(reason: FlooErrorCode, message = '', extra: FlooErrorExtra = {}) {
    super(message ? `[${reason}] ${message}` : `[${reason}]`);
    const { cause, ...rest } = extra;
    const { number, retryable = false }: ErrorCode = ERROR_CODES[reason];
    const { url, restCode } = rest;
    Object.assign(this, {
      name: 'FlooError',
      reason,
      number,
      code: restCode ?? number,
      retryable,
      rawMessage: message,
      ...rest,
      ...(url !== undefined && { url: withoutSecrets(url) }),
      ...(restCode !== undefined && { data: { code: restCode, message } }),
    });
    // Not a member of the class: esbuild keeps a class with a computed name in every bundle.
    Object.defineProperty(this, BRAND, { value: true });
    if (cause !== undefined) Object.defineProperty(this, 'cause', { value: cause });
  }

  /**
   * Returns `error` if it is a FlooError, otherwise a FlooError of this reason with `error` as its cause.
   *
   * @param error - what was caught
   * @param reason - the reason if it is no FlooError
   */
  static from(error: unknown, reason: FlooErrorCode): FlooError {
    return isFlooError(error) ? error : new FlooError(reason, textOf(error), { cause: error });
  }
}

/** A copy of an error that is kept or given out twice. The app that gets it may write into it. */
export function copyError(error: FlooError): FlooError {
  const { reason, rawMessage, cause, details, data, stack } = error;
  const copy = new FlooError(reason, rawMessage, { cause });
  Object.assign(copy, error, { stack });
  if (details) Object.assign(copy, { details: { ...details } });
  if (data) Object.assign(copy, { data: { ...data } });
  return copy;
}

/** A URL without its query, and without a name and password before its host. */
const withoutSecrets = (url: string): string => url.replace(/[?#][^]*/, '').replace(/^(\w+:\/\/)[^/\\]*@/, '$1');

function textOf(error: unknown): string {
  // wx and uni fail with { errMsg } instead of an Error.
  const { message, errMsg } = Object(error) as { message?: unknown; errMsg?: unknown };
  const text = message ?? errMsg ?? error;
  return typeof text === 'object' ? '' : String(text);
}

/**
 * Whether this is a FlooError. It works for errors of another copy of the SDK, too.
 *
 * @param error - what was caught
 * @param reason - if given, whether it is an error of this reason
 * @example
 * import { isFlooError } from 'flooim';
 *
 * im.login({ name: 'alice', password: 'secret' }).catch((error: unknown) => {
 *   if (isFlooError(error, 'UserAuthFailed')) console.log('wrong name or password');
 * });
 */
export function isFlooError(error: unknown, reason?: FlooErrorCode): error is FlooError {
  const candidate = error as FlooError | null | undefined;
  return candidate?.[BRAND] === true && (reason === undefined || candidate.reason === reason);
}

/**
 * Returns the documented number of a code.
 *
 * @param reason - the documented name
 * @example
 * import { errorNumber } from 'flooim';
 *
 * console.log(errorNumber('UserAuthFailed'));
 */
export const errorNumber = (reason: FlooErrorCode): number => ERROR_CODES[reason].number;

/** The code that has this documented number; undefined if none has. */
export const errorCodeOf = (number: number): FlooErrorCode | undefined => BY_NUMBER.get(number);

const WRONG_TOKEN_OR_PASSWORD = 402;
const WRONG_PASSWORD = 11001;
const BAD_PARAMETER = 10002;

/**
 * The error of a REST answer whose `code` is not 200. A code that is not documented becomes `ServerUnknownError`.
 *
 * @param message - what the server wrote; see {@link foreignText}
 * @param secrets - what of the request must not be in the error, though the server repeats it
 */
export function restError(restCode: number, message: unknown, url: string, secrets: readonly string[] = []): FlooError {
  const reason = restReason(restCode, typeof message === 'string' ? message : '', url);
  return new FlooError(reason, foreignText(message, secrets), { restCode, url });
}

function restReason(restCode: number, message: string, url: string): FlooErrorCode {
  if (restCode === WRONG_TOKEN_OR_PASSWORD || restCode === WRONG_PASSWORD) {
    // Where a token is asked for, the name or password is wrong; elsewhere the token, or the old password.
    if (/^[^?]*\/token\//.test(url)) return 'UserAuthFailed';
    return restCode === WRONG_TOKEN_OR_PASSWORD ? 'InvalidToken' : 'UserOldPasswordNotMatch';
  }
  // The server has one code for every bad parameter. Only its message names the parameter.
  if (restCode === BAD_PARAMETER && message.includes('file_sign')) return 'InvalidFileSign';
  if (restCode === BAD_PARAMETER && url.includes('/register/') && /user_?name/i.test(message)) {
    return 'InvalidUserNameParameter';
  }
  return BY_REST_CODE.get(restCode) ?? 'ServerUnknownError';
}

const FAILURES: { readonly [kind in HttpFailure['kind']]: FlooErrorCode } = {
  timeout: 'ServerTimeOut',
  redirected: 'ServerResponseInvalid',
  'too-large': 'ServerResponseInvalid',
  unreachable: 'ServerNotReachable',
};

/**
 * The error of a request that got no answer.
 *
 * @param failure - an {@link HttpFailure}, which is the cause of the error. Anything else, such as the error of an app's own HTTP,
 * is taken for `unreachable`.
 * @param secrets - what of the request must not be in the error: some platforms quote its URL
 */
export function unanswered(failure: unknown, url: string, secrets: readonly string[] = []): FlooError {
  const known: HttpFailure = isHttpFailure(failure) ? failure : { kind: 'unreachable', detail: String(failure) };
  const clean = foreignText(known.detail, secrets);
  const cause = clean === known.detail ? known : { ...known, detail: clean };
  return new FlooError(FAILURES[known.kind], clean, { url, cause });
}

function isHttpFailure(failure: unknown): failure is HttpFailure {
  const { kind, detail } = (failure ?? {}) as Partial<HttpFailure>;
  return kind !== undefined && kind in FAILURES && typeof detail === 'string';
}

/** Which request a status answers. */
export type StatusContext = 'provision' | 'send' | 'group-send' | 'other';

/**
 * The error of a frame whose status is not OK. A code that is not documented becomes `ServerFireplaceUnknownError`.
 *
 * @param reason - what the server wrote; see {@link foreignText}
 * @param secrets - what of the request must not be in the error, though the server repeats it
 */
export function statusError(
  statusCode: number,
  reason: string,
  context: StatusContext,
  secrets: readonly string[] = [],
): FlooError {
  return new FlooError(statusReason(statusCode, reason, context), foreignText(reason, secrets), { statusCode });
}

function statusReason(statusCode: number, reason: string, context: StatusContext): FlooErrorCode {
  const isSend = context === 'send' || context === 'group-send';
  const code = BY_STATUS_CODE.get(statusCode) ?? 'ServerFireplaceUnknownError';
  if (code === 'UserAuthFailed' && reason === 'you must login first') return 'InvalidToken';
  if (code === 'UserBanned' && context === 'group-send') return 'GroupMemberBanned';
  if (code === 'InvalidParam' && isSend) return 'MessageInvalid';
  if (reason.includes('exceed recall time limit')) return 'MessageOutRecallTime';
  return code;
}

/** The error that a user notice of this type means for the session; undefined when it only informs. */
export function userNoticeError(type: number): FlooError | undefined {
  const reason = BY_USER_NOTICE.get(type);
  return reason && new FlooError(reason, '', { details: { userNotice: type } });
}

/**
 * How the session ends after this error, and must not reconnect; undefined when it goes on or reconnects.
 *
 * A frame's DEVICE_GUID_CONFLICT is a `UserKickedBySameDevice` with `statusCode` 15. It allows one more try with a new
 * device guid.
 */
export function sessionEnd(error: FlooError): SessionEnd | undefined {
  // An error of another copy of the SDK may have a code that this one does not know.
  const codes: Readonly<Record<string, ErrorCode>> = ERROR_CODES;
  return codes[error.reason]?.endsSession;
}
