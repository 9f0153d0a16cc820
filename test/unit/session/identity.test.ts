import { describe, expect, test } from 'vitest';
import { createMemoryPreferences } from '../../../src/platform/memory/index.ts';
import type { Preferences } from '../../../src/platform/ports.ts';
import { IdentityStore } from '../../../src/session/identity.ts';

function open(preferences: Preferences = createMemoryPreferences(), random: number[] = [0.5], appId = 'app') {
  let at = 0;
  const identities = new IdentityStore({ preferences, appId, random: () => random[at++ % random.length]! });
  return { preferences, identities };
}

describe('who is logged in', () => {
  test('is nobody at first', () => {
    expect(open().identities.load()).toBeUndefined();
  });

  test('is the one saved last, also after a restart', () => {
    const { preferences, identities } = open();
    identities.save({ uid: '7', token: 'seven' });
    identities.save({ uid: '8', token: 'eight' });
    expect(identities.load()).toEqual({ uid: '8', token: 'eight' });
    expect(open(preferences).identities.load()).toEqual({ uid: '8', token: 'eight' });
  });

  test('is of one app id', () => {
    const { preferences, identities } = open();
    identities.save({ uid: '7', token: 'seven' });
    expect(open(preferences, [0], 'other').identities.load()).toBeUndefined();
  });

  test('is nobody without a token', () => {
    const { identities } = open();
    identities.save({ uid: '7', token: 'seven' });
    identities.forgetToken('7');
    expect(identities.load()).toBeUndefined();
  });

  test('is nobody after forgetting, and the token is removed everywhere', () => {
    const { preferences, identities } = open();
    identities.save({ uid: '7', token: 'seven' });
    identities.forget('7');
    expect(identities.load()).toBeUndefined();
    identities.save({ uid: '8', token: 'eight' });
    identities.forget('8');
    expect(preferences.get('flooim.app.7.token')).toBeUndefined();
    expect(preferences.get('flooim.app.8.token')).toBeUndefined();
    expect(preferences.get('flooim.app.uid')).toBeUndefined();
  });

  test('is the same device at the next login', () => {
    const { identities } = open();
    identities.save({ uid: '7', token: 'seven' });
    identities.saveDeviceSerial('7', 12);
    const guid = identities.deviceGuid('7');
    identities.forget('7');
    expect(identities.deviceSerial('7')).toBe(12);
    expect(identities.deviceGuid('7')).toBe(guid);
  });
});

describe('the device serial', () => {
  test.each([
    [0, 999999999],
    [0.5, 999999999 + 1070000],
    [0.9999999999, 999999999 + 2139999],
  ])('is made up until the server gives one: random %f makes %i', (random, serial) => {
    expect(open(undefined, [random]).identities.deviceSerial('7')).toBe(serial);
  });

  test('is the same on every call and after a restart', () => {
    const { preferences, identities } = open(undefined, [0.1, 0.2, 0.3]);
    const serial = identities.deviceSerial('7');
    expect(identities.deviceSerial('7')).toBe(serial);
    expect(open(preferences, [0.9]).identities.deviceSerial('7')).toBe(serial);
  });

  test('is of one user', () => {
    const { identities } = open();
    identities.saveDeviceSerial('7', 12);
    expect(identities.deviceSerial('8')).not.toBe(12);
    expect(identities.deviceSerial('7')).toBe(12);
  });

  test('is made up again when forgotten', () => {
    const { identities } = open(undefined, [0]);
    identities.saveDeviceSerial('7', 12);
    identities.forgetDeviceSerial('7');
    expect(identities.deviceSerial('7')).toBe(999999999);
  });
});

describe('the device guid', () => {
  test.each([
    [0, '7_0'],
    [0.5, '7_1073741823'],
    [0.9999999999999999, '7_2147483646'],
  ])('is the user id and 31 random bits: random %f makes %s', (random, guid) => {
    expect(open(undefined, [random]).identities.deviceGuid('7')).toBe(guid);
  });

  test('is made once per user and device', () => {
    const { preferences, identities } = open(undefined, [0.1, 0.2, 0.3]);
    const guid = identities.deviceGuid('7');
    expect(identities.deviceGuid('7')).toBe(guid);
    expect(open(preferences, [0.9]).identities.deviceGuid('7')).toBe(guid);
    expect(identities.deviceGuid('8')).toMatch(/^8_\d+$/);
  });

  test('can be renewed permanently', () => {
    const { preferences, identities } = open(undefined, [0.1, 0.2]);
    const guid = identities.deviceGuid('7');
    const renewed = identities.renewDeviceGuid('7');
    expect(renewed).not.toBe(guid);
    expect(open(preferences).identities.deviceGuid('7')).toBe(renewed);
  });
});
