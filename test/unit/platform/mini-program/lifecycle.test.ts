import { afterEach, expect, test } from 'vitest';
import { createMiniProgramLifecycle } from '../../../../src/platform/mini-program/lifecycle.ts';
import { createMiniProgramPreferences } from '../../../../src/platform/mini-program/preferences.ts';
import type { Phone } from '../../../support/mini-program.ts';
import { createPhone } from '../../../support/mini-program.ts';

let phone: Phone;
afterEach(() => phone.remove());

test('show and hide alternate, whatever the platform reports; a change of network counts as a network that came', () => {
  phone = createPhone();
  const run = phone.launch();
  const heard: string[] = [];
  const unsubscribe = createMiniProgramLifecycle(run.api).subscribe((event) => heard.push(event));
  run.show();
  run.hide();
  run.hide();
  run.show();
  run.show();
  run.network(false);
  run.network(true);
  run.network(true);
  expect(heard).toEqual(['hide', 'show', 'offline', 'online', 'online']);
  unsubscribe();
  run.hide();
  expect(heard.length).toBe(5);
  expect(run.listeners()).toBe(0);
});

test('preferences are in the storage of the app, and what it refuses lasts as long as the app', () => {
  phone = createPhone();
  const first = createMiniProgramPreferences(phone.launch().api);
  expect(first.get('a')).toBeUndefined();
  first.set('a', '1');
  first.set('big', 'x'.repeat(2 << 20));
  first.set('gone', '1');
  first.remove('gone');
  expect(first.get('big')?.length).toBe(2 << 20);
  const next = createMiniProgramPreferences(phone.launch().api);
  expect(['a', 'big', 'gone'].map((key) => next.get(key))).toEqual(['1', undefined, undefined]);
});

test('values of the deployed SDK that are not text are read as text', () => {
  phone = createPhone();
  phone.storage.set('key_user_id', 6597478514688);
  phone.storage.set('1_key_recent_store', { data: [{ id: 1 }] });
  const preferences = createMiniProgramPreferences(phone.launch().api);
  expect(preferences.get('key_user_id')).toBe('6597478514688');
  expect(preferences.get('1_key_recent_store')).toBe('{"data":[{"id":1}]}');
});
