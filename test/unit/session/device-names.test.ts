import { describe, expect, test } from 'vitest';
import { createMemoryPreferences } from '../../../src/platform/memory/index.ts';
import type { Preferences } from '../../../src/platform/ports.ts';
import { EarlierNames, newDevice } from '../../../src/session/device-names.ts';
import { deployedRecords, putAll } from '../../support/deployed-storage.ts';

const open = (preferences: Preferences): EarlierNames =>
  new EarlierNames({ preferences, appId: 'app', random: () => 0.5 });

describe('a new device', () => {
  test.each([
    [0, '7_0', 999999999],
    [0.5, '7_1073741823', 999999999 + 1070000],
    [0.9999999999, '7_2147483646', 999999999 + 2139999],
  ])('with random %f has a guid of the user id and 31 random bits, and a made-up serial', (random, guid, serial) => {
    expect(newDevice('7', () => random)).toEqual({ guid, serial });
  });
});

describe('a database of an earlier release', () => {
  test('gets the names in the preferences', () => {
    const preferences = createMemoryPreferences();
    putAll(preferences, { 'flooim.app.7.guid': '7_1', 'flooim.app.7.sn': '12' });
    expect(open(preferences).of('7', false)).toEqual({ guid: '7_1', serial: 12 });
    expect(open(preferences).of('8', false)).toBeUndefined();
  });

  test.each(['0', 'x', '{}', '-1', ''])('gets a made-up serial where there is %j', (sn) => {
    const preferences = createMemoryPreferences();
    putAll(preferences, { 'flooim.app.7.guid': '7_1', 'flooim.app.7.sn': sn });
    expect(open(preferences).of('7', false)).toEqual({ guid: '7_1', serial: 999999999 + 1070000 });
  });
});

describe('a new database', () => {
  test('does not get the names in the preferences: what was acknowledged under them is not in it', () => {
    const preferences = createMemoryPreferences();
    putAll(preferences, {
      'flooim.app.7.guid': '7_1',
      'flooim.app.7.sn': '12',
      ...deployedRecords('7', 'seven', 'app'),
    });
    expect(open(preferences).of('7', true)).toBeUndefined();
  });

  test('gets the names of the deployed SDK, once', () => {
    const preferences = createMemoryPreferences();
    const records = deployedRecords('7', 'seven', 'app');
    putAll(preferences, records);
    expect(open(preferences).of('7', true)).toEqual({ guid: '7_123456', serial: 77 });
    expect(open(preferences).of('7', true)).toBeUndefined();
    for (const [key, value] of Object.entries(records)) expect(preferences.get(key)).toBe(value);
  });

  test.each(['0', 'x', '{}', '-1'])('gets a made-up serial where the deployed SDK has %j', (sn) => {
    const preferences = createMemoryPreferences();
    putAll(preferences, { ...deployedRecords('7', 'seven', 'app'), '7_key_user_device_sn': sn });
    expect(open(preferences).of('7', true)).toEqual({ guid: '7_123456', serial: 999999999 + 1070000 });
  });

  test('gets nothing of another app', () => {
    const preferences = createMemoryPreferences();
    putAll(preferences, deployedRecords('7', 'seven', 'other'));
    expect(open(preferences).of('7', true)).toBeUndefined();
  });
});
