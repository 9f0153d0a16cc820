import { DONE } from './answer.ts';
import { admit } from './group-changes.ts';
import { mustBeAbleToJoin, mustBeAdmin, mustBeMember, mustFindGroup } from './guards.ts';
import { int, object, text } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, POST, route } from './route.ts';
import type { Call, Route } from './route.ts';
import { groupId } from './routes-group.ts';

const LIFETIME_MS = 7 * 24 * 3600 * 1000;

const JOIN_REFUSALS = [20001, 20010, 20016, 20017, 20018, 20024, 20025] as const;
const signed = { qr_info: text('What the QR code holds.') };
const expires = int('When it expires, in ms since 1970.');

/** QR codes that add their reader to a group: the endpoints that apps call, and those of the server API. */
export const groupQrRoutes: readonly Route[] = [
  route({
    methods: GET,
    path: '/app/qrcode/group_sign',
    summary: 'A QR code that takes its reader into a group.',
    answers: object({ ...signed, expired: expires }),
    refuses: [20001, 20002, 20012],
    query: groupId,
    handle(call, { group_id }) {
      const { code, expiresAt } = sign(call, group_id);
      return { data: { qr_info: code, expired: expiresAt } };
    },
  }),
  route({
    methods: GET,
    path: '/app/qrcode/group_invite',
    summary: 'Joins the group of a QR code.',
    refuses: JOIN_REFUSALS,
    query: { qr_info: text('The QR code.') },
    handle: (call, { qr_info }) => joinBy(call, qr_info),
  }),
  route({
    methods: GET,
    path: '/group/qrcode/sign',
    summary: 'A QR code that takes its reader into a group.',
    answers: object({ ...signed, create_at: int('When it was made, in ms since 1970.'), expire_at: expires }),
    refuses: [20001, 20002, 20012],
    query: groupId,
    handle(call, { group_id }) {
      const { code, expiresAt } = sign(call, group_id);
      return { data: { qr_info: code, create_at: call.now, expire_at: expiresAt } };
    },
  }),
  route({
    methods: POST,
    path: '/group/qrcode/invite',
    summary: 'Joins the group of a QR code.',
    refuses: JOIN_REFUSALS,
    body: { qr_info: text('The QR code.') },
    handle: (call, { qr_info }) => joinBy(call, qr_info),
  }),
];

/** A code is an invitation, so only users who may invite may show one. */
function sign(call: Call, id: number): { code: string; expiresAt: number } {
  const { app, user, now } = call;
  const group = mustBeMember(call, id);
  if (!group.settings.member_invite) mustBeAdmin(call, id);
  return app.groupCodes.issue({ groupId: id, issuerId: user.id }, LIFETIME_MS, now);
}

function joinBy(call: Call, qrInfo: string): typeof DONE {
  const { app, user, now } = call;
  const code = app.groupCodes.find(qrInfo);
  if (!code) throw new RestError(20024);
  if (code.expiresAt <= now) throw new RestError(20025);
  const group = mustFindGroup(app, code.value.groupId);
  mustBeAbleToJoin(app, group, user.id);
  admit(call, group, user.id, [code.value.issuerId]);
  return DONE;
}
