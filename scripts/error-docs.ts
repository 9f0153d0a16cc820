// Writes docs/reference/errors.md and its Chinese page from src/error-codes.ts, src/errors.ts, src/error-texts/ and error-origins.ts. Run it with
// `npx tsx --tsconfig scripts/tsconfig.json scripts/error-docs.ts`. With `--check` it writes nothing and fails if the page is
// stale, as does test/unit/scripts/error-docs.test.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as prettier from 'prettier';
import { ERROR_CODES } from '../src/error-codes.ts';
import { errorHint, errorText } from '../src/error-texts/index.ts';
import { errorNumber, restError, statusError, userNoticeError } from '../src/errors.ts';
import type { FlooErrorCode, StatusContext } from '../src/errors.ts';
import { StatusErrorCode, UserNoticeType } from '../src/wire/index.ts';
import { FOUND_BY_SDK, NEVER_USED } from './error-origins.ts';

type Language = 'en' | 'zh';

/** The page of each language. */
export const PAGES: Readonly<Record<Language, string>> = {
  en: fileURLToPath(new URL('../docs/reference/errors.md', import.meta.url)),
  zh: fileURLToPath(new URL('../docs/zh/reference/errors.md', import.meta.url)),
};
const UNDOCUMENTED_REST = 50000;

/** The sections of the page. A section has the codes with the hundreds of its first number. */
const SECTIONS: readonly { first: number; en: string; zh: string }[] = [
  { first: 0, en: 'General', zh: '一般' },
  { first: 100, en: 'The user and the session', zh: '用户与会话' },
  { first: 200, en: 'Push', zh: '推送' },
  { first: 300, en: 'Requests', zh: '请求' },
  { first: 400, en: 'Messages', zh: '消息' },
  { first: 500, en: 'Friends', zh: '好友' },
  { first: 600, en: 'Groups', zh: '群组' },
  { first: 700, en: 'Servers', zh: '服务器' },
];

/** Every documented code, by number. */
export function allCodes(): FlooErrorCode[] {
  return Object.keys(ERROR_CODES) as FlooErrorCode[];
}

/** The server's numbers that become this code, as src/errors.ts maps them. */
interface ServerNumbers {
  rest: number[];
  /** By the kind of request that they answer. */
  status: Record<StatusContext, number[]>;
  notices: (keyof typeof UserNoticeType)[];
}

export function serverNumbers(): Map<FlooErrorCode, ServerNumbers> {
  const found = new Map(allCodes().map((code) => [code, empty()]));
  for (let number = 1; number < 100_000; number++) {
    const { reason } = restError(number, '', '/');
    if (reason !== 'ServerUnknownError' || number === UNDOCUMENTED_REST) found.get(reason)!.rest.push(number);
  }
  for (const status of Object.values(StatusErrorCode)) {
    if (status === StatusErrorCode.OK) continue;
    for (const context of ['provision', 'send', 'group-send', 'other'] as const)
      found.get(statusError(status, '', context).reason)!.status[context].push(status);
  }
  for (const name of Object.keys(UserNoticeType) as (keyof typeof UserNoticeType)[]) {
    const error = userNoticeError(UserNoticeType[name]);
    if (error) found.get(error.reason)!.notices.push(name);
  }
  return found;
}

const empty = (): ServerNumbers => ({
  rest: [],
  status: { provision: [], send: [], 'group-send': [], other: [] },
  notices: [],
});

/** The words of a page between what the tables say. */
interface PageWords {
  readonly title: string;
  readonly introduction: string;
  readonly head: readonly string[];
  readonly ofOthers: string;
  readonly ofSend: string;
  readonly ofGroupSend: string;
  readonly userNotice: string;
  readonly separator: string;
  readonly never: { readonly title: string; readonly introduction: string; readonly head: readonly string[] };
}

const WORDS: Readonly<Record<Language, PageWords>> = {
  en: {
    title: 'Errors',
    introduction: `Every rejected promise, every thrown error and every error event carries a \`FlooError\`: \`reason\` is the
name below, \`number\` its number. \`code\` is what deployed apps compare: the server's REST code where there is one, else
\`number\`. \`errorText(reason, 'en' | 'zh')\` and \`errorHint\` of \`flooim/error-texts\` give the words of the last column: what
happened, and what the app or its user can do. "Status" is the code of a socket frame.`,
    head: ['number', 'reason', 'when', 'what to show, and what helps'],
    ofOthers: ' of anything but a send',
    ofSend: ' of a send',
    ofGroupSend: ' of a send to a group',
    userNotice: 'user notice',
    separator: '; ',
    never: {
      title: 'Documented, but not used by this SDK',
      introduction:
        'Other platforms have these. Their names, numbers and texts are here so that one table serves every platform.',
      head: ['number', 'reason', 'why not', 'what to show, and what helps'],
    },
  },
  zh: {
    title: '错误码',
    introduction: `每个失败的 Promise、每个抛出的错误和每个错误事件都带有 \`FlooError\`：\`reason\` 是下表中的名称，\`number\` 是它的编号。\`code\` 是已部署的应用所比较的值：有服务器 REST 错误码时就是它，否则是 \`number\`。\`flooim/error-texts\` 的 \`errorText(reason, 'en' | 'zh')\` 和 \`errorHint\` 给出最后一列的文字：发生了什么，应用或用户能做什么。“status”是连接上一帧的代码。`,
    head: ['编号', '名称', '何时出现', '可显示的文字与处理办法'],
    ofOthers: '（发送以外的请求）',
    ofSend: '（发送）',
    ofGroupSend: '（发送到群组）',
    userNotice: '用户通知',
    separator: '；',
    never: {
      title: '文档中有、但本 SDK 不使用的错误码',
      introduction: '这些错误码由其他平台使用。名称、编号和文字列在这里，一张表即可供所有平台使用。',
      head: ['编号', '名称', '为何不用', '可显示的文字与处理办法'],
    },
  },
};

function whenOf(code: FlooErrorCode, { rest, status, notices }: ServerNumbers, language: Language): string {
  const words = WORDS[language];
  const documented = rest.filter((number) => number !== UNDOCUMENTED_REST);
  const everywhere = status.other.filter((number) => status.send.includes(number));
  const parts = [
    documented.length > 0 && `REST ${documented.join(', ')}`,
    everywhere.length > 0 && `status ${everywhere.join(', ')}`,
    ...notWithin(status.other, everywhere, words.ofOthers),
    ...notWithin(status.send, everywhere, words.ofSend),
    ...notWithin(status['group-send'], [...everywhere, ...status.send], words.ofGroupSend),
    notices.length > 0 && `${words.userNotice} ${notices.join(', ')}`,
    FOUND_BY_SDK[code]?.[language === 'en' ? 0 : 1],
  ];
  return parts.filter(Boolean).join(words.separator);
}

const notWithin = (numbers: readonly number[], known: readonly number[], what: string): string[] => {
  const rest = numbers.filter((number) => !known.includes(number));
  return rest.length > 0 ? [`status ${rest.join(', ')}${what}`] : [];
};

/** The formatted page. */
export async function renderErrorDocs(language: Language): Promise<string> {
  const words = WORDS[language];
  const numbers = serverNumbers();
  const used = allCodes().filter((code) => !(code in NEVER_USED));
  const sections = SECTIONS.map((section) => {
    const lines = used
      .filter((code) => Math.floor(errorNumber(code) / 100) * 100 === section.first)
      .map((code) => codeRow(code, whenOf(code, numbers.get(code)!, language), language));
    return lines.length === 0 ? '' : `## ${section[language]}\n\n${head(words.head)}${lines.join('')}`;
  });
  const never = Object.entries(NEVER_USED).map(([code, why]) =>
    codeRow(code as FlooErrorCode, why[language === 'en' ? 0 : 1], language),
  );
  const page = [
    '<!-- Made by scripts/error-docs.ts from src/error-codes.ts, src/error-texts/ and scripts/error-origins.ts. Do not edit. -->',
    `# ${words.title}`,
    words.introduction,
    ...sections,
    `## ${words.never.title}`,
    words.never.introduction,
    `${head(words.never.head)}${never.join('')}`,
  ];
  const options = await prettier.resolveConfig(PAGES[language]);
  return prettier.format(page.filter(Boolean).join('\n\n'), { ...options, parser: 'markdown' });
}

const row = (cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => String(cell).replace(/\|/g, '\\|')).join(' | ')} |\n`;
const head = (cells: readonly string[]): string => row(cells) + row(cells.map(() => '---'));
const codeRow = (code: FlooErrorCode, when: string, language: Language): string =>
  row([errorNumber(code), `\`${code}\``, when, wordsOf(code, language)]);
const wordsOf = (code: FlooErrorCode, language: Language): string =>
  [errorText(code, language), errorHint(code, language)].join(language === 'en' ? ' ' : '');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const language of ['en', 'zh'] as const) {
    const page = await renderErrorDocs(language);
    if (!process.argv.includes('--check')) writeFileSync(PAGES[language], page);
    else if (readFileSync(PAGES[language], 'utf8') !== page) {
      console.error(`${PAGES[language]} is stale: tsx --tsconfig scripts/tsconfig.json scripts/error-docs.ts`);
      process.exitCode = 1;
    }
  }
}
