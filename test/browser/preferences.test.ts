import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createBrowserPreferences } from '../../src/platform/browser/preferences.ts';
import type { Preferences } from '../../src/platform/ports.ts';

const KEY = 'key_user_id';
let preferences: Preferences;

beforeEach(() => {
  clear();
  preferences = createBrowserPreferences();
});

afterEach(() => {
  vi.restoreAllMocks();
  clear();
});

test('a value is kept in both storages and read after a reload', () => {
  expect(preferences.get(KEY)).toBeUndefined();
  preferences.set(KEY, '1001');
  expect([sessionStorage.getItem(KEY), localStorage.getItem(KEY)]).toEqual(['1001', '1001']);
  expect(createBrowserPreferences().get(KEY)).toBe('1001');
});

test('the tab reads its own value first, a new tab the shared one', () => {
  preferences.set(KEY, 'mine');
  localStorage.setItem(KEY, 'of another tab');
  expect(preferences.get(KEY)).toBe('mine');
  sessionStorage.clear();
  expect(preferences.get(KEY)).toBe('of another tab');
});

test('a removed value is removed from both', () => {
  preferences.set(KEY, '1001');
  preferences.remove(KEY);
  preferences.remove('never set');
  expect(preferences.get(KEY)).toBeUndefined();
  expect([sessionStorage.length, localStorage.length]).toEqual([0, 0]);
});

test('the empty text is a value', () => {
  preferences.set(KEY, '');
  localStorage.setItem(KEY, 'of another tab');
  expect(preferences.get(KEY)).toBe('');
});

test('a value that a full storage refuses is remembered, and the old value there is not read any more', () => {
  preferences.set(KEY, 'old');
  // Real: neither storage takes more than 5 MB an origin.
  const long = 'x'.repeat(6_000_000);
  preferences.set(KEY, long);
  expect(preferences.get(KEY) === long).toBe(true);
  preferences.set(KEY, 'new');
  expect([preferences.get(KEY), localStorage.getItem(KEY)]).toEqual(['new', 'new']);
});

test.each(['sessionStorage', 'localStorage'] as const)('without %s the other storage is used', (blocked) => {
  block(blocked);
  preferences.set(KEY, '1001');
  expect(createBrowserPreferences().get(KEY)).toBe('1001');
});

test('where the browser denies both, values last as long as the page', () => {
  block('sessionStorage');
  block('localStorage');
  expect(preferences.get(KEY)).toBeUndefined();
  preferences.set(KEY, '1001');
  expect(preferences.get(KEY)).toBe('1001');
  preferences.remove(KEY);
  expect(preferences.get(KEY)).toBeUndefined();
});

function block(name: 'sessionStorage' | 'localStorage'): void {
  vi.spyOn(window, name, 'get').mockImplementation(() => {
    throw new DOMException('Access is denied for this document.', 'SecurityError');
  });
}

function clear(): void {
  sessionStorage.clear();
  localStorage.clear();
}
