import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { checkDocs } from '../../../../scripts/docs/check-docs.ts';
import type { Docs } from '../../../../scripts/docs/check-docs.ts';

const check = (text: string): Docs => checkDocs(ts.createSourceFile('types.d.ts', text, ts.ScriptTarget.Latest, true));

const undocumented = (text: string): string[] =>
  [...check(text).items].filter(([, documented]) => !documented).map(([item]) => item);

describe('documented members', () => {
  test('a type, its members and the fields inside their types each need a comment', () => {
    const text = `
      interface Options {
        app: string;
        /** Milliseconds. */
        timeout: number;
        retry: { times: number };
      }
      /** Wide. */ declare const wide: boolean;`;
    expect(undocumented(text)).toEqual(['Options', 'Options.app', 'Options.retry', 'Options.retry.times']);
    expect(check(text).items.size).toBe(6);
  });

  test('a parameter needs a @param, unless its fields are documented where they are declared', () => {
    const text = `
      /** The text to search for. */
      interface Query {
        /** Words. */
        text: string;
      }
      /**
       * Looks for messages.
       * @param id - the user
       * @param options.limit - how many
       */
      declare function search(id: string, mode: string, query: Query, options: { limit: number; deep: boolean }): void;`;
    expect(undocumented(text)).toEqual(['search(mode)', 'search(options).deep']);
  });

  test('a deprecated spelling needs only the right name', () => {
    const text = `
      /** Group. */ interface Group {
        /** Ends a ban. */ unban: () => void;
        /** @deprecated Use {@link Group.unban}. */ unbann: Group['unban'];
        /** @deprecated Use {@link Group.ban}. */ unnban: Group['unban'];
      }`;
    expect(undocumented(text)).toEqual([]);
    expect(check(text).problems).toEqual(['wrong name: Group.unnban is deprecated and does not name unban']);
  });

  test('private members of a class and the numbers of a table need no comment', () => {
    const text = `
      /** Codes. */ declare const CODES: { readonly OK: 0; readonly FAIL: 1 };
      /** Error. */ declare class Failure { private secret: string; reason: string }`;
    expect(undocumented(text)).toEqual(['Failure.reason']);
  });
});

describe('badly written comments', () => {
  test.each([
    ['a page that users do not have', '/** The account (rest-api 3.0). */'],
    ['@throws in the middle of a line', '/** Asks. @throws FlooError when it fails. */'],
    ['"The same" is no documentation', '/** The same for a group. */'],
  ])('%s', (problem, comment) => {
    const { problems } = check(`${comment} type A = string;`);
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  test('a tag must stand at the start of a line, where TypeScript finds it', () => {
    expect(check('/**\n * Asks.\n * @throws FlooError when it fails.\n */ type A = string;').problems).toEqual([]);
  });
});

test('examples are taken with the name of their member', () => {
  const { examples } = check(
    "/** Im. */ interface Im {\n /** Logs in.\n * @example\n * await im.login('a');\n */ login(): void }",
  );
  expect(examples).toEqual([{ where: 'Im.login', code: "await im.login('a');" }]);
});
