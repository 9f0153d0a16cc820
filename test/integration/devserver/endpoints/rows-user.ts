import { GET, POST_PUT } from './endpoint-table.ts';
import type { Endpoint, Values } from './endpoint-table.ts';

/** A change that only the user's own other devices hear of. */
function setting(
  path: string,
  params: Values,
  change: Values,
  { place = 'query', bad }: { place?: 'query' | 'body'; bad: Values },
): Endpoint {
  return {
    methods: POST_PUT,
    path,
    [place]: () => params,
    notices: { alice2: [`user INFO_UPDATED: ${JSON.stringify(change)}`] },
    refusals: [{ code: 10002, change: () => bad }],
  };
}

const yes = { value: true };
const noFlag = { value: 'perhaps' };

/** Own profile and settings. */
export const userRows: readonly Endpoint[] = [
  { methods: GET, path: '/user/profile', answer: (w) => ({ user_id: w.alice, username: 'alice' }) },
  {
    methods: POST_PUT,
    path: '/user/profile',
    body: () => ({ nick_name: 'Al', description: 'd', public_info: 'p', private_info: 'x' }),
    optional: ['nick_name', 'description', 'public_info', 'private_info'],
    notices: {
      alice2: ['user INFO_UPDATED: {"nick_name":"Al","description":"d","public_info":"p","private_info":"x"}'],
      bob: ['roster INFO_UPDATED alice→bob: {"nick_name":"Al","description":"d","public_info":"p"}'],
    },
  },
  {
    methods: POST_PUT,
    path: '/user/nickname',
    query: () => ({ nick_name: 'Al' }),
    notices: {
      alice2: ['user INFO_UPDATED: {"nick_name":"Al"}'],
      bob: ['roster INFO_UPDATED alice→bob: {"nick_name":"Al"}'],
    },
  },
  {
    methods: POST_PUT,
    path: '/user/avatar',
    body: () => ({ avatar: 'a.png' }),
    notices: {
      alice2: ['user INFO_UPDATED: {"avatar":"a.png"}'],
      bob: ['roster INFO_UPDATED alice→bob: {"avatar":"a.png"}'],
    },
  },
  {
    methods: POST_PUT,
    path: '/user/mobile',
    query: () => ({ mobile: '13812345678' }),
    notices: { alice2: ['user INFO_UPDATED: {"mobile":"13812345678"}'] },
    refusals: [
      { code: 10002, change: () => ({ mobile: '1' }) },
      { code: 11012, prepare: (w) => w.post('bob', '/user/mobile', {}, { mobile: '13812345678' }) },
    ],
  },
  {
    methods: GET,
    path: '/user/settings',
    answer: (w) => ({ user_id: w.alice, auth_mode: 0, group_confirm: false, no_push_start_hour: 0 }),
  },
  {
    methods: POST_PUT,
    path: '/user/settings',
    body: (w) => ({ user_id: w.alice, auth_mode: 2, auth_question: '?', auth_answer: '42', group_confirm: 1 }),
    optional: ['auth_mode', 'auth_question', 'auth_answer', 'group_confirm'],
    notices: {
      alice2: ['user INFO_UPDATED: {"auth_mode":2,"auth_question":"?","auth_answer":"42","group_confirm":true}'],
    },
    refusals: [
      { code: 10010, change: (w) => ({ user_id: w.bob }) },
      { code: 10002, change: () => ({ auth_mode: 4 }) },
    ],
  },
  setting('/user/authmode', { value: 3 }, { auth_mode: 3 }, { bad: { value: 4 } }),
  setting('/user/push', yes, { no_push: true }, { bad: noFlag }),
  setting('/user/push', yes, { no_push: true }, { place: 'body', bad: noFlag }),
  setting('/user/push/detail', yes, { no_push_detail: true }, { bad: noFlag }),
  setting(
    '/user/push/limit',
    { no_push_start_hour: 22, no_push_end_hour: 7 },
    { no_push_start_hour: 22, no_push_end_hour: 7 },
    { bad: { no_push_end_hour: 24 } },
  ),
  {
    methods: POST_PUT,
    path: '/user/push/nickname',
    query: () => ({ value: 'Al' }),
    notices: { alice2: ['user INFO_UPDATED: {"push_nick_name":"Al"}'] },
  },
  setting('/user/sounds', yes, { no_sounds: true }, { bad: noFlag }),
  setting('/user/vibratory', yes, { vibratory: true }, { bad: noFlag }),
];
