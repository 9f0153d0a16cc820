import { describe, expect, test } from 'vitest';
import { caseTitlesIn, CASE_NUMBERS, formatLine, isWhole, reportCases } from '../../../../scripts/cases/case-report.ts';
import type { CaseLine, VitestReport } from '../../../../scripts/cases/case-report.ts';

type Result = VitestReport['testResults'][number]['assertionResults'][number];

const FILE = '/test/storage.test.ts';
const found = new Map([[FILE, [{ number: 'A1', symptom: 'lost after a restart' }]]]);
const passed = (title: string): Result => ({ title, status: 'passed' });
const failed = (title: string, message: string): Result => ({ title, status: 'failed', failureMessages: [message] });

const fileResult = (...assertionResults: Result[]): VitestReport['testResults'][number] => ({
  name: FILE,
  status: 'passed',
  message: '',
  assertionResults,
});

const outcomes = (lines: readonly CaseLine[]): string[] => lines.map(({ number, outcome }) => `${number} ${outcome}`);

test('the list of cases is complete and in order', () => {
  expect(CASE_NUMBERS).toHaveLength(5 + 1 + 11 + 12 + 3 + 3 + 10 + 11 + 5);
  expect(CASE_NUMBERS.slice(0, 8)).toEqual(['A1', 'A2', 'A3', 'A4', 'A5', 'B1', 'C1', 'C2']);
});

describe('titles in a source file', () => {
  // Put together here, so that this file is not taken for one with a case.
  const source = (...calls: string[]): string => calls.join('\n').replace(/@/g, '(');

  test('every quote and every form of a test call is read', () => {
    const text = source(
      "it@'A1: lost', () => {});",
      'test.each([[1, f(2)]])@"B1: isn\'t there", () => {});',
      "it.skipIf(!findWebKit())@\n  `C10: a ${'${part}'}`,\n  () => {});",
      "test@'D2: it\\'s slow', () => {});",
    );
    expect(caseTitlesIn(text)).toEqual([
      { number: 'A1', symptom: 'lost' },
      { number: 'B1', symptom: "isn't there" },
      { number: 'C10', symptom: "a ${'${part}'}" },
      { number: 'D2', symptom: "it's slow" },
    ]);
  });

  test('other titles are not', () => {
    expect(caseTitlesIn(source("it@'stores A1: all', f);", "it@'K1: no case', f);", "it@'A1 no colon', f);"))).toEqual(
      [],
    );
  });
});

describe('the report', () => {
  test('has a line for each title, in the order of the cases', () => {
    const results = fileResult(passed('B1: two tabs'), failed('A1: lost', 'expected 4\n  got 1'), passed('stores'));
    const lines = reportCases(['A1', 'B1'], new Map(), { testResults: [results] });
    expect(lines.map(formatLine)).toEqual(['A1   FAILED   lost  (expected 4 got 1)', 'B1   ok       two tabs']);
    expect(isWhole(lines)).toBe(false);
  });

  test('a case without a test is missing', () => {
    const lines = reportCases(['A1', 'A2'], found, { testResults: [fileResult(passed('A1: lost after a restart'))] });
    expect(outcomes(lines)).toEqual(['A1 ok', 'A2 missing']);
    expect(isWhole(lines)).toBe(false);
  });

  test('a case has failed when one of its projects has, and its other tests have their own lines', () => {
    const testResults = [
      fileResult(passed('A1: lost'), passed('A1: doubled')),
      fileResult(failed('A1: lost', 'no')),
      fileResult({ title: 'A1: doubled', status: 'skipped' }),
    ];
    const lines = reportCases(['A1'], new Map(), { testResults });
    expect(lines.map(({ symptom, outcome }) => [symptom, outcome])).toEqual([
      ['doubled', 'ok'],
      ['lost', 'FAILED'],
    ]);
  });

  test('a file that could not be loaded fails its cases', () => {
    const testResults = [{ ...fileResult(), status: 'failed', message: 'SyntaxError: x' }];
    expect(reportCases(['A1'], found, { testResults })).toMatchObject([
      { outcome: 'FAILED', detail: 'SyntaxError: x', symptom: 'lost after a restart' },
    ]);
  });

  test('a case whose browser is not installed is named, and fails nothing', () => {
    const skipped = reportCases(['A1'], new Map(), {
      testResults: [fileResult({ title: 'A1: x', status: 'skipped' })],
    });
    const without = reportCases(['A1'], found, { testResults: [] });
    expect([...outcomes(skipped), ...outcomes(without)]).toEqual(['A1 not run', 'A1 not run']);
    expect(isWhole([...skipped, ...without])).toBe(true);
  });
});
