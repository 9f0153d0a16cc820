import { expect, test } from 'vitest';
import { withRightNames } from '../../../src/managers/spelling.ts';
import { groupEndpoints, rosterEndpoints, sysEndpoints, userEndpoints } from '../../../src/http/endpoints.ts';
import members from '../../api/members.json' with { type: 'json' };

test.each(Object.entries(members.rightSpelling))(
  '%s has its misspelt members under their right names too',
  (owner, names) => {
    const deployed = Object.fromEntries(members.deployed[owner as 'userManage'].map((name) => [name, { name }]));
    const both = withRightNames<Record<string, unknown>>(deployed);
    expect(both).toMatchObject(deployed);
    for (const [wrong, right] of Object.entries(names)) expect(both[right]).toBe(deployed[wrong]);
    expect(Object.keys(both).length).toBe(Object.keys(deployed).length + Object.keys(names).length);
  },
);

test('the tables of endpoints have deployed names alone', () => {
  const tables = {
    userManage: userEndpoints,
    rosterManage: rosterEndpoints,
    groupManage: groupEndpoints,
    sysManage: sysEndpoints,
  };
  for (const owner of ['userManage', 'rosterManage', 'groupManage', 'sysManage'] as const)
    expect(members.deployed[owner]).toEqual(expect.arrayContaining(Object.keys(tables[owner])));
});
