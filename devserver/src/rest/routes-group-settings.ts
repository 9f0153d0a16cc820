import { GroupNoticeType } from 'flooim/wire';
import type { Group, GroupSettings } from '../model/groups.ts';
import { DONE } from './answer.ts';
import { notifyGroup, notifyInfoChange } from './group-changes.ts';
import { mustBeAdmin, mustBeEditor, mustBeMember } from './guards.ts';
import { flag, int, text } from './params.ts';
import { POST, POST_PUT, route } from './route.ts';
import type { Call, Route } from './route.ts';
import { groupId } from './routes-group.ts';

const APPROVAL = { min: 0, max: 2 };
const MUTE_MODE = { min: 0, max: 2 };
const PUSH_MODE = { min: 0, max: 4 };
const PushMode = { ALL: 0, NONE: 1 } as const;

const INFO: readonly (keyof Group['info'])[] = ['name', 'description', 'avatar', 'ext'];

/** Last part of the path → field of the group's settings. */
const SWITCHES = {
  allow_member_invitation: 'member_invite',
  allow_member_modify: 'member_modify',
  enable_read_ack: 'read_ack',
  history_visible: 'history_visible',
  hide_member_info: 'hide_member_info',
} as const satisfies Record<string, keyof GroupSettings>;

/** The fields of a group's info, its switches, and the caller's own settings in it. */
export const groupSettingsRoutes: readonly Route[] = [
  ...INFO.map((field) =>
    route({
      methods: POST_PUT,
      path: `/group/info/${field}`,
      summary: `Changes the ${field} of a group.`,
      refuses: [20001, 20002, 20012],
      body: { ...groupId, value: text('The new text.') },
      handle(call, { group_id, value }) {
        const group = mustBeEditor(call, group_id);
        group.info[field] = value;
        notifyInfoChange(call, group, field, value);
        return DONE;
      },
    }),
  ),
  ...Object.entries(SWITCHES).map(([name, field]) =>
    route({
      methods: POST_PUT,
      path: `/group/settings/${name}`,
      summary: `Changes \`${field}\` of a group.`,
      refuses: [20001, 20002, 20012],
      body: { ...groupId, value: flag('On or off.') },
      handle(call, { group_id, value }) {
        const group = mustBeAdmin(call, group_id);
        group.settings[field] = value;
        notifyInfoChange(call, group, field, value);
        return DONE;
      },
    }),
  ),
  route({
    methods: POST_PUT,
    path: '/group/settings/require_admin_approval',
    summary: 'Changes who may join a group.',
    refuses: [20001, 20002, 20012],
    body: {
      ...groupId,
      apply_approval: int('Applications: 0 all are accepted, 1 an admin decides, 2 nobody may apply.', APPROVAL),
    },
    handle(call, { group_id, apply_approval }) {
      const group = mustBeAdmin(call, group_id);
      group.settings.apply_approval = apply_approval;
      notifyInfoChange(call, group, 'apply_approval', apply_approval);
      return DONE;
    },
  }),
  route({
    methods: POST_PUT,
    path: '/group/msg/mute_mode',
    summary: 'Mutes a group for the caller.',
    refuses: [20001, 20002],
    body: { ...groupId, msg_mute_mode: int('0 not muted, 1 no notification, 2 no messages.', MUTE_MODE) },
    handle(call, { group_id, msg_mute_mode: mode }) {
      const group = mustBeMember(call, group_id);
      group.members.get(call.user.id)!.msgMuteMode = mode;
      const type = mode === 0 ? GroupNoticeType.UNMUTED : GroupNoticeType.MUTED;
      notifyGroup(call, group, type, { content: String(mode), recipients: [call.user.id] });
      return DONE;
    },
  }),
  route({
    methods: POST_PUT,
    path: '/group/msg/push_mode',
    summary: 'Changes which messages of a group are pushed to the caller.',
    refuses: [20001, 20002],
    body: { ...groupId, msg_push_mode: int('0 all, 1 none, 2 admins and mentions, 3 admins, 4 mentions.', PUSH_MODE) },
    handle: (call, { group_id, msg_push_mode }) => setPushMode(call, group_id, msg_push_mode),
  }),
  route({
    methods: POST,
    path: '/group/msg/not_disturb',
    summary: 'Turns pushes of a group off or on for the caller: the older form of `/group/msg/push_mode`.',
    refuses: [20001, 20002],
    body: { ...groupId, value: flag('Whether nothing is pushed.') },
    handle: (call, { group_id, value }) => setPushMode(call, group_id, value ? PushMode.NONE : PushMode.ALL),
  }),
];

function setPushMode(call: Call, groupIdOfCall: number, mode: number): typeof DONE {
  const group = mustBeMember(call, groupIdOfCall);
  group.members.get(call.user.id)!.msgPushMode = mode;
  const content = JSON.stringify({ msg_push_mode: mode });
  notifyGroup(call, group, GroupNoticeType.MESSAGE_SETTING, { content, recipients: [call.user.id] });
  return DONE;
}
