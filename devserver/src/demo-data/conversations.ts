/**
 * What was said in the week before the start, as lines of a play; `script.ts` reads them. `@` sets the time of the next line,
 * each later line comes a few minutes after the one before.
 */
export interface Conversation {
  /** Two people, or a group. */
  readonly in: readonly [string, string] | string;
  readonly lines: string;
}

export const CONVERSATIONS: readonly Conversation[] = [
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
  {
    in: 'demo',
    lines: `
@ 6d ago
alice: Welcome to the demo group!
bob: Thanks 👋
carol: 大家好
alice reads
bob reads
carol reads
@ 40m ago
carol: Lunch at one?
`,
  },
  {
    in: 'release',
    lines: `
@ 6d 4h ago
bob: Two weeks to go. I put the list of open points into the announcement.
wangwei: 发版窗口定在周四晚上十点
priya: iOS build is green.
lilei: 前端还差两个页面
mateo sends weekly.png
carol: I start with the regression tests today.
alice reads
bob reads
@ 4d 6h ago
noah mentions all: Please rotate your keys before Friday. All of them.
bob: Done.
wangwei: 已换
priya: done
carol: Done, and I found an old one in the wiki…
carol takes it back
carol: Done.
alice reads
bob reads
@ 3d 4h ago
lilei: 两个页面都提交了，麻烦 review
alice: 看过了，第二页的间距不对
lilei answers alice: 改好了
priya: Android crashes on rotation, looking into it
priya corrects: Android crashed on rotation, fixed in 1188
bob reads
alice reads
@ 26h ago
carol mentions alice: Could you check the texts of the onboarding?
alice: On it.
carol sends ball.webm
mateo: Is that a bug or the new loading animation?
bob: Yes.
alice reads
@ 4h ago
wangwei: 今晚十点发版，值班：王伟、Bob
bob mentions alice,carol: Ready from your side?
carol: Ready ✅
noah: Keys are rotated, thank you all.
`,
  },
  {
    in: 'hiking',
    lines: `
@ 5d 6h ago
hanmeimei: 这周六爬九溪，有人去吗？
lilei: +1
zhangmin: +1，我带水果 🍊
emma: Me too! I bring the camera.
hanmeimei is at 30.2075,120.1160 九溪烟树
alice reads
@ 9h ago
emma sends sunset.png
emma: Worth every step.
sofia: My feet disagree.
hanmeimei: 下周见！
alice reads
hanmeimei: 照片我整理好发群文件
`,
  },
  {
    in: 'family',
    lines: `
@ 5d 2h ago
grandpa: 今天包饺子
hanmeimei: 给我留点！
alice: 我也要
grandpa sends coffee.png
grandpa says voice.wav
alice reads
`,
  },
  {
    in: 'photos',
    lines: `
@ 6d 3h ago
emma: Theme of the week: *morning*.
yuki sends coffee.png
carol: That counts.
@ 3d 8h ago
emma sends sunset.png
sofia: That is not the morning.
emma: It is, somewhere.
dave: Here is my morning.
dave sends ball.webm
@ 2h ago
yuki: Two days left for your picture!
`,
  },
  {
    in: 'residents',
    lines: `
@ 6d ago
zhangmin: 各位邻居，周三上午 9:00–11:00 停水检修，请提前储水。
resident_3: 收到
resident_17: 收到，谢谢
resident_42: 又停水……
wangwei: 三号楼的灯修好了
alice reads
@ 4d ago
resident_88: 谁家的快递放错了？1202 的
resident_5: 我的我的，马上来拿
resident_120: 地下车库有空位出租吗
resident_64: 有，私聊
@ 2d ago
zhangmin mentions all: 周末小区有跳蚤市场，欢迎摆摊！
resident_150: 可以带孩子的玩具来吗？
zhangmin: 当然可以
resident_9: 👍
alice reads
@ 6h ago
resident_33: 今天的晚霞也太好看了
resident_33 sends sunset.png
resident_71: 同款！
resident_101: 已设为壁纸
`,
  },
];
