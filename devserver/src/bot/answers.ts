import { MessageBodyContentType } from 'flooim/wire';
import type { IMessageBody } from 'flooim/wire';

const CHINESE = /[一-龥]/;

const TABLE = `| entry | for | stores in |
| --- | --- | --- |
| \`flooim\` | browsers | IndexedDB |
| \`flooim/node\` | bots | files |
| \`flooim/wechat\` | mini-programs | files |
`;
const LIST = `Three things to try:

1. Send me a picture.
2. Take your question back **while I answer**: I stop.
3. Cut the connection in the middle: nothing is lost.
`;
const CODE = `\`\`\`ts
im.on('onRosterMessageContentAppend', ({ id, content }) => {
  render(id, content); // the whole text so far
});
\`\`\`

Each piece is an \`APPEND\` operation on one message.
`;

/** The first topic that a text names is answered. */
const TOPICS: readonly (readonly [RegExp, string])[] = [
  [/\btable\b|表格/i, TABLE],
  [/\blist\b|列表/i, LIST],
  [/\bcode\b|代码/i, CODE],
];

/** The answer to a message, as Markdown. The same message has the same answer. */
export function answerTo({ ctype, content = '', attachment }: IMessageBody): string {
  switch (ctype) {
    case undefined:
    case MessageBodyContentType.TEXT:
      return answerToText(content);
    case MessageBodyContentType.IMAGE:
      return `A picture${sizeOf(attachment)}. 很好看！`;
    case MessageBodyContentType.AUDIO:
      return 'I heard your voice message. 我听到了。';
    case MessageBodyContentType.VIDEO:
      return `A film${sizeOf(attachment)}. 我看完了。`;
    case MessageBodyContentType.LOCATION:
      return 'Thank you, I know where that is. 我知道那里。';
    default:
      return 'Thank you, I got it. 收到。';
  }
}

function answerToText(text: string): string {
  const topic = TOPICS.find(([pattern]) => pattern.test(text));
  if (topic) return topic[1];
  if (CHINESE.test(text))
    return `你说的是：“${text}”。\n\n我是开发服务器里的机器人，回答总是**一段一段**地到达，就像大语言模型那样。试试发一张图片，或者说“表格”“列表”“代码”。`;
  return `You said: "${text}".\n\nI am the bot of the dev server. My answers come **piece by piece**, as those of a language model do. Send a picture, or ask for a \`table\`, a \`list\` or \`code\`.`;
}

function sizeOf(attachment: string | null | undefined): string {
  const { width, height } = parse(attachment ?? '');
  return typeof width === 'number' && typeof height === 'number' ? ` of ${width} × ${height} pixels` : '';
}

function parse(json: string): { width?: unknown; height?: unknown } {
  try {
    return (JSON.parse(json) ?? {}) as { width?: unknown; height?: unknown };
  } catch {
    // Any text is legal as an attachment.
    return {};
  }
}

const PIECE = 12;

/** An answer in the pieces in which it is sent: some characters each, and whole ones. */
export function piecesOf(answer: string): string[] {
  const letters = Array.from(answer);
  return Array.from({ length: Math.ceil(letters.length / PIECE) }, (_, index) =>
    letters.slice(index * PIECE, (index + 1) * PIECE).join(''),
  );
}
