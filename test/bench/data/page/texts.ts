// Texts as people write them: common words often, rare words seldom, every fifth message in Chinese.

const COMMON = (
  'the be to of and a in that have it for not on with he as you do at this but his by from they we say her she or an ' +
  'will my one all would there their what so up out if about who get which go me when make can like time no just him ' +
  'know take people into year your good some could them see other than then now look only come its over think also ' +
  'back after use two how our work first well way even new want because any these give day most us'
).split(' ');

const USUAL = (
  'meeting report invoice customer station platform ticket dinner lunch breakfast coffee weather rain tomorrow yesterday ' +
  'morning evening weekend holiday office project deadline server release version test build branch review question ' +
  'answer phone number address street hotel airport flight train taxi traffic parents children school teacher doctor ' +
  'hospital medicine price discount order delivery parcel warehouse contract signature picture video music concert film ' +
  'garden kitchen window door keys wallet charger battery password account payment transfer bank salary tax insurance ' +
  'birthday present party guests football match score team player coach ticket queue market vegetables fruit bread rice'
).split(' ');

const SYLLABLES = 'ba ko mi ren tal vor sun del qua pis lor hen fi zum gra nel ost wik jar che'.split(' ');

const CHINESE_START = [
  '明天下午三点',
  '今天晚上',
  '下个星期一',
  '刚才',
  '会议结束以后',
  '周末有空的话',
  '等你到了车站',
  '中午吃饭的时候',
];
const CHINESE_MIDDLE = [
  '我们在公司楼下见面',
  '请把合同发给客户',
  '孩子们要去学校排练',
  '快递应该送到仓库了',
  '经理想看一下测试报告',
  '大家一起去看电影吧',
  '服务器需要重新启动',
  '记得给医生打个电话',
];
const CHINESE_END = [
  '别忘了带上资料。',
  '有问题随时联系我。',
  '路上注意安全。',
  '我先去订位子。',
  '价格已经谈好了。',
  '谢谢你的帮忙！',
];

/** In one of so many texts each. */
export const RARE_EVERY = 9973;
export const RARE_WORD = 'quokka';
export const CHINESE_EVERY = 5;

/** Search words: common, rare, part of a word; all occur. */
export const WORDS: readonly string[] = [RARE_WORD, 'invoice', 'the', 'hospital', 'tick', 'breakfast', 'talvor'];
export const CHINESE_WORDS: readonly string[] = ['合同', '服务器', '明天下午'];

/** A generator of numbers in [0, 1) that gives the same ones for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The text of message `i`: 30 to 60 characters of words, or a Chinese sentence. The same at every call. */
export function textOf(i: number): string {
  const random = createRandom(i + 1);
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)]!;
  if (i % CHINESE_EVERY === 0) return `${pick(CHINESE_START)}，${pick(CHINESE_MIDDLE)}，${i}号，${pick(CHINESE_END)}`;
  const length = 30 + Math.floor(random() * 25);
  let text = i % RARE_EVERY === 1 ? RARE_WORD : pick(USUAL);
  while (text.length < length) {
    const kind = random();
    text +=
      ' ' +
      (kind < 0.55 ? pick(COMMON) : kind < 0.85 ? pick(USUAL) : pick(SYLLABLES) + pick(SYLLABLES) + pick(SYLLABLES));
  }
  return text;
}
