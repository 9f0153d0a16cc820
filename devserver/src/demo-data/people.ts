import type { Face } from './pictures.ts';

/** A user of the demo data. */
export interface Person {
  readonly username: string;
  readonly nickname: string;
  readonly about: string;
  readonly face: Face | 'robot';
}

const SKIN = { light: '#f2c9ac', tan: '#e8b894', brown: '#c68642', dark: '#8d5524' } as const;
const HAIR = { black: '#1b1b1e', brown: '#6b3e26', red: '#b5532a', grey: '#9aa0a6', blond: '#d9b44a' } as const;

/** The first three have the same ids as in the data `demo`. */
export const PEOPLE: readonly Person[] = [
  {
    username: 'alice',
    nickname: 'Alice',
    about: 'Product design. 喜欢爬山。',
    face: { ground: '#ffb4a2', skin: SKIN.light, hair: HAIR.brown, cut: 'long' },
  },
  {
    username: 'bob',
    nickname: 'Bob',
    about: 'Backend, bicycles and bread.',
    face: { ground: '#a2d2ff', skin: SKIN.tan, hair: HAIR.black, cut: 'short', glasses: true },
  },
  {
    username: 'carol',
    nickname: 'Carol',
    about: 'I test what the others write.',
    face: { ground: '#cdb4db', skin: SKIN.brown, hair: HAIR.black, cut: 'bun' },
  },
  { username: 'assistant', nickname: 'Assistant 助手', about: 'A bot. Ask me anything. 有问必答。', face: 'robot' },
  {
    username: 'lilei',
    nickname: '李雷',
    about: '前端工程师',
    face: { ground: '#b7e4c7', skin: SKIN.light, hair: HAIR.black, cut: 'short' },
  },
  {
    username: 'hanmeimei',
    nickname: '韩梅梅',
    about: '周末在西湖边跑步',
    face: { ground: '#ffd6a5', skin: SKIN.light, hair: HAIR.black, cut: 'long', glasses: true },
  },
  {
    username: 'wangwei',
    nickname: '王伟',
    about: '运维，别半夜发版',
    face: { ground: '#caffbf', skin: SKIN.tan, hair: HAIR.grey, cut: 'short' },
  },
  {
    username: 'zhangmin',
    nickname: '张敏',
    about: '市场部',
    face: { ground: '#fdffb6', skin: SKIN.light, hair: HAIR.black, cut: 'bun' },
  },
  {
    username: 'dave',
    nickname: 'Dave',
    about: 'Fixes pipes, both kinds.',
    face: { ground: '#9bf6ff', skin: SKIN.light, hair: HAIR.red, cut: 'short' },
  },
  {
    username: 'emma',
    nickname: 'Emma',
    about: 'Photographer',
    face: { ground: '#ffc6ff', skin: SKIN.light, hair: HAIR.blond, cut: 'long' },
  },
  {
    username: 'mateo',
    nickname: 'Mateo',
    about: 'Data, mostly late ones.',
    face: { ground: '#f4acb7', skin: SKIN.tan, hair: HAIR.brown, cut: 'short', glasses: true },
  },
  {
    username: 'priya',
    nickname: 'Priya',
    about: 'Mobile. iOS and Android, equally unfair to both.',
    face: { ground: '#d8f3dc', skin: SKIN.brown, hair: HAIR.black, cut: 'long' },
  },
  {
    username: 'yuki',
    nickname: 'Yuki',
    about: 'Illustration',
    face: { ground: '#e0aaff', skin: SKIN.light, hair: HAIR.black, cut: 'bun', glasses: true },
  },
  {
    username: 'noah',
    nickname: 'Noah',
    about: 'Security. Locks his screen.',
    face: { ground: '#ced4da', skin: SKIN.dark, hair: HAIR.black, cut: 'none' },
  },
  {
    username: 'sofia',
    nickname: 'Sofia',
    about: 'People and snacks',
    face: { ground: '#ffe5d9', skin: SKIN.tan, hair: HAIR.red, cut: 'long' },
  },
  {
    username: 'grandpa',
    nickname: '爷爷',
    about: '今天天气不错',
    face: { ground: '#dad7cd', skin: SKIN.light, hair: HAIR.grey, cut: 'none', glasses: true },
  },
  {
    username: 'lucky_prize',
    nickname: '★ YOU WON ★',
    about: 'Click here!!!',
    face: { ground: '#ffd60a', skin: SKIN.light, hair: HAIR.blond, cut: 'short' },
  },
];

/** Who is a friend of whom, with the alias that the first has for the second. alice and carol are strangers, as in `demo`. */
export const FRIENDSHIPS: readonly (readonly [of: string, friend: string, alias?: string])[] = [
  ['alice', 'bob'],
  ['bob', 'carol'],
  ['alice', 'assistant'],
  ['bob', 'assistant'],
  ['carol', 'assistant'],
  ['alice', 'lilei', '老李'],
  ['alice', 'hanmeimei'],
  ['alice', 'emma'],
  ['alice', 'dave', 'Dave (plumber)'],
  ['alice', 'priya'],
  ['alice', 'grandpa', '爷爷 ❤️'],
  ['alice', 'mateo'],
  ['bob', 'mateo'],
  ['bob', 'wangwei', 'Wang (on call)'],
  ['bob', 'noah'],
  ['carol', 'priya'],
  ['carol', 'yuki'],
];

const SURNAMES = Array.from('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦');
const GIVEN_NAMES = ['子涵', '欣怡', '浩然', '梓萱', '宇轩', '诗涵', '明哲', '雨桐', '思远', '佳琪'];

/** People who are only in the big group. */
export const CROWD: readonly { readonly username: string; readonly nickname: string }[] = SURNAMES.flatMap(
  (surname, row) =>
    GIVEN_NAMES.map((given, column) => ({
      username: `resident_${row * GIVEN_NAMES.length + column + 1}`,
      nickname: surname + given,
    })),
);
