import { requestStatus } from './answer-shapes.ts';
import { flag, id, int, named, object, optional, text } from './params.ts';

/** Groups in answers, as they are documented. */

const joinRequest = {
  group_id: id('The group.'),
  reason: text('What the sender wrote.'),
  status: requestStatus,
  expired_time: int('When it expires, in ms since 1970.'),
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
