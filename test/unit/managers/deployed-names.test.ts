import { expect, test } from 'vitest';
import { DEPLOYED_NAMES, withDeployedNames } from '../../../src/managers/deployed-names.ts';
import { GROUP_CONTENT_ENDPOINTS } from '../../../src/managers/group-content-calls.ts';
import { GROUP_INFO_ENDPOINTS } from '../../../src/managers/group-info-calls.ts';
import { GROUP_MEMBER_ENDPOINTS } from '../../../src/managers/group-member-calls.ts';
import { ROSTER_ENDPOINTS } from '../../../src/managers/roster-calls.ts';
import { SYS_ENDPOINTS } from '../../../src/managers/sys-calls.ts';
import { USER_ACCOUNT_ENDPOINTS } from '../../../src/managers/user-account-calls.ts';
import { USER_MOBILE_ENDPOINTS } from '../../../src/managers/user-mobile-calls.ts';
import { USER_PROFILE_ENDPOINTS } from '../../../src/managers/user-calls.ts';
import members from '../../api/members.json' with { type: 'json' };

type Owner = keyof typeof DEPLOYED_NAMES;
const OWNERS: readonly Owner[] = ['userManage', 'rosterManage', 'groupManage', 'sysManage'];

test('the lists are those of the deployed SDK', () => {
  expect(DEPLOYED_NAMES).toEqual(members.rightSpelling);
});

test.each(OWNERS)('%s has its misspelt members under both names', (owner) => {
  const names: Readonly<Record<string, string>> = DEPLOYED_NAMES[owner];
  const manager = Object.fromEntries(Object.values(names).map((name) => [name, { name }]));
  const both = withDeployedNames<Record<string, unknown>, Record<string, string>>(manager, names);
  expect(both).toMatchObject(manager);
  for (const [misspelt, right] of Object.entries(names)) expect(both[misspelt]).toBe(manager[right]);
  expect(Object.keys(both).length).toBe(2 * Object.keys(names).length);
});

test('every endpoint serves a deployed method, by its right name', () => {
  const tables: Record<Owner, object> = {
    userManage: { ...USER_ACCOUNT_ENDPOINTS, ...USER_MOBILE_ENDPOINTS, ...USER_PROFILE_ENDPOINTS },
    rosterManage: ROSTER_ENDPOINTS,
    groupManage: { ...GROUP_INFO_ENDPOINTS, ...GROUP_MEMBER_ENDPOINTS, ...GROUP_CONTENT_ENDPOINTS },
    sysManage: SYS_ENDPOINTS,
  };
  for (const owner of OWNERS) {
    const right: Readonly<Record<string, string>> = DEPLOYED_NAMES[owner];
    const names = members.deployed[owner].map((name) => right[name] ?? name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(tables[owner])));
  }
});
