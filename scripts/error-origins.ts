import type { FlooErrorCode } from '../src/errors.ts';

/**
 * Rows of docs/reference/errors.md that are not in the tables of `src/error-codes.ts`: when the SDK itself finds that an error happened, or
 * needs more than the server's number to choose the code.
 */
export const FOUND_BY_SDK: { readonly [code in FlooErrorCode]?: string } = {
  InvalidParam: 'a bad or missing argument, before anything is sent; a build on a platform where it cannot run',
  DbOperationFailed:
    'the storage could not be opened, read or written; a newer release wrote the database; another client uses the `dataDir`',
  SignInCancelled: 'a login that `logout()`, `disConnect()`, `dispose()` or another login ended',
  SignInTimeout: 'the server accepted the socket and did not answer the login',
  SignInFailed:
    'a login that ended with an error without a code, such as a storage for settings that cannot be written',
  UserNotLogin: 'a call that needs a login, without one; any call after `dispose()`',
  InvalidUserNameParameter: 'REST 10002 of a registration, with the user name in its message',
  InvalidToken: 'status 9 with the reason `you must login first`',
  UserAuthFailed: 'REST 402 or 11001 in answer to a request for a token',
  MessageOutRecallTime: 'any status of a send with the reason `exceed recall time limit`',
  ServerNotReachable: 'a REST or DNS host gave no HTTP answer',
  ServerUnknownError: 'a REST code that is not documented',
  ServerTimeOut: 'no REST or DNS answer in time; a message without a connection for too long (`sendExpiryMs`)',
  ServerConnectFailed: 'no socket could be opened',
  ServerDNSFailed: 'the list of servers could not be fetched, or it named none',
  NotFound: 'a restart came before the file of a message was stored completely',
  UserCancel: 'an upload or a download that its `signal` ended',
  InvalidFileSign: 'REST 10002 with `file_sign` in its message, in answer to a download or to the forwarding of a file',
  InvalidFileObjectType: 'an unknown `fileType`',
  InvalidFileUploadToType: 'a `chatType` that is neither `roster` nor `group`; a picture of a group without `group_id`',
  InvalidFileDownloadUrl: 'a download from an address that is no `http` URL',
  ServerInvalidUploadUrl: 'the server sent no address for an upload, or the address does not exist (HTTP 404)',
  ServerFileUploadUnknownError: 'an upload that the object store refused',
  ServerFileDownloadUnknownError: 'a download that the server refused without a more specific code',
  ServerNeedReconnected: 'the server closed a socket before the login was done',
  ServerEncryptMethodUnsupported: 'an encrypted frame arrived',
  ServerAppFrozen: 'DNS reports the app as banned, frozen or revoked',
  ServerFireplaceUnknownError: 'a status that is not documented',
  ServerBusy: 'HTTP 503 without an envelope',
  ServerTooManyRequest: 'HTTP 429 without an envelope',
  ServerResponseInvalid: 'an answer without an envelope, or a frame or an item that cannot be read',
  ServerRtcNotOpen: 'any method of `rtcManage` that begins or changes a call',
};

const NO_SERVER_CODE = 'no REST code and no status is documented for it';

/** Codes that this SDK never uses, each with the reason. SDKs of other platforms use them. */
export const NEVER_USED: { readonly [code in FlooErrorCode]?: string } = {
  NoError: 'a call that succeeds returns its result',
  GeneralError: 'every failure in this SDK has a more specific code',
  UserAlreadyLogin: 'a login replaces the session before it',
  UserAbnormal: NO_SERVER_CODE,
  UserSigningIn: 'a second login cancels the first: `SignInCancelled`',
  PushTokenInvalid: NO_SERVER_CODE,
  PushAliasBindByOtherUser: NO_SERVER_CODE,
  PushAliasTokenNotMatch: NO_SERVER_CODE,
  MessageRecallDisabled: NO_SERVER_CODE,
  MessageInvalidType: NO_SERVER_CODE,
  MessageBadArg: 'the server answers `MessageInvalid`',
  RosterNotFriend: NO_SERVER_CODE,
  RosterBlockListExist: NO_SERVER_CODE,
  ServerInvalid: 'hosts come from DNS; an invalid one becomes `ServerNotReachable` or `ServerConnectFailed`',
  ServerNeedRetry: NO_SERVER_CODE,
  ServerAppIdMissing: 'an empty app id is refused before anything is sent',
  ServerAppSignInvalid: 'only servers sign requests',
  ServerAppNotifierNotExist: NO_SERVER_CODE,
  ServerNoClusterInfoForClusterId: NO_SERVER_CODE,
  ServerFileDownloadFailure: 'a failed download becomes `ServerFileDownloadUnknownError`',
  ServerPlatformNotAllowed: NO_SERVER_CODE,
  ServerCannotCreateDeviceSn: NO_SERVER_CODE,
};
