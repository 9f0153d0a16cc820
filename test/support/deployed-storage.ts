import type { Preferences } from '../../src/platform/ports.ts';

/** The data of one user in the storage of the deployed SDK, in its encoding. */
export function deployedRecords(uid: string, token: string, appId: string): Record<string, string> {
  const array = (data: unknown[]): string => JSON.stringify({ data });
  return {
    key_user_id: uid,
    key_app_id: appId,
    [`${uid}_key_user_token`]: token,
    [`${uid}_key_user_token_app_id`]: appId,
    [`${uid}_key_user_device_sn`]: '77',
    [`${uid}_key_user_device_guid`]: `${uid}_123456`,
    [`${uid}_key_user_profile`]: JSON.stringify({ user_id: Number(uid), username: 'alice' }),
    [`${uid}_key_roster_message_store_30`]: JSON.stringify({ 200: [] }),
    [`${uid}_key_roster_lists`]: array([200, 201]),
    [`${uid}_key_group_lists`]: array([300]),
    [`${uid}_key_recent_store`]: array([
      {
        ...{ type: 'group', id: 300, content: 'see you', ext: '{"a":1}', timestamp: '1700000000900' },
        ...{ hasAt: true, draft: '', draftTimestamp: '' },
      },
      {
        ...{ type: 'roster', id: 200, content: 'image', ext: '', timestamp: 1700000000800 },
        ...{ hasAt: false, draft: 'half a sen', draftTimestamp: 1700000000950 },
      },
      { type: 'roster', id: 202, content: '', ext: {}, timestamp: '', hasAt: false, draft: '', draftTimestamp: '' },
    ]),
  };
}

export function putAll(preferences: Preferences, records: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(records)) preferences.set(key, value);
}
