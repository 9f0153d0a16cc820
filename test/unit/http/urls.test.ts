import { expect, test } from 'vitest';
import { currentUrl, isOwnUrl } from '../../../src/http/urls.ts';

const hosts = {
  answer: { clusters: [{ ratel: ['https://a.example', 'https://a.example:8443'] }, { ratel: ['https://b.example'] }] },
  current: () => 'https://b.example',
};

test.each(['https://a.example/x', 'https://a.example?x', 'https://a.example:8443/', 'https://b.example/file?sign=1'])(
  'own: %s',
  (url) => expect(isOwnUrl(url, hosts)).toBe(true),
);

test.each([
  'https://a.example',
  'http://a.example/',
  'https://a.example.evil/',
  'https://a.example@evil/',
  'https://a.example:80@evil/',
  'https://a.example\\@evil/',
  'https://a.example#@evil/',
  'https://evil/https://a.example/',
  ' https://a.example/',
])('foreign: %s', (url) => expect(isOwnUrl(url, hosts)).toBe(false));

test('before DNS answered, every host is foreign', () => {
  expect(isOwnUrl('https://a.example/', undefined)).toBe(false);
  expect(isOwnUrl('https://a.example/', { answer: undefined, current: () => undefined })).toBe(false);
});

test.each([
  ['https://x.maximtop.cn/a?b', 'https://b.example/a?b'],
  ['http://maximtop.com.cn:80/a', 'https://b.example/a'],
  ['https://maximtop.cn.evil/a', 'https://maximtop.cn.evil/a'],
  ['https://evil/?u=https://maximtop.cn/a', 'https://evil/?u=https://maximtop.cn/a'],
  ['https://maximtop.cn@evil/a', 'https://maximtop.cn@evil/a'],
])('the vendor’s hosts move: %s', (url, now) => expect(currentUrl(url, hosts)).toBe(now));
