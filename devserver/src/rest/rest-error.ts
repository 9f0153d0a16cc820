/** The business codes that this server answers with, and their texts. */
export const REST_CODES = {
  402: 'token is expired or revoked, log in again',
  404: 'not implemented by the dev server',
  500: 'the dev server failed',
  10000: 'user does not exist',
  10001: 'the verification code is wrong',
  10002: 'invalid request parameter',
  10003: 'access-token is missing',
  10004: 'user already exists',
  10005: 'already a friend',
  10006: 'user is in the blacklist',
  10007: 'friend application is missing or expired',
  10008: 'access-token is invalid',
  10009: 'oss exception',
  10010: 'no permission',
  10012: 'the user refuses friend applications',
  10021: 'the account of the user was deleted',
  11001: 'password is incorrect',
  11011: 'username is taken',
  11012: 'mobile is bound to another account',
  11014: 'the code is not the one in the picture',
  11022: 'nobody has scanned the code yet',
  12005: 'more than 500 push targets',
  20001: 'group does not exist',
  20002: 'not a group member',
  20004: 'the owner cannot leave the group',
  20005: 'the new owner is not a member',
  20010: 'the group is full',
  20012: 'group admin permission is needed',
  20013: 'group owner permission is needed',
  20014: 'application is expired or handled',
  20015: 'invitation is expired or handled',
  20016: 'kicked too often to join again',
  20017: 'already a group member',
  20018: 'user is in the blacklist of the group',
  20020: 'announcement does not exist',
  20022: 'shared file does not exist',
  20023: 'no permission on the shared file',
  20024: 'group invitation QR code is invalid',
  20025: 'group invitation QR code is expired',
  40000: 'app_id does not exist',
  99998: 'app_id is invalid',
} as const;

export type RestCode = keyof typeof REST_CODES;

/** A request that is answered with a code other than 200. */
export class RestError extends Error {
  readonly code: RestCode;

  constructor(code: RestCode, detail?: string) {
    super(detail === undefined ? REST_CODES[code] : `${REST_CODES[code]}: ${detail}`);
    this.name = 'RestError';
    this.code = code;
  }
}
