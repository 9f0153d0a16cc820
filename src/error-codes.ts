/** The facts about an error code. */
export interface ErrorCode {
  /** The documented number. Deployed apps compare it, so it never changes. */
  readonly number: number;
  /**
   * Whether the same call, made again unchanged after a while, may succeed.
   *
   * @default false
   */
  readonly retryable?: boolean;
  /** How the session ends when this error happens to it. Absent: the session goes on or reconnects. */
  readonly endsSession?: SessionEnd;
  /** `code` of the REST answers that mean this; `restError` adds what depends on more than the code. */
  readonly rest?: readonly number[];
  /** `Status.code` of the socket frames that mean this; `statusError` adds what depends on more than the code. */
  readonly status?: readonly number[];
  /** `UserNotice.Type` of the notices that mean this. */
  readonly userNotice?: readonly number[];
}

/**
 * How a session ends that cannot go on. `relogin`: it asks the app to log in again. `relogin_manually`: it asks the user to.
 * `stop`: it only ends.
 */
export type SessionEnd = 'relogin' | 'relogin_manually' | 'stop';

/** The documented client error codes: what happened, and what the app or its user can do. */
export const ERROR_CODES = {
  // General
  /** No error. Nothing to do. */
  NoError: { number: 0 },
  /** Something went wrong that has no code of its own. Report it with the cause of the error. */
  GeneralError: { number: 1 },
  /** An argument is not valid. Check the arguments of the call. */
  InvalidParam: { number: 2, status: [8] },
  /** What was asked for does not exist. Check the id, path or address; the server may be too old for this call. */
  NotFound: { number: 3, rest: [404] },
  /** The local storage could not be read or written. Make room on the device, or allow storage in private mode. */
  DbOperationFailed: { number: 4 },
  /** The login was cancelled. Log in again when the user wants to. */
  SignInCancelled: { number: 5 },
  /** The login took too long. Try again after a while. */
  SignInTimeout: { number: 6, retryable: true },
  /** The login failed. Look at the cause of the error, then log in again. */
  SignInFailed: { number: 7 },

  // The user and the session
  /** Nobody is logged in. Log in first, and call when login has succeeded. */
  UserNotLogin: { number: 100 },
  /** Another account is logged in. Log out first. */
  UserAlreadyLogin: { number: 101 },
  /** The user name or id, or the password, is wrong. Ask for them again. */
  UserAuthFailed: { number: 102, endsSession: 'stop', status: [9] },
  /** The user may not do this. Ask the administrator of the app. */
  UserPermissionDenied: { number: 103, rest: [10010] },
  /** There is no such user. Check the name or id. */
  UserNotExist: { number: 104, rest: [10000] },
  /** The user name is taken. Log in with it, or register another. */
  UserAlreadyExist: { number: 105, rest: [10004, 11011] },
  /** The account is frozen. Ask the administrator of the app. */
  UserFrozen: { number: 106, endsSession: 'relogin_manually', status: [10], userNotice: [2] },
  /** The user is not allowed to send messages. Wait until the ban ends, or ask the administrator. */
  UserBanned: { number: 107, status: [11] },
  /** The account was deleted. Log in with another account. */
  UserRemoved: { number: 108, endsSession: 'relogin_manually', userNotice: [3] },
  /** The user is logged in on too many devices. Log out on another device, then log in again. */
  UserTooManyDevice: { number: 109, endsSession: 'stop', status: [13] },
  /** The password was changed on another device. Log in with the new password. */
  UserPasswordChanged: { number: 110, endsSession: 'relogin_manually', userNotice: [1] },
  /** Another window or process of this device took over. Go on there, or log in again here. */
  UserKickedBySameDevice: { number: 111, endsSession: 'stop', status: [15], userNotice: [4] },
  /** Another device ended this session. Log in again; change the password if it was not the user. */
  UserKickedByOtherDevices: { number: 112, endsSession: 'relogin_manually', userNotice: [5, 10] },
  /** The login is in a state that it cannot go on from. Log in again. */
  UserAbnormal: { number: 113 },
  /** The user cancelled it. Nothing to do. */
  UserCancel: { number: 114 },
  /** The old password is wrong. Ask for it again. */
  UserOldPasswordNotMatch: { number: 115 },
  /** A login is under way. Wait for it to succeed or fail. */
  UserSigningIn: { number: 116 },

  // Push
  /** The push token is not valid. Get a new one from the push service and bind it. */
  PushTokenInvalid: { number: 200 },
  /** The push alias belongs to another user. Use another alias, or unbind it there. */
  PushAliasBindByOtherUser: { number: 201 },
  /** The push alias does not belong to this token. Bind the alias to the token again. */
  PushAliasTokenNotMatch: { number: 202 },

  // Requests
  /** The verification code is wrong or too old. Ask for a new one. */
  InvalidVerificationCode: { number: 300, rest: [10001, 11014] },
  /** The server refused a parameter of the request. Check the arguments of the call. */
  InvalidRequestParameter: { number: 301, rest: [10002] },
  /** The user name is not allowed. Use letters, digits, underscores or Chinese characters, not digits only. */
  InvalidUserNameParameter: { number: 302 },
  /** The request had no access token. Log in again. */
  MissingAccessToken: { number: 303, rest: [10003] },
  /** This user is a friend already. Open the conversation instead. */
  CurrentUserIsInRoster: { number: 304, rest: [10005] },
  /** This user is on the blocklist. Unblock the user first. */
  CurrentUserIsInBlocklist: { number: 305, rest: [10006] },
  /** The friend application does not exist or has expired. Apply again. */
  AnswerFailed: { number: 306, rest: [10007] },
  /** The access token is not valid any more. Log in again. */
  InvalidToken: { number: 307, endsSession: 'relogin', rest: [10008], status: [7] },
  /** The signature of the file is wrong. Fetch the message again to get a new address of the file. */
  InvalidFileSign: { number: 308 },
  /** The type of the file is not valid. Check the arguments of the call. */
  InvalidFileObjectType: { number: 309 },
  /** The type of the receiver of the file is not valid. Say whether the file is for a user or for a group. */
  InvalidFileUploadToType: { number: 310 },
  /** The address of the file is not valid. Fetch the message again, or show that the file is gone. */
  InvalidFileDownloadUrl: { number: 311 },

  // Messages
  /** The message is not well formed. Check its content, ext, config and attachment. */
  MessageInvalid: { number: 400 },
  /** It is too late to recall the message. Inform the user; the message stays. */
  MessageOutRecallTime: { number: 401 },
  /** Messages cannot be recalled here. Do not offer to recall. */
  MessageRecallDisabled: { number: 402 },
  /** The message has words in it that are not allowed. Let the user change it and send it again. */
  MessageCensored: { number: 403, status: [12] },
  /** This cannot be done with a message of this type. Offer it for the types that support it only. */
  MessageInvalidType: { number: 404 },
  /** The message has illegal characters in it. Remove them and send it again. */
  MessageBadArg: { number: 405 },
  /** Messages were sent too fast. Wait some seconds, then send again. */
  MessageRateLimitExceeded: { number: 406, retryable: true, status: [20] },

  // Friends
  /** This user is not a friend. Apply for friendship first. */
  RosterNotFriend: { number: 500 },
  /** One of the two users has blocked the other. Unblock the user if it is on your own blocklist. */
  RosterBlockListExist: { number: 501 },
  /** This user accepts no friend applications. Inform the user; there is nothing to retry. */
  RosterRejectApplication: { number: 502, rest: [10012] },
  /** The account of this user was deleted. Remove the user from the list. */
  RosterHasDeletedFromSystem: { number: 503, rest: [10021] },

  // Groups
  /** The database of the server failed. Try again after a while. */
  GroupServerDbError: { number: 600, retryable: true, rest: [20000] },
  /** There is no such group. Fetch the list again and show what is there now. */
  GroupNotExist: { number: 601, rest: [20001] },
  /** The user is not a member of the group. Fetch the list again and show what is there now. */
  GroupNotMemberFound: { number: 602, rest: [20002] },
  /** This kind of message notification is unknown. Check the arguments of the call. */
  GroupMsgNotifyTypeUnknown: { number: 603, rest: [20003] },
  /** The owner cannot leave the group. Hand the group over or dissolve it. */
  GroupOwnerCannotLeave: { number: 604, rest: [20004] },
  /** A group can be handed over to a member only. Choose a member. */
  GroupTransferNotAllowed: { number: 605, rest: [20005] },
  /** The group is being repaired. Try again after a while. */
  GroupRecoveryMode: { number: 606, retryable: true, rest: [20006] },
  /** The app has as many groups as it may have. Ask the administrator of the app. */
  GroupExceedLimitGlobal: { number: 607, rest: [20007] },
  /** The user has created as many groups as allowed. Dissolve a group first. */
  GroupExceedLimitUserCreate: { number: 608, rest: [20008] },
  /** The user has joined as many groups as allowed. Leave a group first. */
  GroupExceedLimitUserJoin: { number: 609, rest: [20009] },
  /** The group is full. Remove members, or have its capacity raised. */
  GroupCapacityExceedLimit: { number: 610, rest: [20010] },
  /** Only members of the group may do this. Join the group first. */
  GroupMemberPermissionRequired: { number: 611, rest: [20011] },
  /** Only administrators of the group may do this. Ask an administrator of the group. */
  GroupAdminPermissionRequired: { number: 612, rest: [20012] },
  /** Only the owner of the group may do this. Ask the owner of the group. */
  GroupOwnerPermissionRequired: { number: 613, rest: [20013] },
  /** The application has expired or somebody has answered it. Fetch the list again and show what is there now. */
  GroupApplicationExpiredOrHandled: { number: 614, rest: [20014] },
  /** The invitation has expired or was answered before. Fetch the list again and show what is there now. */
  GroupInvitationExpiredOrHandled: { number: 615, rest: [20015] },
  /** The user was removed from this group too often to join again. Ask an administrator of the group. */
  GroupKickTooManyTimes: { number: 616, rest: [20016] },
  /** The user is a member of the group already. Open the group instead. */
  GroupMemberExist: { number: 617, rest: [20017] },
  /** The user is on the blocklist of the group. Ask an administrator of the group. */
  GroupBlockListExist: { number: 618, rest: [20018] },
  /** There is no such announcement. Fetch the list again and show what is there now. */
  GroupAnnouncementNotFound: { number: 619, rest: [20020] },
  /** The administrator of the app has forbidden announcements. Ask the administrator of the app. */
  GroupAnnouncementForbidden: { number: 620, rest: [20021] },
  /** There is no such file in the group. Fetch the list again and show what is there now. */
  GroupSharedFileNotFound: { number: 621, rest: [20022] },
  /** The user may not do this with the files of the group. Ask an administrator of the group. */
  GroupSharedFileOperateNotAllowed: { number: 622, rest: [20023] },
  /** The user is not allowed to write in this group. Wait until the ban ends, or ask its administrator. */
  GroupMemberBanned: { number: 623 },

  // Servers
  /** The server cannot be reached. Check the network. The SDK goes on trying by itself while it is logged in. */
  ServerNotReachable: { number: 700, retryable: true },
  /** The server refused for a reason that has no code. Report it with the message of the error; the server gave no other reason. */
  ServerUnknownError: { number: 701 },
  /** The address of the server is not valid. Check the servers in the configuration. */
  ServerInvalid: { number: 702 },
  /** The server could not decrypt what was sent. Log in again. */
  ServerDecryptionFailed: { number: 703, status: [5, 6] },
  /** The encryption is not supported. Configure one that both sides know. */
  ServerEncryptMethodUnsupported: { number: 704, status: [14] },
  /** The server is busy. Try again after a while. */
  ServerBusy: { number: 705, retryable: true },
  /** The server asks to try again. Try again after a while. */
  ServerNeedRetry: { number: 706, retryable: true },
  /** The server did not answer in time. Try again after a while. */
  ServerTimeOut: { number: 707, retryable: true },
  /** The connection to the server failed. Check the network. The SDK goes on trying by itself while it is logged in. */
  ServerConnectFailed: { number: 708, retryable: true },
  /** The list of servers could not be fetched. Check the network and the DNS server in the configuration. */
  ServerDNSFailed: { number: 709, retryable: true },
  /** The servers have changed. The SDK connects to the new ones; log in again if it asks to. */
  ServerNeedReconnected: { number: 710, retryable: true, userNotice: [11, 12] },
  /** The file could not be uploaded. Try again after a while. */
  ServerFileUploadUnknownError: { number: 711, retryable: true, rest: [10009] },
  /** The file could not be downloaded. Try again after a while. */
  ServerFileDownloadUnknownError: { number: 712, retryable: true },
  /** The licence of the server is not valid. Ask the administrator of the app. */
  ServerInvalidLicense: { number: 713, endsSession: 'relogin_manually', status: [17] },
  /** The limit of the licence is reached: it allows no more users. Ask the administrator of the app. */
  ServerLicenseLimit: { number: 714, endsSession: 'relogin_manually', rest: [40002], status: [18] },
  /** The app is frozen. Ask the administrator of the app. */
  ServerAppFrozen: { number: 715, endsSession: 'relogin_manually', status: [19] },
  /** There were too many requests. Wait some minutes, then try again. */
  ServerTooManyRequest: { number: 716, retryable: true, rest: [10028] },
  /** Users cannot register themselves here. Ask the administrator of the app. */
  ServerNotAllowOpenRegister: { number: 717, rest: [40001] },
  /** The message server refused for a reason that has no code. Report it with the message of the error; the server gave no other reason. */
  ServerFireplaceUnknownError: { number: 718 },
  /** The answer of the server cannot be understood. Update the app, or report it with the cause of the error. */
  ServerResponseInvalid: { number: 719 },
  /** The address to upload to is not valid. Try again: every upload gets a new address. */
  ServerInvalidUploadUrl: { number: 720 },
  /** The licence of the app is not valid. Ask the administrator of the app. */
  ServerAppLicenseInvalid: { number: 721, rest: [30021] },
  /** The licence of the app has expired. Ask the administrator of the app. */
  ServerAppLicenseExpired: { number: 722, rest: [30022] },
  /** The app has reached a limit of its licence. Ask the administrator of the app. */
  ServerAppLicenseExceedLimit: { number: 723, rest: [30023] },
  /** The request had no app id. Set the app id in the configuration. */
  ServerAppIdMissing: { number: 724 },
  /** There is no app with this app id. Check the app id in the configuration. */
  ServerAppIdInvalid: { number: 725, rest: [40000, 99997, 99998] },
  /** The signature of the app is wrong. Check the app secret where the signature is made. */
  ServerAppSignInvalid: { number: 726 },
  /** The app has no such push certificate. Check the name of the notifier in the console. */
  ServerAppNotifierNotExist: { number: 727 },
  /** Nothing is known of this cluster. Check the cluster in the configuration, or report it. */
  ServerNoClusterInfoForClusterId: { number: 728 },
  /** The download of the file failed. Try again after a while. */
  ServerFileDownloadFailure: { number: 729, retryable: true },
  /** The app is not in service. Ask the administrator of the app. */
  ServerAppStatusNotNormal: { number: 730, rest: [40003] },
  /** Devices of this platform may not log in. Log in on another platform. */
  ServerPlatformNotAllowed: { number: 731 },
  /** The server could not give this device a number. Try again after a while. */
  ServerCannotCreateDeviceSn: { number: 732 },
  /** Calls are not enabled for this app. Hide calls, or ask the administrator. */
  ServerRtcNotOpen: { number: 733 },
} as const satisfies Readonly<Record<string, ErrorCode>>;
