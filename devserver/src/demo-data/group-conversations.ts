import type { Conversation } from './conversations.ts';

/** What was said in groups. */
export const GROUP_CONVERSATIONS: readonly Conversation[] = [
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
