import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorHint, errorText } from '../../../src/error-texts/index.ts';
import { errorCodeOf } from '../../../src/errors.ts';
import type { FlooErrorCode } from '../../../src/errors.ts';

const codes = Array.from({ length: 1000 }, (_, number) => errorCodeOf(number)).filter((code) => code !== undefined);
const words = (code: FlooErrorCode): string[] => [
  errorText(code, 'zh'),
  errorHint(code, 'zh'),
  errorText(code, 'en'),
  errorHint(code, 'en'),
];

test('every code has a sentence and a hint in both languages', () => {
  expect(codes.length).toBe(109);
  for (const code of codes) {
    const [zhText, zhHint, enText, enHint] = words(code);
    for (const zh of [zhText, zhHint]) expect(zh, code).toMatch(/^(?=.*\p{Script=Han}).+。$/u);
    for (const en of [enText, enHint]) expect(en, code).toMatch(/^[A-Z][\x20-\x7e]+\.$/);
  }
});

test('no two codes have the same text', () => {
  for (const language of ['zh', 'en'] as const) {
    const texts = codes.map((code) => errorText(code, language));
    expect(texts.filter((text, i) => texts.indexOf(text) !== i)).toEqual([]);
  }
});

test('the core does not carry the texts', () => {
  expect(readFileSync(new URL('../../../src/errors.ts', import.meta.url), 'utf8')).not.toContain('error-texts');
});

test('an unknown code or language does not compile', () => {
  // @ts-expect-error no such code
  expect(() => errorText('NoSuchCode', 'en')).toThrow();
  // @ts-expect-error no such language
  expect(() => errorText('NoError', 'fr')).toThrow();
});
