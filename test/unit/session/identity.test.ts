import { describe, expect, test } from 'vitest';
import { createMemoryPreferences } from '../../../src/platform/memory/index.ts';
import type { Preferences } from '../../../src/platform/ports.ts';
import { IdentityStore } from '../../../src/session/identity.ts';

function open(preferences: Preferences = createMemoryPreferences(), appId = 'app') {
  return { preferences, identities: new IdentityStore({ preferences, appId }) };
}

describe('who is logged in', () => {
  test('is nobody at first', () => {
    expect(open().identities.load()).toBeUndefined();
  });

  test('is the one saved last, also after a restart', async () => {
    const { preferences, identities } = open();
    await identities.save({ uid: '7', token: 'seven' });
    await identities.save({ uid: '8', token: 'eight' });
    expect(identities.load()).toEqual({ uid: '8', token: 'eight' });
    expect(open(preferences).identities.load()).toEqual({ uid: '8', token: 'eight' });
  });

  test('is of one app id', async () => {
    const { preferences, identities } = open();
    await identities.save({ uid: '7', token: 'seven' });
    expect(open(preferences, 'other').identities.load()).toBeUndefined();
  });

  test('is nobody without a token', async () => {
    const { identities } = open();
    await identities.save({ uid: '7', token: 'seven' });
    await identities.forgetToken('7');
    expect(identities.load()).toBeUndefined();
  });

  test('is nobody after forgetting, and the token is removed everywhere', async () => {
    const { preferences, identities } = open();
    await identities.save({ uid: '7', token: 'seven' });
    await identities.forget('7');
    expect(identities.load()).toBeUndefined();
    await identities.save({ uid: '8', token: 'eight' });
    await identities.forget('8');
    expect(preferences.get('flooim.app.7.token')).toBeUndefined();
    expect(preferences.get('flooim.app.8.token')).toBeUndefined();
    expect(preferences.get('flooim.app.uid')).toBeUndefined();
  });
});
