import type { AppData } from '../../devserver/src/model/app-data.ts';

/** Who or what a message goes to: the name or the id of a user or a group, or what the kit returned for it. */
export type Place =
  | string
  | {
      /** Id of the user or group. */
      readonly id: string;
    };

/** The id of a user. @throws Error when there is none of this name or id */
export function mustFindUserId(app: AppData, place: Place): number {
  const found = find(app, place).user;
  if (found === undefined)
    throw new Error(`no user ${nameOf(place)}${known([...app.users].map((user) => user.username))}`);
  return found;
}

/** The id of a group. @throws Error when there is none of this name or id */
export function mustFindGroupId(app: AppData, place: Place): number {
  const found = find(app, place).group;
  if (found === undefined)
    throw new Error(`no group ${nameOf(place)}${known([...app.groups].map(({ info }) => info.name))}`);
  return found;
}

/** The id of a user or a group. @throws Error when there is none of this name or id */
export function mustFindPlace(app: AppData, place: Place): number {
  const { user, group } = find(app, place);
  const found = user ?? group;
  if (found === undefined) throw new Error(`no user and no group ${nameOf(place)}`);
  return found;
}

function find(app: AppData, place: Place): { user: number | undefined; group: number | undefined } {
  const wanted = typeof place === 'string' ? place : place.id;
  const id = Number(wanted);
  return {
    user: app.users.byName(wanted)?.id ?? app.users.get(id)?.id,
    group: [...app.groups].find(({ info }) => info.name === wanted)?.id ?? app.groups.get(id)?.id,
  };
}

const nameOf = (place: Place): string => JSON.stringify(typeof place === 'string' ? place : place.id);
const known = (names: readonly string[]): string => (names.length === 0 ? '' : `; there are ${names.join(', ')}`);
