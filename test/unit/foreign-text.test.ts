import { describe, expect, test } from 'vitest';
import { foreignText, secretsIn } from '../../src/foreign-text.ts';

const SECRET = 'correct horse/battery+staple "é"';

describe('a text of a server', () => {
  test('stays as it is when it is short and has no secret', () => {
    expect(foreignText('用户不存在: alice', [SECRET])).toBe('用户不存在: alice');
    expect(foreignText(undefined)).toBe('');
    expect(foreignText(null)).toBe('');
  });

  test('is one line, so that it cannot pretend to be another line of a log', () => {
    expect(foreignText('bad\r\n[flooim] fine\u0000')).toBe('bad  [flooim] fine ');
  });

  test('is cut', () => {
    expect(foreignText('x'.repeat(301))).toBe(`${'x'.repeat(300)}…`);
    expect(foreignText('x'.repeat(1_000_000)).length).toBeLessThan(400);
  });

  test('may be any JSON', () => {
    expect(foreignText({ password: SECRET, why: ['too short'] }, [SECRET])).toBe(
      '{"password":"***","why":["too short"]}',
    );
    expect(foreignText(7)).toBe('7');
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(foreignText(cycle)).toBe('');
  });
});

describe('a secret is hidden', () => {
  const forms: [string, string][] = [
    ['plain', SECRET],
    ['JSON', JSON.stringify(SECRET)],
    ['JSON in JSON', JSON.stringify(JSON.stringify({ SECRET }))],
    ['ASCII JSON', JSON.stringify(SECRET).replace('é', '\\u00e9')],
    ['percent', encodeURIComponent(SECRET)],
    ['percent twice', encodeURIComponent(encodeURIComponent(SECRET))],
    ['a form', new URLSearchParams({ SECRET }).toString()],
    ['HTML', SECRET.replace(/"/g, '&quot;').replace('é', '&#233;')],
    ['HTML by hex', SECRET.replace(/./g, (letter) => `&#x${letter.charCodeAt(0).toString(16)};`)],
    ['Latin-1 in a URL', SECRET.replace(/[ "/+]/g, encodeURIComponent).replace('é', '%E9')],
    ['its begin', SECRET.slice(0, 12)],
    ['its end', SECRET.slice(-12)],
    ['its middle', SECRET.slice(8, 20)],
  ];

  test.each(forms)('as %s', (_form, echo) => {
    const text = foreignText(`bad: ${echo} end`, [SECRET]);
    expect(text).toMatch(/^bad:.*\*\*\*.* end$/);
    expect(text).not.toMatch(/horse|battery|staple|ttery/);
  });

  test('each time, and each of several', () => {
    expect(foreignText('a: secret-one, b: secret-two, a: secret-one', ['secret-one', 'secret-two'])).toBe(
      'a: ***, b: ***, a: ***',
    );
  });

  test('also a short one; a very short one only as a word', () => {
    expect(foreignText('password:1234!', ['1234'])).toBe('password:***!');
    expect(foreignText('"abc" is a cab; abcd', ['abc'])).toBe('"***" is a cab; abcd');
    expect(foreignText('a message', ['a', ''])).toBe('a message');
  });

  test('in linear time', () => {
    const long = 'ab'.repeat(500_000);
    const start = performance.now();
    expect(foreignText(`\\u0061b%2561b${'ab'.repeat(500)}`, [long])).toBe('***');
    expect(foreignText('%'.repeat(10_000), ['%'.repeat(10_000)])).toBe('***…');
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

test('the secrets of a frame are what a user wrote in it, and the token; ids are none', () => {
  const payload = {
    token: 'token',
    xid: { uid: '12345' },
    meta: {
      id: '99999',
      payload: { content: 'text', ext: '', config: '{"a":1}', attachment: '{}', bytes: new Uint8Array(9) },
    },
  };
  expect(secretsIn(payload)).toEqual(['token', 'text', '{"a":1}', '{}']);
  expect(secretsIn(undefined)).toEqual([]);
});

test.each(['secret12', 'YWNjZXNzLXRva2Vu.x-y_z', 'пароль!'])(
  'hides base64 and hex of a secret, wherever it begins: %s',
  (secret) => {
    for (const before of ['', 'a', 'ab', 'Basic user:']) {
      for (const encoding of ['base64', 'base64url', 'hex'] as const) {
        const code = Buffer.from(`${before}${secret} and more`).toString(encoding);
        const text = foreignText(`refused ${code}`, [secret]);
        const shown = Buffer.from(text.replace('refused ', '').replaceAll('*', '').trim(), encoding).toString();
        expect(text, `${encoding} after ${before}`).toContain('***');
        expect(shown).not.toContain(secret);
        expect(foreignText(`refused ${code}`, ['another one'])).toBe(`refused ${code}`);
      }
    }
  },
);
