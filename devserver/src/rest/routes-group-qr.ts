import { DONE } from './answer.ts';
import { admit } from './group-changes.ts';
import { mustBeAbleToJoin, mustBeAdmin, mustBeMember, mustFindGroup } from './guards.ts';
import { int, object, text } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, route } from './route.ts';
import type { Route } from './route.ts';
import { groupId } from './routes-group.ts';

const LIFETIME_MS = 7 * 24 * 3600 * 1000;

/** QR codes that add their reader to a group. */
export const groupQrRoutes: readonly Route[] = [
  route({
    methods: GET,
    path: '/app/qrcode/group_sign',
    summary: 'A QR code that takes its reader into a group.',
    answers: object({ qr_info: text('What the QR code holds.'), expired: int('When it expires, in ms since 1970.') }),
    refuses: [20001, 20002, 20012],
    query: groupId,
    handle(call, { group_id }) {
      const { app, user, now } = call;
      const group = mustBeMember(call, group_id);
      // A code is an invitation, so only users who may invite may show one.
      if (!group.settings.member_invite) mustBeAdmin(call, group_id);
      const { code, expiresAt } = app.groupCodes.issue({ groupId: group_id, issuerId: user.id }, LIFETIME_MS, now);
      return { data: { qr_info: code, expired: expiresAt } };
    },
  }),
  route({
    methods: GET,
    path: '/app/qrcode/group_invite',
    summary: 'Joins the group of a QR code.',
    refuses: [20001, 20010, 20016, 20017, 20018, 20024, 20025],
    query: { qr_info: text('The QR code.') },
    handle(call, { qr_info }) {
      const { app, user, now } = call;
      const code = app.groupCodes.find(qr_info);
      if (!code) throw new RestError(20024);
      if (code.expiresAt <= now) throw new RestError(20025);
      const group = mustFindGroup(app, code.value.groupId);
      mustBeAbleToJoin(app, group, user.id);
      admit(call, group, user.id, [code.value.issuerId]);
      return DONE;
    },
  }),
];
