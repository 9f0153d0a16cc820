import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { GroupNoticePayload, NoticeMeta } from '../model/notice.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { GroupNoticeType as G, RosterNoticeType as R } from '../wire/enums.ts';

const KEPT_NOTICES = 50;

/** Stores the notices that `getNoticeMessage` returns: leaving a group, refusals, and requests until the user answers them. */
export function keepGroupNotice(
  tx: StoreTransaction,
  meta: NoticeMeta<GroupNoticePayload>,
  self: Id,
  isOut: boolean,
): void {
  const { type, from, to } = meta.payload;
  if (from.uid !== self) keep(tx, meta, isOut || type === G.APPLYED || type === G.APPLY_DECLINED || type === G.INVITED);
  else if (type === G.APPLY_ACCEPTED || type === G.APPLY_DECLINED)
    keep(tx, meta, isOut, [G.APPLYED, G.APPLY_DECLINED], to[0]?.uid);
  else if (type === G.INVITE_ACCEPTED || type === G.INVITE_DECLINED)
    keep(tx, meta, type === G.INVITE_DECLINED, [G.INVITED, G.INVITE_DECLINED], self);
  else keep(tx, meta, isOut);
}

export function keepRosterNotice(tx: StoreTransaction, meta: NoticeMeta, self: Id): void {
  const { type, from, to } = meta.payload;
  const isOwn = from.uid === self;
  const settled = isOwn && (type === R.ACCEPTED || type === R.DECLINED) ? [R.DECLINED] : [];
  keep(tx, meta, type === R.DECLINED || (isOwn && type === R.REMOVED), settled, to[0]?.uid);
}

/** @param settled - types of earlier notices about `subject` that this one replaces */
function keep(
  tx: StoreTransaction,
  meta: NoticeMeta,
  isKept: boolean,
  settled: readonly number[] = [],
  subject?: Id,
): void {
  if (!isKept && settled.length === 0) return;
  const notices = tx.notices.filter(
    ({ ns, payload: { type, from, to, ...rest } }) =>
      ns !== meta.ns ||
      !settled.includes(type) ||
      groupOf(rest) !== groupOf(meta.payload) ||
      [from, ...to].every(({ uid }) => uid !== subject),
  );
  if (isKept) notices.push(meta);
  tx.putNotices(notices.sort((a, b) => compareIds(b.id, a.id)).slice(0, KEPT_NOTICES));
}

const groupOf = (payload: object): Id | undefined => (payload as Partial<GroupNoticePayload>).gid?.uid;
