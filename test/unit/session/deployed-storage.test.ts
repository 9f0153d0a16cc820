import { beforeEach, describe, expect, test } from 'vitest';
import { createMemoryPreferences } from '../../../src/platform/memory/index.ts';
import type { Preferences } from '../../../src/platform/ports.ts';
import { IdentityStore } from '../../../src/session/identity.ts';
import { deployedRecords, putAll } from '../../support/deployed-storage.ts';

let preferences: Preferences;
beforeEach(() => {
  preferences = createMemoryPreferences();
});
const open = (appId = 'app'): IdentityStore => new IdentityStore({ preferences, appId });
const left = (records: Readonly<Record<string, string>>): string[] =>
  Object.keys(records).filter((key) => preferences.get(key) !== undefined);

describe('who is logged in under the deployed SDK', () => {
  test('is logged in here, and nothing is removed', () => {
    const records = deployedRecords('7', 'seven', 'app');
    putAll(preferences, records);
    expect(open().load()).toEqual({ uid: '7', token: 'seven' });
    expect(open().load()).toEqual({ uid: '7', token: 'seven' });
    for (const [key, value] of Object.entries(records)) expect(preferences.get(key)).toBe(value);
  });

  test('is ignored when the token is of another app; the app id of the page counts when the token has none', () => {
    putAll(preferences, { ...deployedRecords('7', 'seven', 'app'), '7_key_user_token_app_id': 'other' });
    expect(open().load()).toBeUndefined();
    preferences.remove('7_key_user_token_app_id');
    preferences.remove('flooim.app.imported');
    expect(open().load()).toEqual({ uid: '7', token: 'seven' });
    expect(open('other').load()).toBeUndefined();
  });

  test('is ignored after a logout in this tab', () => {
    putAll(preferences, { ...deployedRecords('7', 'seven', 'app'), key_stop_auto_login: 'true' });
    expect(open().load()).toBeUndefined();
  });

  test('does not replace the user who is logged in here', () => {
    preferences.set('flooim.app.uid', '8');
    preferences.set('flooim.app.8.token', 'eight');
    putAll(preferences, deployedRecords('7', 'seven', 'app'));
    expect(open().load()).toEqual({ uid: '8', token: 'eight' });
  });

  test('does not come back after a logout here', async () => {
    putAll(preferences, deployedRecords('7', 'seven', 'app'));
    await open().forget('7');
    expect(open().load()).toBeUndefined();
    expect(preferences.get('7_key_user_token')).toBeUndefined();
    await open().save({ uid: '8', token: 'eight' });
    putAll(preferences, deployedRecords('7', 'seven', 'app'));
    await open().forget('8');
    expect(open().load()).toBeUndefined();
  });

  test.each([
    { key_user_id: 'nobody' },
    { key_user_id: '-7' },
    { key_user_id: '' },
    { '7_key_user_token': '' },
    { '7_key_user_token': 'null' },
    { '7_key_user_token': 'undefined' },
  ])('is nobody with %s', (broken) => {
    putAll(preferences, { ...deployedRecords('7', 'seven', 'app'), ...(broken as Record<string, string>) });
    expect(open().load()).toBeUndefined();
  });
});

describe('wiping a user', () => {
  test('removes our data and that of the deployed SDK', async () => {
    const records = deployedRecords('7', 'seven', 'app');
    putAll(preferences, records);
    for (const name of ['sn', 'guid']) preferences.set(`flooim.app.7.${name}`, 'as an earlier release kept it');
    await open().wipe('7');
    expect(left(records)).toEqual(['key_app_id']);
    for (const name of ['7.token', '7.sn', '7.guid', 'uid'])
      expect(preferences.get(`flooim.app.${name}`)).toBeUndefined();
    expect(open().load()).toBeUndefined();
  });

  test('leaves other users and other apps alone', async () => {
    const bob = deployedRecords('8', 'eight', 'app');
    putAll(preferences, deployedRecords('7', 'seven', 'app'));
    putAll(preferences, bob);
    await open().save({ uid: '8', token: 'eight' });
    await open().wipe('7');
    expect(left(bob)).toEqual(Object.keys(bob));
    expect(open().load()).toEqual({ uid: '8', token: 'eight' });
    const other = deployedRecords('9', 'nine', 'other');
    putAll(preferences, other);
    await open().wipe('9');
    expect(left(other)).toEqual(Object.keys(other));
  });
});
