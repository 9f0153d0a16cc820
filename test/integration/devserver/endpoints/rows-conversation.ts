import { expect } from 'vitest';
import { GET, NO_USER, POST, POST_PUT } from './endpoint-table.ts';
import type { Endpoint, Refusal, Values } from './endpoint-table.ts';
import type { World } from './world.ts';

/** Bob writes twice to alice. */
async function write(w: World): Promise<void> {
  for (const content of ['one', 'two']) {
    const message = { targets: [w.alice], type: 1, content_type: 0, content, from_user_id: w.bob };
    await w.post('admin', '/message/send', message);
  }
}

const newest = (w: World): string => String(w.app.messages.newestId(w.app.historyView(w.alice, w.bob)));
const withBob = (w: World): Values => ({ conversation_id: w.bob });
const contents = async (w: World): Promise<unknown> => {
  const { data } = await w.get('alice', '/message/conversation', { opposite_id: w.bob, msg_id_start: 0, limit: 9 });
  return (data as { messages: { content: string }[] }).messages.map(({ content }) => content);
};
const unreadIs = (num: number) => async (w: World) =>
  expect((await w.get('alice', '/message/unread')).data).toEqual(
    num === 0 ? [] : [{ conversation_id: { uid: w.bob }, num }],
  );
const pinnedIs = (ids: (w: World) => number[]) => async (w: World) =>
  expect((await w.get('alice', '/user/conversation/pin_list')).data).toEqual({ conversation_ids: ids(w) });
const tagsAre = (tags: string[]) => async (w: World) =>
  expect((await w.get('alice', '/user/push/tag')).data).toEqual(tags);
const addTags = (w: World): unknown => w.post('alice', '/user/push/tag', { tags: ['a', 'b'] });

const nobody: Refusal = { code: 10000, change: () => ({ conversation_id: NO_USER }) };
const otherGroup: Refusal = { code: 20002, by: 'carol', change: (w) => ({ conversation_id: w.group }) };

/** Conversations without a socket, and what pushes find a user by. */
export const conversationRows: readonly Endpoint[] = [
  {
    methods: GET,
    path: '/message/conversation',
    prepare: write,
    query: (w) => ({ opposite_id: w.bob, msg_id_start: 0, limit: 1 }),
    answer: (w) => ({
      is_last: false,
      messages: [{ content: 'two', ctype: 'TEXT', status: 'UNREAD', from_xid: { uid: w.bob, device_sn: 0 } }],
    }),
    refusals: [
      { code: 10000, change: () => ({ opposite_id: NO_USER }) },
      { code: 20002, by: 'carol', change: (w) => ({ opposite_id: w.group }) },
      { code: 10002, change: () => ({ limit: 0 }) },
    ],
  },
  {
    methods: 'DELETE',
    path: '/message/conversation',
    prepare: write,
    query: withBob,
    refusals: [nobody, otherGroup],
    then: async (w) => expect(await contents(w)).toEqual([]),
  },
  {
    methods: GET,
    path: '/message/unread',
    prepare: write,
    answer: (w) => [{ conversation_id: { uid: w.bob }, num: 2 }],
  },
  {
    methods: POST_PUT,
    path: '/message/recall',
    by: 'bob',
    prepare: write,
    body: (w) => ({ conversation_id: w.alice, msg_id: newest(w) }),
    refusals: [
      { code: 10002, by: 'alice', change: withBob },
      { code: 10002, change: () => ({ msg_id: '12' }) },
    ],
    then: async (w) => expect(await contents(w)).toEqual(['one']),
  },
  {
    methods: GET,
    path: '/message/ack',
    prepare: write,
    query: (w) => ({ ...withBob(w), msg_id: newest(w), device_sn: 1 }),
    optional: ['msg_id', 'device_sn'],
    refusals: [{ code: 10002, change: () => ({ msg_id: 'x' }) }],
    then: unreadIs(1),
  },
  { methods: GET, path: '/message/ack', prepare: write, query: withBob, then: unreadIs(0) },
  {
    methods: POST_PUT,
    path: '/user/conversation/pin',
    prepare: (w) => w.post('alice', '/user/conversation/pin', withBob(w)),
    body: (w) => ({ conversation_id: w.group }),
    then: pinnedIs((w) => [w.bob, w.group]),
  },
  {
    methods: POST_PUT,
    path: '/user/conversation/unpin',
    prepare: (w) => w.post('alice', '/user/conversation/pin', withBob(w)),
    body: withBob,
    then: pinnedIs(() => []),
  },
  { methods: GET, path: '/user/conversation/pin_list', answer: () => ({ conversation_ids: [] }) },
  {
    methods: POST,
    path: '/user/push/alias',
    body: () => ({ alias: 'al', push_token: 't' }),
    optional: ['push_token'],
    then: (w) => expect(w.app.users.get(w.alice)?.push).toEqual({ alias: 'al', tags: [] }),
  },
  {
    methods: POST,
    path: '/user/push/badge',
    body: () => ({ badge: 3 }),
    refusals: [{ code: 10002, change: () => ({ badge: -1 }) }],
    then: (w) => expect(w.app.users.get(w.alice)?.push).toEqual({ badge: 3, tags: [] }),
  },
  { methods: GET, path: '/user/push/tag', prepare: addTags, answer: () => ['a', 'b'] },
  {
    methods: POST,
    path: '/user/push/tag',
    prepare: addTags,
    body: () => ({ tags: ['b', 'c'] }),
    then: tagsAre(['a', 'b', 'c']),
  },
  {
    methods: 'DELETE',
    path: '/user/push/tag',
    prepare: addTags,
    body: () => ({ tags: ['a', 'x'] }),
    then: tagsAre(['b']),
  },
  { methods: 'DELETE', path: '/user/push/tag/all', prepare: addTags, then: tagsAre([]) },
];
