import type { FlooErrorCode } from '../src/errors.ts';

/**
 * What docs/errors.md says of codes beyond the server's numbers, which it reads off `src/errors.ts`: what this SDK finds out
 * by itself, and why a documented code cannot come.
 */
export const FOUND_HERE: { readonly [code in FlooErrorCode]?: string } = {
  InvalidParam: 'a bad or missing argument, before anything is sent',
  DbOperationFailed:
    'the storage could not be opened, read or written; a database of a newer release; a `dataDir` that another client has',
  SignInCancelled: 'a login that `logout()`, `disConnect()`, `dispose()` or another login ended',
  SignInTimeout: 'the server took the socket and never answered the login',
  SignInFailed: 'a login that an error without a code ended, such as a storage for settings that cannot be written',
  UserNotLogin: 'a call that needs a login, without one; any call after `dispose()`',
  InvalidUserNameParameter: 'REST 10002 of a registration whose message names the user name',
  InvalidToken: 'status 9 with the reason `you must login first`',
  UserAuthFailed: 'REST 402 or 11001 where a token is asked for',
  MessageOutRecallTime: 'any status of a send with the reason `exceed recall time limit`',
  ServerNotReachable: 'a REST or DNS host gave no HTTP answer',
  ServerUnknownError: 'a REST code that is not documented',
  ServerTimeOut: 'no REST or DNS answer in time; a message without a connection for too long (`sendExpiryMs`)',
  ServerConnectFailed: 'no socket could be opened',
  ServerDNSFailed: 'no list of servers was to be had, or it named none',
  NotFound: 'the file of a message, when a restart came before all of it was kept',
  UserCancel: 'an upload or a download that its `signal` ended',
  InvalidFileSign: 'REST 10002 whose message names `file_sign`: of a download, or of a file to forward',
  InvalidFileObjectType: 'a `fileType` that is none',
  InvalidFileUploadToType: 'a `toType` or `chatType` that does not say for whom a file is',
  InvalidFileDownloadUrl: 'an address to download from that is no `http` URL',
  ServerInvalidUploadUrl: 'the server named no place for an upload, or there is none (HTTP 404)',
  ServerFileUploadUnknownError: 'an upload that the object store refused',
  ServerFileDownloadUnknownError: 'a download that the server refused without a code that says more',
  ServerNeedReconnected: 'the server ended a socket before the login was done',
  ServerEncryptMethodUnsupported: 'a frame came encrypted',
  ServerAppFrozen: 'DNS says that the app is banned, frozen or revoked',
  ServerFireplaceUnknownError: 'a status that is not documented',
  ServerBusy: 'HTTP 503 without an envelope',
  ServerTooManyRequest: 'HTTP 429 without an envelope',
  ServerResponseInvalid: 'an answer without an envelope, or a frame or an item that cannot be read',
  ServerRtcNotOpen: 'any call of `rtcManage` that begins or changes a call',
};

const NO_SERVER_CODE = 'no REST code and no status is documented for it';

/** Documented for the SDKs of other platforms, or for parts of the service that the web has no way to. */
export const CANNOT_COME: { readonly [code in FlooErrorCode]?: string } = {
  NoError: 'what succeeds gives its result',
  GeneralError: 'every failure here has a code that says more',
  UserAlreadyLogin: 'a login takes the place of the one before',
  UserAbnormal: NO_SERVER_CODE,
  UserSigningIn: 'a second login cancels the first: `SignInCancelled`',
  PushTokenInvalid: NO_SERVER_CODE,
  PushAliasBindByOtherUser: NO_SERVER_CODE,
  PushAliasTokenNotMatch: NO_SERVER_CODE,
  MessageRecallDisabled: NO_SERVER_CODE,
  MessageInvalidType: NO_SERVER_CODE,
  MessageBadArg: 'the server says `MessageInvalid`',
  RosterNotFriend: NO_SERVER_CODE,
  RosterBlockListExist: NO_SERVER_CODE,
  ServerInvalid: 'hosts come from DNS; one that is none is `ServerNotReachable` or `ServerConnectFailed`',
  ServerNeedRetry: NO_SERVER_CODE,
  ServerAppIdMissing: 'an empty app id is refused before anything is sent',
  ServerAppSignInvalid: 'only servers sign',
  ServerAppNotifierNotExist: NO_SERVER_CODE,
  ServerNoClusterInfoForClusterId: NO_SERVER_CODE,
  ServerFileDownloadFailure: 'a download that fails is `ServerFileDownloadUnknownError`',
  ServerPlatformNotAllowed: NO_SERVER_CODE,
  ServerCannotCreateDeviceSn: NO_SERVER_CODE,
};
