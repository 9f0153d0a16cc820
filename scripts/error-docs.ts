// Writes docs/reference/errors.md from src/error-codes.ts, src/errors.ts, src/error-texts/ and error-origins.ts. Run it with
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

const PAGE = fileURLToPath(new URL('../docs/reference/errors.md', import.meta.url));
const UNDOCUMENTED_REST = 50000;

/** The sections of the page. A section has the codes with the hundreds of its first number. */
const SECTIONS: readonly { first: number; title: string }[] = [
  { first: 0, title: 'General' },
  { first: 100, title: 'The user and the session' },
  { first: 200, title: 'Push' },
  { first: 300, title: 'Requests' },
  { first: 400, title: 'Messages' },
  { first: 500, title: 'Friends' },
  { first: 600, title: 'Groups' },
  { first: 700, title: 'Servers' },
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

function whenOf(code: FlooErrorCode, { rest, status, notices }: ServerNumbers): string {
  const documented = rest.filter((number) => number !== UNDOCUMENTED_REST);
  const everywhere = status.other.filter((number) => status.send.includes(number));
  const parts = [
    documented.length > 0 && `REST ${documented.join(', ')}`,
    everywhere.length > 0 && `status ${everywhere.join(', ')}`,
    ...notWithin(status.other, everywhere, 'of anything but a send'),
    ...notWithin(status.send, everywhere, 'of a send'),
    ...notWithin(status['group-send'], [...everywhere, ...status.send], 'of a send to a group'),
    notices.length > 0 && `user notice ${notices.join(', ')}`,
    FOUND_BY_SDK[code],
  ];
  return parts.filter(Boolean).join('; ');
}

const notWithin = (numbers: readonly number[], known: readonly number[], what: string): string[] => {
  const rest = numbers.filter((number) => !known.includes(number));
  return rest.length > 0 ? [`status ${rest.join(', ')} ${what}`] : [];
};

/** The formatted page. */
export async function renderErrorDocs(): Promise<string> {
  const numbers = serverNumbers();
  const used = allCodes().filter((code) => !(code in NEVER_USED));
  const rows = (first: number): string[] =>
    used
      .filter((code) => Math.floor(errorNumber(code) / 100) * 100 === first)
      .map((code) => row(errorNumber(code), `\`${code}\``, whenOf(code, numbers.get(code)!), ...wordsOf(code)));
  const sections = SECTIONS.map(({ first, title }) => {
    const lines = rows(first);
    return lines.length === 0
      ? ''
      : `## ${title}\n\n${head('number', 'reason', 'when', 'in English', '中文')}${lines.join('')}`;
  });
  const never = Object.entries(NEVER_USED).map(([code, why]) =>
    row(errorNumber(code as FlooErrorCode), `\`${code}\``, why, ...wordsOf(code as FlooErrorCode)),
  );
  const page = [
    '<!-- Made by scripts/error-docs.ts from src/error-codes.ts, src/error-texts/ and scripts/error-origins.ts. Do not edit. -->',
    '# Errors',
    INTRODUCTION,
    ...sections,
    '## Documented, but not used by this SDK',
    'Other platforms have these. Their names, numbers and texts are here so that one table serves every platform.',
    `${head('number', 'reason', 'why not', 'in English', '中文')}${never.join('')}`,
  ];
  const options = await prettier.resolveConfig(PAGE);
  return prettier.format(page.filter(Boolean).join('\n\n'), { ...options, parser: 'markdown' });
}

const INTRODUCTION = `Every rejected promise, every thrown error and every error event carries a \`FlooError\`: \`reason\` is the
name below, \`number\` its number. \`code\` is what deployed apps compare: the server's REST code where there is one, else
\`number\`. \`errorText(reason, 'en' | 'zh')\` and \`errorHint\` of \`flooim/error-texts\` give the words below: what happened,
and what the app or its user can do. "Status" is the code of a socket frame.`;

const head = (...cells: string[]): string => row(...cells) + row(...cells.map(() => '---'));
const row = (...cells: (string | number)[]): string =>
  `| ${cells.map((cell) => String(cell).replace(/\|/g, '\\|')).join(' | ')} |\n`;
const wordsOf = (code: FlooErrorCode): string[] => [
  `${errorText(code, 'en')} ${errorHint(code, 'en')}`,
  errorText(code, 'zh') + errorHint(code, 'zh'),
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = await renderErrorDocs();
  if (!process.argv.includes('--check')) writeFileSync(PAGE, page);
  else if (readFileSync(PAGE, 'utf8') !== page) {
    console.error('docs/reference/errors.md is stale: tsx --tsconfig scripts/tsconfig.json scripts/error-docs.ts');
    process.exitCode = 1;
  }
}
