import { expect, test } from 'vitest';
import type { Meta } from '../../../src/wire/index.ts';
import { GroupNoticeType as G, RosterNoticeType as R } from '../../../src/wire/index.ts';
import { GROUP, openTestStore, PEER, SELF } from './harness.ts';

const OTHER = '201';
const xid = (uid: string) => ({ uid, deviceSN: 0 });
const head = (id: number) => ({ id: String(id), from: xid('0'), to: xid(SELF), timestamp: '5' });
const group = (id: number, type: number, from: string, to: string[] = [], gid = GROUP): Meta => ({
  ...head(id),
  ns: 2,
  payload: { type, gid: xid(gid), from: xid(from), to: to.map(xid), content: 'why' },
});
const roster = (id: number, type: number, from: string, to: string): Meta => ({
  ...head(id),
  ns: 3,
  payload: { type, from: xid(from), to: [xid(to)], content: '' },
});

/** Which notices are kept of these, each a page of its own: ids, newest first. */
async function kept(...metas: Meta[]): Promise<string[]> {
  const { apply, reopen } = await openTestStore();
  for (const meta of metas) await apply([meta], { queue: '0' });
  return (await reopen()).store.reader.notices().map(({ id }) => id);
}

test('removals, requests and refusals are kept; other notices are not', async () => {
  const all = Object.values(G);
  const byPeer = await kept(...all.map((type) => group(100 + type, type, PEER, [SELF])));
  expect(byPeer.map((id) => Number(id) - 100)).toEqual([
    G.BLOCKED,
    G.KICKED,
    G.INVITED,
    G.APPLY_DECLINED,
    G.APPLYED,
    G.DESTROYED,
  ]);
  const own = await kept(...all.map((type) => group(100 + type, type, SELF, [PEER])));
  expect(own.map((id) => Number(id) - 100)).toEqual([G.INVITE_DECLINED, G.LEAVED, G.DESTROYED]);
  const friends = Object.values(R).flatMap((type) => [
    roster(100 + type, type, PEER, SELF),
    roster(200 + type, type, SELF, OTHER),
  ]);
  expect(await kept(...friends)).toEqual([204, 202, 104].map(String));
});

test('a request stays until the user answers it, on any device', async () => {
  const applied = [group(1, G.APPLYED, PEER), group(2, G.APPLYED, OTHER), group(3, G.APPLYED, PEER, [], '301')];
  expect(await kept(...applied, group(4, G.APPLY_ACCEPTED, OTHER, [PEER]))).toEqual(['3', '2', '1']);
  expect(await kept(...applied, group(4, G.APPLY_ACCEPTED, SELF, [PEER]))).toEqual(['3', '2']);
  expect(await kept(...applied, group(4, G.APPLY_DECLINED, SELF, [OTHER]))).toEqual(['3', '1']);
  const invited = [group(1, G.INVITED, PEER, [OTHER, SELF]), group(2, G.INVITED, PEER, [SELF], '301')];
  expect(await kept(...invited, group(3, G.INVITE_ACCEPTED, SELF, [PEER]))).toEqual(['2']);
  expect(await kept(...invited, group(3, G.INVITE_DECLINED, SELF, [PEER]))).toEqual(['3', '2']);
  const declined = [roster(1, R.DECLINED, SELF, PEER), roster(2, R.DECLINED, SELF, OTHER)];
  expect(await kept(...declined, roster(3, R.DECLINED, SELF, PEER))).toEqual(['3', '2']);
  expect(await kept(...declined, roster(3, R.ACCEPTED, SELF, PEER))).toEqual(['2']);
});

test('the newest 50 are kept whole, in whatever order they come', async () => {
  const many = Array.from({ length: 60 }, (_, i) => roster(i + 10, R.DECLINED, PEER, SELF));
  const ids = await kept(...many.reverse());
  expect([ids.length, ids[0], ids.at(-1)]).toEqual([50, '69', '20']);
  const { apply, reopen } = await openTestStore();
  await apply([group(1, G.INVITED, PEER, [SELF])], { queue: '0' });
  expect((await reopen()).store.reader.notices()).toEqual([group(1, G.INVITED, PEER, [SELF])]);
});
