import type { FlooErrorCode } from '../src/errors.ts';

/** In English and in Chinese. */
type Words = readonly [en: string, zh: string];

/**
 * Rows of docs/reference/errors.md that are not in the tables of `src/error-codes.ts`: when the SDK itself finds that an error happened, or
 * needs more than the server's number to choose the code.
 */
export const FOUND_BY_SDK: { readonly [code in FlooErrorCode]?: Words } = {
  InvalidParam: [
    'a bad or missing argument, before anything is sent; a build on a platform where it cannot run',
    '参数有误或缺少参数，什么都还没有发出；构建文件在不支持它的平台上运行',
  ],
  DbOperationFailed: [
    'the storage could not be opened, read or written; a newer release wrote the database; another client uses the `dataDir`',
    '存储无法打开、读取或写入；数据库由更新的版本写成；`dataDir` 正被另一个客户端使用',
  ],
  SignInCancelled: [
    'a login that `logout()`, `disConnect()`, `dispose()` or another login ended',
    '登录被 `logout()`、`disConnect()`、`dispose()` 或另一次登录终止',
  ],
  SignInTimeout: ['the server accepted the socket and did not answer the login', '服务器接受了连接，但没有应答登录'],
  SignInFailed: [
    'a login that ended with an error without a code, such as a storage for settings that cannot be written',
    '登录因没有错误码的错误而结束，例如设置无法写入存储',
  ],
  UserNotLogin: [
    'a call that needs a login, without one; any call after `dispose()`',
    '未登录时调用了需要登录的方法；`dispose()` 之后的任何调用',
  ],
  InvalidUserNameParameter: [
    'REST 10002 of a registration, with the user name in its message',
    '注册时的 REST 10002，且消息中提到用户名',
  ],
  InvalidToken: ['status 9 with the reason `you must login first`', 'status 9，原因为 `you must login first`'],
  UserAuthFailed: ['REST 402 or 11001 in answer to a request for a token', '请求令牌时得到 REST 402 或 11001'],
  MessageOutRecallTime: [
    'any status of a send with the reason `exceed recall time limit`',
    '发送得到任意 status，原因为 `exceed recall time limit`',
  ],
  ServerNotReachable: ['a REST or DNS host gave no HTTP answer', 'REST 或 DNS 主机没有给出 HTTP 应答'],
  ServerUnknownError: ['a REST code that is not documented', '文档中没有的 REST 错误码'],
  ServerTimeOut: [
    'no REST or DNS answer in time; a message without a connection for too long (`sendExpiryMs`)',
    'REST 或 DNS 没有按时应答；消息等待连接的时间过长（`sendExpiryMs`）',
  ],
  ServerConnectFailed: ['no socket could be opened', '无法建立连接'],
  ServerDNSFailed: ['the list of servers could not be fetched, or it named none', '无法取得服务器列表，或列表为空'],
  NotFound: ['a restart came before the file of a message was stored completely', '消息的文件还没有存完就重新启动了'],
  UserCancel: ['an upload or a download that its `signal` ended', '上传或下载被它的 `signal` 终止'],
  InvalidFileSign: [
    'REST 10002 with `file_sign` in its message, in answer to a download or to the forwarding of a file',
    '下载或转发文件时得到 REST 10002，且消息中有 `file_sign`',
  ],
  InvalidFileObjectType: ['an unknown `fileType`', '未知的 `fileType`'],
  InvalidFileUploadToType: [
    'a `chatType` that is neither `roster` nor `group`; a picture of a group without `group_id`',
    '`chatType` 既不是 `roster` 也不是 `group`；群组图片没有 `group_id`',
  ],
  InvalidFileDownloadUrl: ['a download from an address that is no `http` URL', '下载地址不是 `http` URL'],
  ServerInvalidUploadUrl: [
    'the server sent no address for an upload, or the address does not exist (HTTP 404)',
    '服务器没有给出上传地址，或该地址不存在（HTTP 404）',
  ],
  ServerFileUploadUnknownError: ['an upload that the object store refused', '对象存储拒绝了上传'],
  ServerFileDownloadUnknownError: [
    'a download that the server refused without a more specific code',
    '服务器拒绝了下载，且没有更具体的错误码',
  ],
  ServerNeedReconnected: ['the server closed a socket before the login was done', '登录完成之前服务器关闭了连接'],
  ServerEncryptMethodUnsupported: ['an encrypted frame arrived', '收到加密的帧'],
  ServerAppFrozen: ['DNS reports the app as banned, frozen or revoked', 'DNS 报告该应用已被封禁、冻结或注销'],
  ServerFireplaceUnknownError: ['a status that is not documented', '文档中没有的 status'],
  ServerBusy: ['HTTP 503 without an envelope', 'HTTP 503，且没有应答信封'],
  ServerTooManyRequest: ['HTTP 429 without an envelope', 'HTTP 429，且没有应答信封'],
  ServerResponseInvalid: [
    'an answer without an envelope, or a frame or an item that cannot be read',
    '应答没有信封，或有无法读取的帧或条目',
  ],
  ServerRtcNotOpen: [
    'any method of `rtcManage` that begins or changes a call',
    '`rtcManage` 中发起或改变通话的任何方法',
  ],
};

const NO_SERVER_CODE: Words = [
  'no REST code and no status is documented for it',
  '文档中没有与它对应的 REST 错误码或 status',
];

/** Codes that this SDK never uses, each with the reason. SDKs of other platforms use them. */
export const NEVER_USED: { readonly [code in FlooErrorCode]?: Words } = {
  NoError: ['a call that succeeds returns its result', '成功的调用返回自己的结果'],
  GeneralError: ['every failure in this SDK has a more specific code', '本 SDK 的每种失败都有更具体的错误码'],
  UserAlreadyLogin: ['a login replaces the session before it', '再次登录会替换之前的会话'],
  UserAbnormal: NO_SERVER_CODE,
  UserSigningIn: ['a second login cancels the first: `SignInCancelled`', '第二次登录会取消第一次：`SignInCancelled`'],
  PushTokenInvalid: NO_SERVER_CODE,
  PushAliasBindByOtherUser: NO_SERVER_CODE,
  PushAliasTokenNotMatch: NO_SERVER_CODE,
  MessageRecallDisabled: NO_SERVER_CODE,
  MessageInvalidType: NO_SERVER_CODE,
  MessageBadArg: ['the server answers `MessageInvalid`', '服务器的应答是 `MessageInvalid`'],
  RosterNotFriend: NO_SERVER_CODE,
  RosterBlockListExist: NO_SERVER_CODE,
  ServerInvalid: [
    'hosts come from DNS; an invalid one becomes `ServerNotReachable` or `ServerConnectFailed`',
    '主机来自 DNS；无效的主机成为 `ServerNotReachable` 或 `ServerConnectFailed`',
  ],
  ServerNeedRetry: NO_SERVER_CODE,
  ServerAppIdMissing: ['an empty app id is refused before anything is sent', '空的应用 ID 在发送之前就会被拒绝'],
  ServerAppSignInvalid: ['only servers sign requests', '只有服务器才对请求签名'],
  ServerAppNotifierNotExist: NO_SERVER_CODE,
  ServerNoClusterInfoForClusterId: NO_SERVER_CODE,
  ServerFileDownloadFailure: [
    'a failed download becomes `ServerFileDownloadUnknownError`',
    '下载失败成为 `ServerFileDownloadUnknownError`',
  ],
  ServerPlatformNotAllowed: NO_SERVER_CODE,
  ServerCannotCreateDeviceSn: NO_SERVER_CODE,
};
