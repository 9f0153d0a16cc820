import type { ErrorTexts } from './texts.ts';

const WAIT = 'Try again after a while.';
const ASK_ADMIN = 'Ask the administrator of the app.';
const LOGIN = 'Log in again.';
const CHECK = 'Check the arguments of the call.';
const REFRESH = 'Fetch the list again and show what is there now.';
const REPORT = 'Report it with the message of the error; the server gave no other reason.';
const NETWORK = 'Check the network. The SDK goes on trying by itself while it is logged in.';

export const EN: ErrorTexts = {
  NoError: ['No error.', 'Nothing to do.'],
  GeneralError: ['Something went wrong that has no code of its own.', 'Report it with the cause of the error.'],
  InvalidParam: ['An argument is not valid.', CHECK],
  NotFound: [
    'What was asked for does not exist.',
    'Check the id, path or address; the server may be too old for this call.',
  ],
  DbOperationFailed: [
    'The local storage could not be read or written.',
    'Make room on the device, or allow storage in private mode.',
  ],
  SignInCancelled: ['The login was cancelled.', 'Log in again when the user wants to.'],
  SignInTimeout: ['The login took too long.', WAIT],
  SignInFailed: ['The login failed.', 'Look at the cause of the error, then log in again.'],

  UserNotLogin: ['Nobody is logged in.', 'Log in first, and call when login has succeeded.'],
  UserAlreadyLogin: ['Another account is logged in.', 'Log out first.'],
  UserAuthFailed: ['The user name or id, or the password, is wrong.', 'Ask for them again.'],
  UserPermissionDenied: ['The user may not do this.', ASK_ADMIN],
  UserNotExist: ['There is no such user.', 'Check the name or id.'],
  UserAlreadyExist: ['The user name is taken.', 'Log in with it, or register another.'],
  UserFrozen: ['The account is frozen.', ASK_ADMIN],
  UserBanned: ['The user is not allowed to send messages.', 'Wait until the ban ends, or ask the administrator.'],
  UserRemoved: ['The account was deleted.', 'Log in with another account.'],
  UserTooManyDevice: ['The user is logged in on too many devices.', 'Log out on another device, then log in again.'],
  UserPasswordChanged: ['The password was changed on another device.', 'Log in with the new password.'],
  UserKickedBySameDevice: ['Another window or process of this device took over.', 'Go on there, or log in again here.'],
  UserKickedByOtherDevices: [
    'Another device ended this session.',
    'Log in again; change the password if it was not the user.',
  ],
  UserAbnormal: ['The login is in a state that it cannot go on from.', LOGIN],
  UserCancel: ['The user cancelled it.', 'Nothing to do.'],
  UserOldPasswordNotMatch: ['The old password is wrong.', 'Ask for it again.'],
  UserSigningIn: ['A login is under way.', 'Wait for it to succeed or fail.'],

  PushTokenInvalid: ['The push token is not valid.', 'Get a new one from the push service and bind it.'],
  PushAliasBindByOtherUser: ['The push alias belongs to another user.', 'Use another alias, or unbind it there.'],
  PushAliasTokenNotMatch: ['The push alias does not belong to this token.', 'Bind the alias to the token again.'],

  InvalidVerificationCode: ['The verification code is wrong or too old.', 'Ask for a new one.'],
  InvalidRequestParameter: ['The server refused a parameter of the request.', CHECK],
  InvalidUserNameParameter: [
    'The user name is not allowed.',
    'Use letters, digits, underscores or Chinese characters, not digits only.',
  ],
  MissingAccessToken: ['The request had no access token.', LOGIN],
  CurrentUserIsInRoster: ['This user is a friend already.', 'Open the conversation instead.'],
  CurrentUserIsInBlocklist: ['This user is on the blocklist.', 'Unblock the user first.'],
  AnswerFailed: ['The friend application does not exist or has expired.', 'Apply again.'],
  InvalidToken: ['The access token is not valid any more.', LOGIN],
  InvalidFileSign: ['The signature of the file is wrong.', 'Fetch the message again to get a new address of the file.'],
  InvalidFileObjectType: ['The type of the file is not valid.', CHECK],
  InvalidFileUploadToType: [
    'The type of the receiver of the file is not valid.',
    'Say whether the file is for a user or for a group.',
  ],
  InvalidFileDownloadUrl: [
    'The address of the file is not valid.',
    'Fetch the message again, or show that the file is gone.',
  ],

  MessageInvalid: ['The message is not well formed.', 'Check its content, ext, config and attachment.'],
  MessageOutRecallTime: ['It is too late to recall the message.', 'Inform the user; the message stays.'],
  MessageRecallDisabled: ['Messages cannot be recalled here.', 'Do not offer to recall.'],
  MessageCensored: ['The message has words in it that are not allowed.', 'Let the user change it and send it again.'],
  MessageInvalidType: [
    'This cannot be done with a message of this type.',
    'Offer it for the types that support it only.',
  ],
  MessageBadArg: ['The message has illegal characters in it.', 'Remove them and send it again.'],
  MessageRateLimitExceeded: ['Messages were sent too fast.', 'Wait some seconds, then send again.'],

  RosterNotFriend: ['This user is not a friend.', 'Apply for friendship first.'],
  RosterBlockListExist: [
    'One of the two users has blocked the other.',
    'Unblock the user if it is on your own blocklist.',
  ],
  RosterRejectApplication: ['This user accepts no friend applications.', 'Inform the user; there is nothing to retry.'],
  RosterHasDeletedFromSystem: ['The account of this user was deleted.', 'Remove the user from the list.'],

  GroupServerDbError: ['The database of the server failed.', WAIT],
  GroupNotExist: ['There is no such group.', REFRESH],
  GroupNotMemberFound: ['The user is not a member of the group.', REFRESH],
  GroupMsgNotifyTypeUnknown: ['This kind of message notification is unknown.', CHECK],
  GroupOwnerCannotLeave: ['The owner cannot leave the group.', 'Hand the group over or dissolve it.'],
  GroupTransferNotAllowed: ['A group can be handed over to a member only.', 'Choose a member.'],
  GroupRecoveryMode: ['The group is being repaired.', WAIT],
  GroupExceedLimitGlobal: ['The app has as many groups as it may have.', ASK_ADMIN],
  GroupExceedLimitUserCreate: ['The user has created as many groups as allowed.', 'Dissolve a group first.'],
  GroupExceedLimitUserJoin: ['The user has joined as many groups as allowed.', 'Leave a group first.'],
  GroupCapacityExceedLimit: ['The group is full.', 'Remove members, or have its capacity raised.'],
  GroupMemberPermissionRequired: ['Only members of the group may do this.', 'Join the group first.'],
  GroupAdminPermissionRequired: ['Only administrators of the group may do this.', 'Ask an administrator of the group.'],
  GroupOwnerPermissionRequired: ['Only the owner of the group may do this.', 'Ask the owner of the group.'],
  GroupApplicationExpiredOrHandled: ['The application has expired or somebody has answered it.', REFRESH],
  GroupInvitationExpiredOrHandled: ['The invitation has expired or was answered before.', REFRESH],
  GroupKickTooManyTimes: [
    'The user was removed from this group too often to join again.',
    'Ask an administrator of the group.',
  ],
  GroupMemberExist: ['The user is a member of the group already.', 'Open the group instead.'],
  GroupBlockListExist: ['The user is on the blocklist of the group.', 'Ask an administrator of the group.'],
  GroupAnnouncementNotFound: ['There is no such announcement.', REFRESH],
  GroupAnnouncementForbidden: ['The administrator of the app has forbidden announcements.', ASK_ADMIN],
  GroupSharedFileNotFound: ['There is no such file in the group.', REFRESH],
  GroupSharedFileOperateNotAllowed: [
    'The user may not do this with the files of the group.',
    'Ask an administrator of the group.',
  ],
  GroupMemberBanned: [
    'The user is not allowed to write in this group.',
    'Wait until the ban ends, or ask its administrator.',
  ],

  ServerNotReachable: ['The server cannot be reached.', NETWORK],
  ServerUnknownError: ['The server refused for a reason that has no code.', REPORT],
  ServerInvalid: ['The address of the server is not valid.', 'Check the servers in the configuration.'],
  ServerDecryptionFailed: ['The server could not decrypt what was sent.', LOGIN],
  ServerEncryptMethodUnsupported: ['The encryption is not supported.', 'Configure one that both sides know.'],
  ServerBusy: ['The server is busy.', WAIT],
  ServerNeedRetry: ['The server asks to try again.', WAIT],
  ServerTimeOut: ['The server did not answer in time.', WAIT],
  ServerConnectFailed: ['The connection to the server failed.', NETWORK],
  ServerDNSFailed: [
    'The list of servers could not be fetched.',
    'Check the network and the DNS server in the configuration.',
  ],
  ServerNeedReconnected: ['The servers have changed.', 'The SDK connects to the new ones; log in again if it asks to.'],
  ServerFileUploadUnknownError: ['The file could not be uploaded.', WAIT],
  ServerFileDownloadUnknownError: ['The file could not be downloaded.', WAIT],
  ServerInvalidLicense: ['The licence of the server is not valid.', ASK_ADMIN],
  ServerLicenseLimit: ['The limit of the licence is reached: it allows no more users.', ASK_ADMIN],
  ServerAppFrozen: ['The app is frozen.', ASK_ADMIN],
  ServerTooManyRequest: ['There were too many requests.', 'Wait some minutes, then try again.'],
  ServerNotAllowOpenRegister: ['Users cannot register themselves here.', ASK_ADMIN],
  ServerFireplaceUnknownError: ['The message server refused for a reason that has no code.', REPORT],
  ServerResponseInvalid: [
    'The answer of the server cannot be understood.',
    'Update the app, or report it with the cause of the error.',
  ],
  ServerInvalidUploadUrl: ['The address to upload to is not valid.', 'Try again: every upload gets a new address.'],
  ServerAppLicenseInvalid: ['The licence of the app is not valid.', ASK_ADMIN],
  ServerAppLicenseExpired: ['The licence of the app has expired.', ASK_ADMIN],
  ServerAppLicenseExceedLimit: ['The app has reached a limit of its licence.', ASK_ADMIN],
  ServerAppIdMissing: ['The request had no app id.', 'Set the app id in the configuration.'],
  ServerAppIdInvalid: ['There is no app with this app id.', 'Check the app id in the configuration.'],
  ServerAppSignInvalid: ['The signature of the app is wrong.', 'Check the app secret where the signature is made.'],
  ServerAppNotifierNotExist: [
    'The app has no such push certificate.',
    'Check the name of the notifier in the console.',
  ],
  ServerNoClusterInfoForClusterId: [
    'Nothing is known of this cluster.',
    'Check the cluster in the configuration, or report it.',
  ],
  ServerFileDownloadFailure: ['The download of the file failed.', WAIT],
  ServerAppStatusNotNormal: ['The app is not in service.', ASK_ADMIN],
  ServerPlatformNotAllowed: ['Devices of this platform may not log in.', 'Log in on another platform.'],
  ServerCannotCreateDeviceSn: ['The server could not give this device a number.', WAIT],
  ServerRtcNotOpen: ['Calls are not enabled for this app.', 'Hide calls, or ask the administrator.'],
};
