import { RosterNoticeType } from 'flooim/wire';
import { RequestStatus } from '../model/roster.ts';
import { DONE, page } from './answer.ts';
import { mustFindUser } from './guards.ts';
import { flag, id, ids, int, optional, text } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, POST, POST_DELETE, POST_PUT, route } from './route.ts';
import type { Call, Route } from './route.ts';
import { rosterItem } from './shapes.ts';

const AuthMode = { ANYONE: 0, CONSENT: 1, QUESTION: 2, NOBODY: 3 } as const;
const target = { user_id: id() };
const paging = { cursor: optional(text()), limit: optional(int({ min: 1 })) };

/** Friends, friend applications and the blacklist. */
export const rosterRoutes: readonly Route[] = [
  route({
    methods: GET,
    path: '/roster/list',
    query: paging,
    handle({ app, user }, wanted) {
      const { total: _total, ...answer } = page(app.roster.friendsOf(user.id), wanted, { defaultLimit: 1000 });
      return answer;
    },
  }),
  route({
    methods: POST,
    path: '/roster/list',
    body: { list: ids() },
    handle({ app, user }, { list }) {
      const known = list.map((userId) => app.users.get(userId)).filter((found) => found !== undefined);
      return { data: known.map((found) => rosterItem(app, user.id, found)) };
    },
  }),
  route({
    methods: GET,
    path: '/roster/id',
    query: target,
    handle({ app, user }, { user_id }) {
      if (app.users.wasRemoved(user_id)) throw new RestError(10021);
      return { data: rosterItem(app, user.id, mustFindUser(app, user_id)) };
    },
  }),
  route({
    methods: GET,
    path: '/roster/name',
    query: { username: text() },
    handle({ app, user }, { username }) {
      const found = app.users.byName(username);
      if (!found) throw new RestError(10000);
      return { data: rosterItem(app, user.id, found) };
    },
  }),
  route({
    methods: POST,
    path: '/roster/apply',
    body: { ...target, alias: optional(text()), reason: optional(text()), auth_answer: optional(text()) },
    handle(call, { user_id, alias = '', reason = '', auth_answer }) {
      const { app, user, notices, now } = call;
      const { settings } = mustFindUser(app, user_id);
      if (user_id === user.id) throw new RestError(10002, 'user_id is oneself');
      if (app.roster.areFriends(user.id, user_id)) throw new RestError(10005);
      if (app.roster.hasBlocked(user_id, user.id) || app.roster.hasBlocked(user.id, user_id))
        throw new RestError(10006);
      if (settings.auth_mode === AuthMode.NOBODY) throw new RestError(10012);
      if (settings.auth_mode === AuthMode.QUESTION && settings.auth_answer !== auth_answer)
        throw new RestError(10007, 'wrong answer');
      if (settings.auth_mode === AuthMode.CONSENT) {
        app.roster.apply(user.id, user_id, { alias, reason }, now);
        notices.roster(app, {
          type: RosterNoticeType.APPLIED,
          from: user.id,
          to: [user_id],
          content: reason,
          recipients: [user_id],
        });
      } else {
        addFriend(call, user_id, alias);
      }
      return DONE;
    },
  }),
  route({
    methods: GET,
    path: '/roster/apply/list',
    query: paging,
    handle({ app, user }, wanted) {
      const rows = app.roster.applicationsTo(user.id).map(({ applicantId, reason, status, expiresAt }) => ({
        user_id: applicantId,
        reason,
        status,
        expired_time: expiresAt,
      }));
      const { total: _total, ...answer } = page(rows, wanted);
      return answer;
    },
  }),
  route({
    methods: POST,
    path: '/roster/accept',
    query: target,
    handle(call, { user_id }) {
      const { app, user, notices } = call;
      const application = mustBePending(call, user_id);
      application.status = RequestStatus.ACCEPTED;
      app.roster.befriend(user_id, user.id, application.alias);
      notices.roster(app, {
        type: RosterNoticeType.ACCEPTED,
        from: user.id,
        to: [user_id],
        recipients: [user.id, user_id],
      });
      return DONE;
    },
  }),
  route({
    methods: POST,
    path: '/roster/decline',
    body: { ...target, reason: optional(text()) },
    handle(call, { user_id, reason = '' }) {
      const { app, user, notices } = call;
      mustBePending(call, user_id).status = RequestStatus.DECLINED;
      notices.roster(app, {
        type: RosterNoticeType.DECLINED,
        from: user.id,
        to: [user_id],
        content: reason,
        recipients: [user.id, user_id],
      });
      return DONE;
    },
  }),
  route({
    methods: POST_DELETE,
    path: '/roster/delete',
    query: target,
    handle(call, { user_id }) {
      mustFindUser(call.app, user_id);
      if (call.app.roster.areFriends(call.user.id, user_id)) unfriend(call, user_id);
      return DONE;
    },
  }),
  route({
    methods: POST_PUT,
    path: '/roster/ext',
    body: { ...target, ext: optional(text()), alias: optional(text()), mute_notification: optional(flag()) },
    handle({ app, user, notices }, { user_id, ...changes }) {
      const entry = app.roster.entry(user.id, user_id);
      if (!entry) throw new RestError(10000, 'not a friend');
      Object.assign(entry, changes);
      const { mute_notification: mute, ...noted } = changes;
      const head = { from: user.id, to: [user_id], recipients: [user.id] };
      const content = JSON.stringify(noted);
      if (content !== '{}') notices.roster(app, { ...head, type: RosterNoticeType.INFO_UPDATED, content });
      if (mute !== undefined)
        notices.roster(app, { ...head, type: mute ? RosterNoticeType.MUTED : RosterNoticeType.UNMUTED });
      return DONE;
    },
  }),
  route({
    methods: GET,
    path: '/roster/blocked_list',
    handle: ({ app, user }) => ({ data: app.roster.blockedBy(user.id) }),
  }),
  route({
    methods: POST,
    path: '/roster/block',
    query: target,
    handle({ app, user, notices }, { user_id }) {
      mustFindUser(app, user_id);
      if (app.roster.hasBlocked(user.id, user_id)) throw new RestError(10006);
      app.roster.block(user.id, user_id);
      notices.roster(app, { type: RosterNoticeType.BLOCKED, from: user.id, to: [user_id], recipients: [user.id] });
      return DONE;
    },
  }),
  route({
    methods: POST_DELETE,
    path: '/roster/unblock',
    query: target,
    handle({ app, user, notices }, { user_id }) {
      mustFindUser(app, user_id);
      if (!app.roster.hasBlocked(user.id, user_id)) return DONE;
      app.roster.unblock(user.id, user_id);
      notices.roster(app, { type: RosterNoticeType.UNBLOCKED, from: user.id, to: [user_id], recipients: [user.id] });
      return DONE;
    },
  }),
];

/** Makes two users friends without an application and notifies both. */
export function addFriend({ app, user, notices }: Call, friendId: number, alias = ''): void {
  app.roster.befriend(user.id, friendId, alias);
  notices.roster(app, { type: RosterNoticeType.ADDED, from: user.id, to: [friendId], recipients: [friendId] });
  notices.roster(app, { type: RosterNoticeType.ADDED, from: friendId, to: [user.id], recipients: [user.id] });
}

/** Ends a friendship and notifies both users. */
export function unfriend({ app, user, notices }: Call, friendId: number): void {
  app.roster.unfriend(user.id, friendId);
  notices.roster(app, {
    type: RosterNoticeType.REMOVED,
    from: user.id,
    to: [friendId],
    recipients: [user.id, friendId],
  });
}

function mustBePending({ app, user, now }: Call, applicantId: number): { status: number; alias: string } {
  if (app.roster.areFriends(user.id, applicantId)) throw new RestError(10005);
  const application = app.roster.pending(applicantId, user.id, now);
  if (!application) throw new RestError(10007);
  return application;
}
