import { fromEntries } from '../util/es2019.ts';

/**
 * Misspelt names of the deployed SDK, by manager, each with the right name. Both are the same function. The right name is
 * the one to use; the misspelt ones stay for apps that call them.
 */
export const DEPLOYED_NAMES = {
  userManage: {
    aysncGenerateWXUrlLink: 'asyncGenerateWXUrlLink',
  },
  rosterManage: {
    asnycGetRosterListDetailByIds: 'asyncGetRosterListDetailByIds',
    asyncRegester: 'asyncRegister',
    asyncBlockeAdd: 'asyncBlockAdd',
    asyncBlockeRemove: 'asyncBlockRemove',
  },
  groupManage: {
    getGruopMessage: 'getGroupMessage',
    asyncGetAnouncementById: 'asyncGetAnnouncementById',
    asyncAnouncementDelete: 'asyncAnnouncementDelete',
    asyncGroupBab: 'asyncGroupBan',
    asyncGroupBockedlist: 'asyncGroupBlockedlist',
    asncGetApplicationList: 'asyncGetApplicationList',
  },
  sysManage: {
    aysncParseLink: 'asyncParseLink',
    aysncParseLinkV2: 'asyncParseLinkV2',
  },
} as const;

type DeployedNames = typeof DEPLOYED_NAMES;
type DeployedName = { [Owner in keyof DeployedNames]: keyof DeployedNames[Owner] }[keyof DeployedNames];

/** The methods of a manager, or of a part of one, without their misspelt names. */
export type RightNames<Manager> = Omit<Manager, DeployedName>;

/** Adds the misspelt names of the deployed SDK to a manager. */
export function withDeployedNames<Manager extends object, Names extends Readonly<Record<string, keyof Manager>>>(
  manager: Manager,
  names: Names,
): Manager & { readonly [Name in keyof Names]: Manager[Names[Name]] } {
  // The type of an object made from entries does not keep their names.
  const aliases = fromEntries(Object.entries(names).map(([misspelt, right]) => [misspelt, manager[right]]));
  return { ...manager, ...(aliases as { [Name in keyof Names]: Manager[Names[Name]] }) };
}
