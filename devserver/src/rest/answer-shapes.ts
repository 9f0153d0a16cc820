import { flag, id, int, list, named, object, oneOf, optional, record, text } from './params.ts';
import type { Param } from './params.ts';

/** What several endpoints take and answer, as they are documented. `shapes.ts` makes the answers. */

const requestStatus = int('0 pending, 1 accepted, 2 declined.', { min: 0, max: 2 });
const joinRequest = {
  group_id: id('The group.'),
  reason: text('What the sender wrote.'),
  status: requestStatus,
  expired_time: int('When it expires, in ms since 1970.'),
};

/** Parameters of lists that have pages. */
export const paging = {
  cursor: optional(text('The cursor of the page before.')),
  limit: optional(int('Most rows of a page.', { min: 1 })),
};

/** Fields beside `data` in the answer of a list that has pages. */
export const PAGED = {
  cursor: optional(text('Asks for the next page. Absent on the last one.')),
  total: optional(int('Number of rows of all pages.')),
  version: optional(int('Version of the list.')),
};

const hour = { min: 0, max: 23 };

export const userSettingsFields = {
  auth_mode: int('Who may become a friend: 0 anybody, 1 with consent, 2 who knows the answer, 3 nobody.', {
    min: 0,
    max: 3,
  }),
  auth_question: optional(text('The question of mode 2.')),
  auth_answer: optional(text('The answer of mode 2.')),
  group_confirm: flag('Whether invitations into groups need consent.'),
  auto_download: flag('Whether files are downloaded without asking.'),
  no_push: flag('Whether pushes are off.'),
  no_push_detail: flag('Whether pushes leave out the text.'),
  no_push_start_hour: int('Hour at which pushes stop.', hour),
  no_push_end_hour: int('Hour at which pushes go on.', hour),
  silence_start_time: optional(int('Hour at which silence begins.', hour)),
  silence_end_time: optional(int('Hour at which silence ends.', hour)),
  push_nick_name: optional(text('Name in pushes.')),
  push_token: optional(text('Token of the push service.')),
  no_sounds: flag('Whether notifications are silent.'),
  vibratory: flag('Whether notifications vibrate.'),
};

/** The settings as parameters of a change. */
export const settingChanges = {
  auth_mode: optional(userSettingsFields.auth_mode),
  auth_question: userSettingsFields.auth_question,
  auth_answer: userSettingsFields.auth_answer,
  group_confirm: optional(userSettingsFields.group_confirm),
  auto_download: optional(userSettingsFields.auto_download),
  no_push: optional(userSettingsFields.no_push),
  no_push_detail: optional(userSettingsFields.no_push_detail),
  no_push_start_hour: optional(userSettingsFields.no_push_start_hour),
  no_push_end_hour: optional(userSettingsFields.no_push_end_hour),
  silence_start_time: userSettingsFields.silence_start_time,
  silence_end_time: userSettingsFields.silence_end_time,
  push_nick_name: userSettingsFields.push_nick_name,
  push_token: userSettingsFields.push_token,
  no_sounds: optional(userSettingsFields.no_sounds),
  vibratory: optional(userSettingsFields.vibratory),
};

export const userSettingsShape = named(
  'UserSettings',
  object({ user_id: id('The user.'), ...userSettingsFields }, 'The settings of a user.'),
);

const publicProfile = {
  nick_name: optional(text('Name that others see.')),
  avatar: optional(text('URL of the picture, or its object name for `/file/download/avatar`.')),
  description: optional(text('What the user says about itself.')),
  public_info: optional(text('Any text for everybody.')),
};

export const userProfileShape = named(
  'UserProfile',
  object(
    {
      user_id: id('The user.'),
      username: text('Name of the account.'),
      ...publicProfile,
      email: optional(text('E-mail address.')),
      mobile: optional(text('Mobile number.')),
      private_info: optional(text('Any text for the user alone.')),
    },
    'A user as it sees itself.',
  ),
);

export const rosterItemShape = named(
  'RosterItem',
  object(
    {
      user_id: id('The user.'),
      username: text('Name of the account.'),
      ...publicProfile,
      auth_mode: userSettingsFields.auth_mode,
      auth_question: userSettingsFields.auth_question,
      relation: int('0 friend, 1 deleted the caller, 2 stranger, 3 blocked by the caller.', { min: 0, max: 3 }),
      alias: optional(text("The caller's own name for the friend.")),
      ext: optional(text("The caller's own note about the friend.")),
      mute_notification: optional(flag('Whether the friend is muted.')),
    },
    'A user as the caller sees it.',
  ),
);

export const friendApplicationShape = named(
  'RosterApplication',
  object(
    {
      user_id: id('Who applies.'),
      reason: text('What the applicant wrote.'),
      status: requestStatus,
      expired_time: int('When it expires, in ms since 1970.'),
    },
    'An application for friendship.',
  ),
);

export const tokenShape = named(
  'Token',
  object(
    {
      token: text('The `access-token` of further calls, and of the socket.'),
      user_id: id('The user.'),
      expire: int('When the token expires, in ms since 1970.'),
      public_key: text('Empty.'),
      encrypt_type: int('0: nothing is encrypted.'),
      push_token: optional(text('Token of the push service, if a `device_guid` was given.')),
    },
    'A login.',
  ),
);

/** Name and password, with which deployed apps log in after another proof. */
export const loginFields = {
  username: optional(text('Name of the account.')),
  password: optional(text('Its password.')),
};

const groupState = {
  name: text('Name of the group.'),
  avatar: optional(text('URL of the picture.')),
  type: int('0 private, 1 public, 2 chat room, 3 temporary.', { min: 0, max: 3 }),
  status: int('0 normal, 1 destroyed.', { min: 0, max: 1 }),
  count: int('Number of members.'),
  capacity: int('Most members.'),
  apply_approval: int('Applications: 0 all are accepted, 1 an admin decides, 2 nobody may apply.', { min: 0, max: 2 }),
  msg_mute_mode: int('Of the caller: 0 not muted, 1 no notification, 2 no messages.', { min: 0, max: 2 }),
  msg_push_mode: int('Of the caller: 0 all, 1 none, 2 admins and mentions, 3 admins, 4 mentions.', { min: 0, max: 4 }),
};

export const groupInfoShape = named(
  'GroupInfo',
  object(
    {
      group_id: id('The group.'),
      ...groupState,
      description: optional(text('What the group is about.')),
      ext: optional(text('Any text.')),
      owner_id: id('The owner.'),
      created_at: int('When it was made, in ms since 1970.'),
      updated_at: int('When it was changed, in ms since 1970.'),
      ban_expire_time: int('End of the ban of all plain members in ms since 1970; 0 none, -1 never.'),
      member_invite: flag('Whether plain members may invite.'),
      member_modify: flag('Whether plain members may change the info.'),
      read_ack: flag('Whether messages are acknowledged when read.'),
      history_visible: flag('Whether new members see what was said before.'),
      hide_member_info: flag('Whether details of members are hidden.'),
    },
    'Info and settings of a group.',
  ),
);

export const groupBriefShape = named(
  'GroupBrief',
  object({ group_id: id('The group.'), ...groupState, owner: id('The owner.') }, 'A group in a list.'),
);

const member = {
  user_id: id('The member.'),
  display_name: optional(text('Name in the group.')),
  join_time: int('When it joined, in ms since 1970.'),
};

export const groupMemberShape = named('GroupMember', object(member, 'A member of a group.'));

export const bannedMemberShape = named(
  'BannedMember',
  object(
    { ...member, expired_time: int('End of the ban in ms since 1970; -1 never.') },
    'A member who may not write in the group.',
  ),
);

export const blockedUserShape = named(
  'GroupBlocked',
  object(
    {
      user_id: id('The user.'),
      group_id: id('The group.'),
      created_at: text('Since when, as a date and time.'),
    },
    'A user who may not join a group.',
  ),
);

export const userResultShape = named(
  'UserResult',
  object(
    {
      user_id: id('The user.'),
      result: oneOf(['success', 'fail'], 'Whether it was done.'),
      reason: optional(text('Why not.')),
    },
    'What became of one user of a call for many.',
  ),
);

export const userSuccessShape = named(
  'UserSuccess',
  object(
    {
      user_id: optional(id('The user, if there is one.')),
      username: optional(text('Name of the account.')),
      success: flag('Whether it was done.'),
      reason: optional(text('Why not.')),
    },
    'What became of one user of a call for many.',
  ),
);

export const invitationShape = named(
  'GroupInvitation',
  object(
    {
      ...joinRequest,
      inviter_id: id('Who invites.'),
      invitee_id: id('Who is invited.'),
      updated_at: text('When it was changed, as a date and time.'),
    },
    'An invitation into a group.',
  ),
);

export const applicationShape = named(
  'GroupApplication',
  object({ ...joinRequest, applicant_id: id('Who applies.') }, 'An application to a group.'),
);

export const announcementShape = named(
  'Announcement',
  object(
    {
      id: id('The announcement.'),
      group_id: id('The group.'),
      title: text('Its title.'),
      content: text('Its text.'),
      author: id('Who wrote it.'),
      created_at: int('When, in ms since 1970.'),
    },
    'An announcement of a group.',
  ),
);

export const sharedFileShape = named(
  'SharedFile',
  object(
    {
      file_id: id('The shared file.'),
      group_id: id('The group.'),
      name: text('Name of the file.'),
      size: int('Bytes.', { min: 0 }),
      type: text('Kind of the file, as its uploader wrote it.'),
      url: text('Where it is downloaded.'),
      uploader: id('Who shared it.'),
      created_at: int('When it was shared, in ms since 1970.'),
      updated_at: int('When it was changed, in ms since 1970.'),
    },
    'A file that is shared in a group.',
  ),
);

export const fileUploadShape = named(
  'FileUpload',
  object(
    {
      upload_url: text('Where to send the bytes.'),
      upload_method: oneOf(['POST', 'PUT'], 'How.'),
      download_url: text('Where the file can be downloaded then.'),
      oss_body_param: record('Fields that the form must have before the file; may be empty.'),
    },
    'Where to upload one file.',
  ),
);

export const deviceShape = named(
  'Device',
  object(
    {
      device_sn: int('Serial number of the device; unique for the user.'),
      platform: int('1 iOS, 2 Android, 3 Windows, 4 macOS, 5 Linux, 6 web.'),
      user_agent: text('What the device says it is.'),
      user_id: id('The user.'),
    },
    'A device of a user.',
  ),
);

export const xidShape = named(
  'Xid',
  object(
    { uid: id('A user or a group; 0 is the system.'), device_sn: int('The device; 0 is none.') },
    'A user, a device of one, or a group.',
  ),
);

export const signShape = object({ sign: text('Allows one more step, once.') });

export const idList = (about: string): Param<number[]> => list(id(), about);
