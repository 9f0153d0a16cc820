import { describe, expect, test } from 'vitest';
import { normalizeText } from '../../../src/store/search-terms.ts';

describe('the form in which texts are compared', () => {
  test.each([
    ['İstanbul', 'istanbul'],
    ['ISTANBUL', 'ıstanbul'],
    ['straße', 'STRASSE'],
    ['STRAẞE', 'strasse'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['οδος', 'ΟΔΟΣ'],
    ['Café', 'CAFE'],
    ['cafe\u0301', 'café'],
    ['Ångström', 'angstrom'],
    ['ёлка', 'Елка'],
    ['Nguyễn', 'nguyen'],
    ['zero\u200bwidth', 'zerowidth'],
    ['so\u00adft hy\u00adphen', 'soft hyphen'],
    ['join\u200d\u2060er', 'joiner'],
    ['\u202eback', 'back'],
    ['ﬁnal', 'FINAL'],
    ['ＡＢＣ１２３', 'abc123'],
    ['ﾊﾞｽ', 'バス'],
    ['ＰＨＯＮＥ：', 'phone:'],
    ['שָׁלוֹם', 'שלום'],
    ['مُحَمَّد', 'محمد'],
    ['한글', '한글'.normalize('NFD')],
    ['☎\ufe0f', '☎'],
  ])('is the same for %j and %j', (a, b) => {
    expect(normalizeText(a)).toBe(normalizeText(b));
  });

  test.each([
    ['が', 'か'],
    ['कि', 'का'],
    ['한', '하'],
    ['กา', 'กิ'],
    ['明天', '昨天'],
  ])('keeps %s and %s apart', (a, b) => {
    expect(normalizeText(a)).not.toContain(normalizeText(b));
  });

  test('has itself as its form, for every character', () => {
    for (let code = 0; code < 0x20000; code++) {
      const form = normalizeText(String.fromCodePoint(code));
      if (normalizeText(form) !== form)
        expect([code.toString(16), normalizeText(form)]).toEqual([code.toString(16), form]);
    }
  });
});
