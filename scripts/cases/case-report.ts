/** Every case that a test must name, in the order of the report. */
export const CASE_NUMBERS: readonly string[] = [
  ...series('A', 1, 5),
  ...series('B', 1, 1),
  ...series('C', 1, 11),
  ...series('D', 1, 12),
  ...series('E', 1, 3),
  ...series('F', 8, 10),
  ...series('G', 1, 10),
  ...series('I', 1, 11),
  ...series('J', 1, 5),
];

/** The test of a case: its title begins with the case's number. */
interface CaseTitle {
  readonly number: string;
  readonly symptom: string;
}

/** What vitest's JSON reporter writes, as far as it is read here. */
export interface VitestReport {
  readonly testResults: readonly {
    /** Absolute path of the file. */
    readonly name: string;
    readonly status: string;
    /** Why the file could not be loaded. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

/** One line of the report. A test that runs in several projects has one. */
export interface CaseLine extends CaseTitle {
  readonly outcome: 'ok' | 'FAILED' | 'not run' | 'missing';
  readonly detail?: string;
}

const TITLE = /^([A-J]\d+): (.+)$/s;
/** The first argument of a call, which begins with a case's number. */
const FIRST_ARGUMENT = /\(\s*(['"`])([A-J]\d+: (?:\\.|(?!\1).)*)\1/gs;

/** The case that a test's title names; undefined for any other title. */
function parseTitle(title: string): CaseTitle | undefined {
  const [, number, symptom] = TITLE.exec(title) ?? [];
  return number === undefined || symptom === undefined ? undefined : { number, symptom };
}

/** The tests of cases in the source of a test file. A title that is made of parts is found by how it begins. */
export function caseTitlesIn(source: string): CaseTitle[] {
  return [...source.matchAll(FIRST_ARGUMENT)].flatMap(
    ([, , title = '']) => parseTitle(title.replace(/\\(.)/g, '$1')) ?? [],
  );
}

/**
 * The lines of the report, in the order of the cases.
 *
 * @param numbers - the cases to report
 * @param found - the titles in each file, by its absolute path
 */
export function reportCases(
  numbers: readonly string[],
  found: ReadonlyMap<string, readonly CaseTitle[]>,
  { testResults }: VitestReport,
): CaseLine[] {
  const lines = testResults.flatMap(({ assertionResults }) =>
    assertionResults.flatMap(({ title, status, failureMessages }): CaseLine[] => {
      const parsed = parseTitle(title);
      if (!parsed) return [];
      if (status === 'passed') return [{ ...parsed, outcome: 'ok' }];
      if (status === 'failed') return [{ ...parsed, outcome: 'FAILED', detail: oneLine(failureMessages?.[0] ?? '') }];
      return [{ ...parsed, outcome: 'not run', detail: 'it needs a browser that is not installed' }];
    }),
  );
  const hasRun = new Set(lines.map(({ number }) => number));
  const notRun = [...found].flatMap(([file, titles]) => titles.map((title) => ({ file, title })));
  for (const { file, title } of notRun.filter(({ title: { number } }) => !hasRun.has(number))) {
    const result = testResults.find(({ name }) => name === file);
    if (result) lines.push({ ...title, outcome: 'FAILED', detail: oneLine(result.message || 'it did not run') });
    else lines.push({ ...title, outcome: 'not run', detail: 'its browser is not installed' });
  }
  return numbers.flatMap((number) => {
    const own = lines.filter((line) => line.number === number);
    return own.length > 0 ? oneForEachTitle(own) : [{ number, symptom: 'no test has this number', outcome: 'missing' }];
  });
}

/** Whether every case was found, and no test failed. A case whose browser is not installed counts as right. */
export const isWhole = (lines: readonly CaseLine[]): boolean =>
  lines.every(({ outcome }) => outcome === 'ok' || outcome === 'not run');

export const formatLine = ({ number, symptom, outcome, detail }: CaseLine): string =>
  `${number.padEnd(4)} ${outcome.padEnd(8)} ${symptom}${detail === undefined ? '' : `  (${detail})`}`;

/** A test that failed in one project has failed; one that ran in one project has run. */
function oneForEachTitle(lines: readonly CaseLine[]): CaseLine[] {
  const order: readonly CaseLine['outcome'][] = ['FAILED', 'ok', 'not run'];
  const byTitle = new Map<string, CaseLine>();
  for (const outcome of order) {
    for (const line of lines) {
      if (line.outcome === outcome && !byTitle.has(line.symptom)) byTitle.set(line.symptom, line);
    }
  }
  return lines.filter((line) => byTitle.get(line.symptom) === line);
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 200);

function series(letter: string, first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `${letter}${first + index}`);
}
