import type { Colour } from './canvas.ts';
import { CROWD } from './people.ts';

/** A group of the demo data. */
export interface DemoGroup {
  /** What the conversations call it. */
  readonly key: string;
  readonly name: string;
  readonly about: string;
  readonly colours: readonly [ground: Colour, people: Colour];
  /** 1: a public one. */
  readonly type: 0 | 1;
  readonly owner: string;
  readonly admins: readonly string[];
  readonly members: readonly string[];
  /** Member → name in the group. */
  readonly displayNames?: Readonly<Record<string, string>>;
  /** Who has muted it. */
  readonly mutedBy?: readonly string[];
}

export const GROUPS: readonly DemoGroup[] = [
  {
    key: 'demo',
    name: 'Demo group',
    about: 'alice, bob and carol',
    colours: ['#264653', '#e9c46a'],
    type: 0,
    owner: 'alice',
    admins: [],
    members: ['bob', 'carol'],
  },
  {
    key: 'release',
    name: 'Release 2.0 🚀',
    about: 'What is missing, and who does it.',
    colours: ['#1d3557', '#a8dadc'],
    type: 0,
    owner: 'bob',
    admins: ['alice', 'wangwei'],
    members: ['alice', 'carol', 'lilei', 'wangwei', 'priya', 'noah', 'mateo', 'assistant'],
    displayNames: { wangwei: '王伟（值班）', carol: 'Carol (QA)' },
  },
  {
    key: 'hiking',
    name: '周末爬山群',
    about: '每周六早上八点，带够水',
    colours: ['#386641', '#f2e8cf'],
    type: 1,
    owner: 'hanmeimei',
    admins: ['alice'],
    members: ['alice', 'lilei', 'zhangmin', 'emma', 'sofia'],
  },
  {
    key: 'family',
    name: '一家人',
    about: '',
    colours: ['#9d0208', '#ffba08'],
    type: 0,
    owner: 'alice',
    admins: [],
    members: ['grandpa', 'hanmeimei'],
    displayNames: { grandpa: '爷爷' },
  },
  {
    key: 'photos',
    name: 'Photo club',
    about: 'One picture a day.',
    colours: ['#3c096c', '#e0aaff'],
    type: 1,
    owner: 'emma',
    admins: ['yuki'],
    members: ['alice', 'yuki', 'carol', 'sofia', 'dave'],
    mutedBy: ['alice'],
  },
  {
    key: 'residents',
    name: '阳光花园业主群',
    about: '文明交流，禁止广告',
    colours: ['#005f73', '#94d2bd'],
    type: 0,
    owner: 'zhangmin',
    admins: ['wangwei'],
    members: ['alice', 'bob', 'wangwei', 'dave', 'sofia', 'grandpa', ...CROWD.map(({ username }) => username)],
    mutedBy: ['bob'],
  },
];
