import { requestStatus } from './answer-shapes.ts';
import { flag, id, int, named, object, optional, text } from './params.ts';

/** Users and logins in answers, as they are documented. */

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
