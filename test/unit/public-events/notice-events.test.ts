import { describe, expect, test } from 'vitest';
import type { Account } from '../../../src/account/account.ts';
import type { GroupNoticePayload, NoticeMeta, NoticePayload, Xid } from '../../../src/model/notice.ts';
import type { Stale } from '../../../src/public-events/details.ts';
import { emitGroupNotice, emitRosterNotice } from '../../../src/public-events/notice-events.ts';
import { GroupNoticeType as G, RosterNoticeType as R } from '../../../src/wire/index.ts';
import { fake } from '../../support/fakes.ts';
import { emittedBy } from './recorded-events.ts';
import type { Emitted } from './recorded-events.ts';

const SELF = '100';
const PEER = '200';
const THIRD = '201';
const GROUP = '301';

const xid = (uid: string): Xid => ({ uid, deviceSN: 0 });
const notice = <P>(payload: P): NoticeMeta<P> => ({
  id: '9007199254741005',
  from: xid(PEER),
  to: xid(SELF),
  timestamp: '1700000000000',
  ns: 2,
  payload,
});
const payload = (type: number, from: string, to: readonly string[], content = ''): NoticePayload => ({
  type,
  from: xid(from),
  to: to.map(xid),
  content,
});

/** Event names in order, with their payloads; `(meta)` is the notice itself. */
const names = (emitted: readonly Emitted[], meta: unknown): string[] =>
  emitted.map(([event, payload]) => {
    if (payload === meta) return `${event}(meta)`;
    return `${event}(${payload === undefined ? '' : JSON.stringify(payload)})`;
  });

/** The events of a notice and its other effects: `members +…`/`members -…`, `stale`. */
function all(emit: (account: Pick<Account, 'uid' | 'members'>, stale: Stale) => string[]): string[] {
  const stale: Stale = { users: [], groups: [], members: new Map() };
  const left: string[] = [];
  const members = fake<Account['members']>({
    remove: (group: string, ids: readonly string[]) => left.push(`members -${ids.join()} of ${group}`) > 0,
  });
  const emitted = emit({ uid: SELF, members }, stale);
  const came = [...stale.members].filter(([, ids]) => ids.size > 0);
  const rest = [
    ...[...stale.users, ...stale.groups].map((id) => `stale ${id}`),
    ...came.map(([group, ids]) => `members +${[...ids].join()} of ${group}`),
    ...left,
  ];
  return emitted.length + rest.length > 0 ? [...emitted, ...rest] : ['nothing'];
}

function group(type: number, from: string, to: readonly string[] = [], content = ''): string[] {
  const meta: NoticeMeta<GroupNoticePayload> = notice({ ...payload(type, from, to, content), gid: xid(GROUP) });
  return all((account, stale) =>
    names(
      emittedBy((emitter) => emitGroupNotice(emitter, meta, account, stale)),
      meta,
    ),
  );
}

function roster(type: number, from: string, to: readonly string[] = [], content = ''): string[] {
  const meta = notice(payload(type, from, to, content));
  return all((account, stale) =>
    names(
      emittedBy((emitter) => emitRosterNotice(emitter, meta, account, stale)),
      meta,
    ),
  );
}

const LIST = 'onGroupListUpdate()';
const MEMBERS = 'onGroupMemberChanged(301)';

/** Every type, as the deployed SDK emits it. What notices change in the lists is in test/unit/sync/notices.test.ts. */
describe('a group notice', () => {
  test.each<[keyof typeof G, string, string[], string[]]>([
    ['PRESENCE', PEER, [], ['onGroupPresence(meta)']],
    ['ABSENCE', PEER, [], ['onGroupAbsence(meta)']],
    ['CREATED', SELF, [], ['onGroupListUpdate(meta)', 'onGroupCreated(meta)']],
    ['DESTROYED', PEER, [], [LIST, 'onGroupDestoryed(meta)']],
    ['JOINED', SELF, [PEER], [LIST, 'onGroupJoined(meta)']],
    ['JOINED', PEER, [SELF], [MEMBERS, 'onGroupJoined(meta)', 'members +200 of 301']],
    ['LEAVED', SELF, [], [LIST, 'onGroupLeaved(meta)']],
    ['LEAVED', PEER, [], [MEMBERS, 'onGroupLeaved(meta)', 'members -200 of 301']],
    ['APPLYED', PEER, [], ['onGroupApplyed(meta)']],
    ['APPLY_ACCEPTED', SELF, [PEER], [MEMBERS, 'onGroupApplyAccepted(meta)', 'members +200 of 301']],
    ['APPLY_ACCEPTED', PEER, [SELF], [LIST, 'onGroupApplyAccepted(meta)']],
    ['APPLY_DECLINED', PEER, [SELF], ['onGroupApplyDeclined(meta)']],
    ['INVITED', PEER, [SELF], ['onGroupNotice(meta)', 'onGroupInvited(meta)']],
    ['INVITE_ACCEPTED', SELF, [PEER], [LIST, 'onGroupInvitedAccepted(meta)']],
    ['INVITE_ACCEPTED', PEER, [SELF], [MEMBERS, 'onGroupInvitedAccepted(meta)', 'members +200 of 301']],
    ['INVITE_DECLINED', PEER, [SELF], ['onGroupInvitedDeclined(meta)']],
    ['KICKED', PEER, [THIRD, SELF], [LIST, 'onGroupKicked(meta)']],
    ['KICKED', SELF, [PEER, THIRD], [MEMBERS, 'onGroupKicked(meta)', 'members -200,201 of 301']],
    ['BLOCKED', PEER, [SELF], [LIST, 'onGroupBlocked(meta)']],
    ['BLOCKED', PEER, [THIRD], [MEMBERS, 'onGroupBlocked(meta)', 'members -201 of 301']],
    ['UNBLOCKED', PEER, [THIRD], ['onGroupUnblocked(meta)']],
    ['OWNER_ASSIGNED', PEER, [SELF], ['onGroupOwnerAssigned(meta)', 'stale 301']],
    ['ADMIN_GRANTED', PEER, [SELF], ['onGroupAdminGranted(meta)']],
    ['ADMIN_REVOKED', PEER, [SELF], ['onGroupAdminRevoked(meta)']],
    ['MUTED', SELF, [], ['onGroupMuted(meta)', 'stale 301']],
    ['UNMUTED', SELF, [], ['onGroupUnmuted(meta)', 'stale 301']],
    ['BANNED', PEER, [SELF, THIRD], ['onGroupBaned({"groupId":301,"toUids":[100,201],"content":""})']],
    ['UNBANNED', PEER, [SELF], ['onGroupUnbaned({"groupId":301,"toUids":[100]})']],
    ['ANNOUNCEMENT_UPDATED', PEER, [], ['onGroupAnnouncementUpdated(meta)', 'stale 301']],
    ['MESSAGE_SETTING', SELF, [], ['onGroupMessageSetting(meta)', 'stale 301']],
    ['FILE_UPLOADED', PEER, [], ['onGroupFileUploaded(meta)']],
    ['FILE_DELETED', PEER, [], ['onGroupFileDeleted(meta)']],
    ['FILE_UPDATED', PEER, [], ['onGroupFileUpdated(meta)']],
    ['UNKNOWN', PEER, [], ['nothing']],
  ])('%s from %s to %j', (type, from, to, expected) => {
    expect(group(G[type], from, to)).toEqual(expected);
  });

  const INFO = 'onGroupInfoUpdated(meta)';
  test.each<[string, string[]]>([
    ['{"property":"name","name":"New"}', [LIST, INFO]],
    ['{"property":"name","name":"New","group_id":999}', [LIST, INFO]],
    ['{"property":"display_name","display_name":"Card"}', [MEMBERS, INFO, 'members +200 of 301']],
    [
      '{"property":"ban_expire_time","ban_expire_time":-1}',
      [LIST, 'onGroupBaned({"groupId":301,"toUids":[],"all":true,"content":-1})', INFO],
    ],
    [
      '{"property":"ban_expire_time","ban_expire_time":0}',
      [LIST, 'onGroupUnbaned({"groupId":301,"toUids":[],"all":true})', INFO],
    ],
    ['no json', [LIST, INFO]],
    ['', [LIST, INFO]],
  ])('INFO_UPDATED %s', (content, expected) => {
    expect(group(G.INFO_UPDATED, PEER, [], content)).toEqual(expected);
  });

  test('INFO_UPDATED of our own card by another device is a change of members, and not a removal', () => {
    expect(group(G.INFO_UPDATED, SELF, [], '{"property":"display_name","display_name":"x"}')).toEqual([
      MEMBERS,
      INFO,
      'members +100 of 301',
    ]);
  });

  test('BANNED holds its duration', () => {
    expect(group(G.BANNED, PEER, [SELF], '10')).toEqual([
      'onGroupBaned({"groupId":301,"toUids":[100],"content":"10"})',
    ]);
  });

  test('of a newer server emits nothing', () => {
    expect([29, 99, -1].map((type) => group(type, PEER))).toEqual([['nothing'], ['nothing'], ['nothing']]);
  });
});

describe('a roster notice', () => {
  const FRIENDS = 'onRosterListUpdate()';
  test.each<[keyof typeof R, string, string[], string[]]>([
    ['ADDED', PEER, [SELF], ['onRosterListUpdate(meta)', 'onRosterAdded(meta)']],
    ['ADDED', PEER, [SELF, THIRD], ['nothing']],
    ['ADDED', SELF, [PEER], ['nothing']],
    ['REMOVED', SELF, [PEER], [FRIENDS, 'onRosterRemoved(meta)']],
    ['REMOVED', PEER, [SELF], ['nothing']],
    ['ACCEPTED', PEER, [SELF], [FRIENDS, 'onRosterAccepted(meta)']],
    ['ACCEPTED', SELF, [PEER], [FRIENDS, 'onRosterAccepted(meta)']],
    ['DECLINED', PEER, [SELF], ['onRosterDeclined(meta)']],
    ['BLOCKED', SELF, [PEER], ['onRosterNotice(meta)', 'onRosterBlocked(meta)', 'stale 200']],
    ['UNBLOCKED', SELF, [PEER], ['onRosterNotice(meta)', 'onRosterUnblocked(meta)', 'stale 200']],
    ['APPLIED', PEER, [SELF], ['onRosterApplied(meta)']],
    ['UNKNOWN', PEER, [SELF], ['nothing']],
  ])('%s from %s to %j', (type, from, to, expected) => {
    expect(roster(R[type], from, to)).toEqual(expected);
  });

  const UPDATE = ['onRosterInfoUpdate([200])', FRIENDS];
  test('INFO_UPDATED of a friend, or of our notes on one on another device', () => {
    for (const [from, to] of [
      [PEER, SELF],
      [SELF, PEER],
    ] as const)
      expect(roster(R.INFO_UPDATED, from, [to], '{"nick_name":"n","user_id":7}')).toEqual(UPDATE);
  });

  test('MUTED and UNMUTED change the details of the friend', () => {
    expect(roster(R.MUTED, SELF, [PEER])).toEqual([...UPDATE, 'onRosterMuted(meta)']);
    expect(roster(R.UNMUTED, SELF, [PEER])).toEqual([...UPDATE, 'onRosterUnmuted(meta)']);
  });

  test('of a newer server emits nothing', () => {
    expect(roster(11, PEER, [SELF])).toEqual(['nothing']);
  });
});
