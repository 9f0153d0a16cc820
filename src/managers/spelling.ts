import { fromEntries } from '../util/es2019.ts';
/** Parts of deployed names that are misspelt, and what they mean. */
const SPELLING = {
  asnyc: 'async',
  aysnc: 'async',
  asnc: 'async',
  Regester: 'Register',
  Gruop: 'Group',
  GroupBab: 'GroupBan',
  Bocked: 'Blocked',
  BlockeA: 'BlockA',
  BlockeR: 'BlockR',
  Anouncement: 'Announcement',
} as const;

type Misspelt = keyof typeof SPELLING;

/** The right spelling of a name that has a misspelt part; nothing for any other. */
type Respelt<Name> = {
  [Part in Misspelt]: Name extends `${infer Before}${Part}${infer After}`
    ? `${Before}${(typeof SPELLING)[Part]}${After}`
    : never;
}[Misspelt];

/** The names of a manager without those that are only the right spelling of another. */
export type Deployed<Manager> = Omit<Manager, Respelt<keyof Manager>>;

/** Gives every member with a misspelt name the right one too. */
export function withRightNames<Manager extends object>(deployed: Deployed<Manager>): Manager {
  const members: [string, unknown][] = Object.entries(deployed);
  const misspelt = new RegExp(Object.keys(SPELLING).join('|'));
  const respelt = members.map(([name, member]): [string, unknown] => [
    name.replace(misspelt, (part) => SPELLING[part as Misspelt]),
    member,
  ]);
  return { ...fromEntries(respelt), ...deployed } as Manager;
}
