/**
 * What was said in the week before the start, as lines of a play; `script.ts` reads them. `@` sets the time of the next line,
 * each later line comes a few minutes after the one before.
 */
export interface Conversation {
  /** Two people, or a group. */
  readonly in: readonly [string, string] | string;
  readonly lines: string;
}

export const PAIR_CONVERSATIONS: readonly Conversation[] = [
  {
    in: ['alice', 'bob'],
    lines: `
@ 6d 5h ago
bob: Morning! Look what I saw on the way home yesterday.
bob sends sunset.png
alice: 哇，太美了！
alice reads
bob reads
bob: Made with the old phone, no filter 😎
alice: I do not believe a word.
@ 4d 7h ago
alice: Can you send me the figures of the beta?
bob: Sure, one moment.
bob sends beta-figures.csv
bob sends weekly.png
bob: The last bar is this week.
alice answers bob: That is twice the week before!
bob reads
alice reads
@ 3d 2h ago
bob called, 312000
bob: As I said on the phone: the login takes **180 ms** now, it was 420.
alice: 太棒了
alice adds: ，今晚我请客！
bob reads
alice reads
@ 2d 4h ago
alice: Shall we meet at eight?
alice corrects: Shall we meet at half past seven?
alice is at 31.2304,121.4737 人民广场 People's Square
bob: See you there.
bob says voice.wav
alice reads
bob reads
@ 26h ago
alice called, canceled
alice: Sorry, wrong button.
bob: 😂
bob takes it back
bob: No problem.
alice reads
bob reads
@ 55m ago
bob: Did you have a look at the release notes?
bob: Carol found something in the search, it is in the group.
bob sends coffee.png
`,
  },
  {
    in: ['bob', 'carol'],
    lines: `
@ 5d 3h ago
carol: The search forgets what I typed when I go back.
bob: On which phone?
carol: Every one of them.
bob reads
carol reads
@ 3d 6h ago
bob: Fixed in build 1187.
carol: Confirmed. And now the list jumps…
carol sends ball.webm
bob: That looks like fun, to be honest.
bob reads
carol reads
@ 5h ago
carol: Build 1190 is fine. I sign off.
`,
  },
  {
    in: ['alice', 'assistant'],
    lines: `
@ 3d 5h ago
alice: What can you do?
assistant reads
assistant: I answer **every text**, piece by piece, as bots of language models do.\\n\\n- Send me a picture, and I describe it.\\n- Ask for a \`table\`, a \`list\` or \`code\`.\\n- 也可以用中文问我。
alice reads
@ 2d 6h ago
alice: 明天爬山要带什么？
assistant reads
assistant: 建议带上：\\n\\n1. 两升水\\n2. 防晒帽\\n3. 一点零食\\n\\n> 山顶风大，多穿一件。
alice reads
`,
  },
  {
    in: ['alice', 'lilei'],
    lines: `
@ 5d 8h ago
lilei: 在吗？
lilei pokes
alice: 在的
lilei: 新首页的切图发我一份
alice sends homepage.txt
lilei: 收到，谢谢！
lilei reads
alice reads
@ 2d 8h ago
lilei says voice.wav
alice: 我在开会，晚点听
alice reads
lilei called, timeout
@ 3h ago
lilei: 首页改好了，你看下 https://example.com/preview
lilei: 按钮颜色按你说的换成了绿色
`,
  },
  {
    in: ['alice', 'hanmeimei'],
    lines: `
@ 6d 2h ago
hanmeimei: 周六还是老地方？
alice: 嗯，八点
hanmeimei is at 30.2431,120.1500 杭州西湖·断桥
alice: 好的，不见不散
alice reads
hanmeimei reads
@ 7h ago
hanmeimei: 到家了，今天走了 23000 步！
alice: 厉害👍
hanmeimei reads
alice reads
`,
  },
  {
    in: ['alice', 'emma'],
    lines: `
@ 4d 3h ago
emma sends sunset.png
emma: Raw or developed?
alice: Developed. The purple is lovely.
alice reads
emma reads
@ 90m ago
emma: Can I use your portrait for the exhibition?
emma: I would need an answer by tomorrow, they print on Monday. No pressure. Well, a little. It is the one at the lake, with the umbrella, that you said makes you look like a very determined mushroom. I still think it is the best one of the whole series, and so does everybody I asked.
`,
  },
  {
    in: ['alice', 'dave'],
    lines: `
@ 5d 1h ago
alice: Hello Dave, the tap in the kitchen drips again.
dave: I can come on Thursday between 8 and 10.
alice: Perfect, thank you!
dave sends invoice.txt
alice reads
dave reads
`,
  },
  {
    in: ['alice', 'grandpa'],
    lines: `
@ 6d 1h ago
grandpa says voice.wav
alice: 爷爷我周末回来看您！
grandpa: 好好好
grandpa reads
alice reads
@ 20h ago
grandpa: 吃饭了吗
alice: 吃了，您早点休息
grandpa reads
alice reads
`,
  },
  {
    in: ['alice', 'mateo'],
    lines: `
@ 2d 1h ago
mateo: I owe you a coffee.
mateo takes it back
mateo: I owe you two coffees.
mateo sends coffee.png
alice reads
alice: I will remember that.
`,
  },
  {
    in: ['alice', 'carol'],
    lines: `
@ 30h ago
carol: Hi Alice, this is Carol from QA. I sent you a friend request.
`,
  },
];
