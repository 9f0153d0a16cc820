import { PAGED, idList, paging } from './answer-shapes.ts';
import { friendApplicationShape, rosterItemShape } from './user-answer-shapes.ts';
import { RosterNoticeType } from 'flooim/wire';
import { RequestStatus } from '../model/roster.ts';
import { DONE, page } from './answer.ts';
import { mustFindUser } from './guards.ts';
import { flag, id, ids, list, optional, text } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, POST, POST_DELETE, POST_PUT, route } from './route.ts';
import type { Call, Route } from './route.ts';
import { rosterItem } from './shapes.ts';

const AuthMode = { ANYONE: 0, CONSENT: 1, QUESTION: 2, NOBODY: 3 } as const;
const target = { user_id: id('The user.') };

/** Friends, friend applications and the blacklist. */
export const rosterRoutes: readonly Route[] = [
  route({
    methods: GET,
    path: '/roster/list',
    summary: 'The friends of the caller.',
    answers: idList('The friends.'),
    beside: PAGED,
    query: paging,
    handle({ app, user }, wanted) {
      const { total: _total, ...answer } = page(app.roster.friendsOf(user.id), wanted, { defaultLimit: 1000 });
      return answer;
    },
  }),
  route({
    methods: POST,
    path: '/roster/list',
    summary: 'Some users; unknown ones are left out.',
    answers: list(rosterItemShape),
    body: { list: ids('The users.') },
    handle({ app, user }, { list: wanted }) {
      const known = wanted.map((userId) => app.users.get(userId)).filter((found) => found !== undefined);
      return { data: known.map((found) => rosterItem(app, user.id, found)) };
    },
  }),
  route({
    methods: GET,
    path: '/roster/id',
    summary: 'A user by its id.',
    answers: rosterItemShape,
    refuses: [10000, 10021],
    query: target,
    handle({ app, user }, { user_id }) {
      if (app.users.wasRemoved(user_id)) throw new RestError(10021);
      return { data: rosterItem(app, user.id, mustFindUser(app, user_id)) };
    },
  }),
  route({
    methods: GET,
    path: '/roster/name',
    summary: 'A user by its name.',
    answers: rosterItemShape,
    refuses: [10000],
    query: { username: text('Name of the account.') },
    handle({ app, user }, { username }) {
      const found = app.users.byName(username);
      if (!found) throw new RestError(10000);
      return { data: rosterItem(app, user.id, found) };
    },
  }),
  route({
    methods: POST,
    path: '/roster/apply',
    summary: 'Applies for friendship, or adds a friend who needs no application.',
    refuses: [10000, 10005, 10006, 10007, 10012],
    body: {
      ...target,
      alias: optional(text("The caller's own name for the user.")),
      reason: optional(text('What the user reads.')),
      auth_answer: optional(text('The answer, if the user asks a question.')),
    },
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
    summary: 'Applications to the caller.',
    answers: list(friendApplicationShape),
    beside: PAGED,
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
    summary: 'Accepts an application.',
    refuses: [10005, 10007],
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
    summary: 'Declines an application.',
    refuses: [10005, 10007],
    body: { ...target, reason: optional(text('Why; the applicant reads it.')) },
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
    summary: 'Ends a friendship.',
    refuses: [10000],
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
    summary: "Changes the caller's notes about a friend.",
    refuses: [10000],
    body: {
      ...target,
      ext: optional(text('Any text.')),
      alias: optional(text("The caller's own name for the friend.")),
      mute_notification: optional(flag('Whether to mute the friend.')),
    },
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
    summary: 'The users that the caller blocked.',
    answers: idList('The users.'),
    handle: ({ app, user }) => ({ data: app.roster.blockedBy(user.id) }),
  }),
  route({
    methods: POST,
    path: '/roster/block',
    summary: 'Blocks a user.',
    refuses: [10000, 10006],
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
    summary: 'Ends the block of a user.',
    refuses: [10000],
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
