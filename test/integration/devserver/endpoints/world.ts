import { FrameCommand, GroupNoticeType, MetaNameSpace, RosterNoticeType, UserNoticeType } from 'flooim/wire';
import type { Meta, SyncDown } from 'flooim/wire';
import type { AppData, DevServer } from 'flooim-devserver';
import { BareClient } from '../../../support/bare-client.ts';
import type { Envelope } from '../harness.ts';
import type { Caller, Listener, Person, Values } from './endpoint-table.ts';

export const PEOPLE: readonly Person[] = ['alice', 'bob', 'carol'];
export const PASSWORD = 'secret12';

export interface Request {
  method: string;
  path: string;
  by: Caller;
  query?: Values;
  body?: Values;
}

/** People, a friendship and a group, in an app of their own; `alice`, `bob`, `carol` and `group` are ids. */
export type World = Readonly<Record<Person, number>> & {
  readonly server: DevServer;
  readonly app: AppData;
  readonly group: number;
  readonly tokens: Readonly<Record<Person, string>>;
  /** What the preparation of a row found out and its call needs. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads the JSON that it expects
  readonly kept: Record<string, any>;
  call(request: Request): Promise<Envelope>;
  post(by: Caller, path: string, body?: Values, query?: Values): Promise<Envelope>;
  get(by: Caller, path: string, query?: Values): Promise<Envelope>;
};

let worlds = 0;

export function createWorld(server: DevServer): World {
  const app = server.data.app(`app-${++worlds}`);
  const now = Date.now();
  const users = PEOPLE.map((name) => app.users.add(name, PASSWORD).id);
  const [alice, bob, carol] = users as [number, number, number];
  app.roster.befriend(alice, bob);
  const group = app.groups.create({ ownerId: alice, type: 0, info: { name: 'club' } }, now);
  group.members.set(bob, { userId: bob, joinedAt: now, admin: false, msgMuteMode: 0 });
  const issue = (user: number): string => server.data.tokens.issue(app.appId, user, now).token;
  const tokens = { alice: issue(alice), bob: issue(bob), carol: issue(carol) };

  const world: World = {
    ...{ server, app, alice, bob, carol, group: group.id, tokens, kept: {} },
    async call({ method, path, by, query = {}, body = {} }) {
      const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
      const response = await fetch(`${server.url}${path}?${search}`, {
        method,
        headers: { app_id: app.appId, 'content-type': 'application/json', ...credentials(world, by) },
        ...(method !== 'GET' && { body: JSON.stringify(body) }),
      });
      return (await response.json()) as Envelope;
    },
    post: (by, path, body = {}, query = {}) => world.call({ method: 'POST', path, by, body, query }),
    get: (by, path, query = {}) => world.call({ method: 'GET', path, by, query }),
  };
  return world;
}

function credentials(world: World, by: Caller): Record<string, string> {
  if (by === 'nobody') return {};
  if (by === 'admin') return { 'access-token': world.server.adminToken };
  if (by === 'admin for alice') return { 'access-token': world.server.adminToken, user_id: String(world.alice) };
  return { 'access-token': world.tokens[by] };
}

export type Devices = ReadonlyMap<Listener, BareClient>;

/** Two devices of everybody, which have seen all there was. */
export async function goOnline(world: World): Promise<Devices> {
  const devices = new Map<Listener, BareClient>();
  for (const person of PEOPLE) {
    for (const number of [1, 2] as const) {
      const client = await BareClient.open(world.server.url);
      const token =
        number === 1
          ? world.tokens[person]
          : world.server.data.tokens.issue(world.app.appId, world[person], Date.now()).token;
      await client.provision({ xid: { uid: String(world[person]) }, token, device_guid: `${person}${number}` });
      devices.set(`${person}${number}`, client);
    }
  }
  for (const client of devices.values()) await client.syncAll(0);
  return devices;
}

/** Every notice that the device was given since it went online; from a closed one, what was pushed to it. */
export async function noticesOf(world: World, device: BareClient): Promise<string[]> {
  const metas = device.isClosed ? pushed(device) : await device.syncAll(0);
  return metas.map((meta) => describeNotice(world, meta));
}

function pushed(device: BareClient): Meta[] {
  return device.inbox
    .filter(({ command }) => command === FrameCommand.SYNC)
    .flatMap(({ payload }) => (payload as SyncDown).metas ?? []);
}

interface Payload {
  type: number;
  gid?: { uid?: string };
  from?: { uid?: string };
  to?: { uid?: string }[];
  content: string;
}

const KINDS = new Map<number, readonly [name: string, types: Readonly<Record<string, number>>]>([
  [MetaNameSpace.ROSTER_NOTICE, ['roster', RosterNoticeType]],
  [MetaNameSpace.GROUP_NOTICE, ['group', GroupNoticeType]],
  [MetaNameSpace.USER_NOTICE, ['user', UserNoticeType]],
]);

/** Such as `roster ACCEPTED bob→alice` or `group KICKED alice→bob,carol: content`; a user notice is from nobody. */
function describeNotice(world: World, { ns, payload }: Meta): string {
  const [kind, types] = KINDS.get(ns) ?? ['message', {}];
  const { type, from, to = [], content, gid } = payload as Payload;
  const nameOf = (xid?: { uid?: string }): string =>
    PEOPLE.find((person) => String(world[person]) === xid?.uid) ?? String(xid?.uid);
  const typeName = Object.keys(types).find((name) => types[name] === type) ?? String(type);
  const elsewhere = gid && gid.uid !== String(world.group) ? ' of another group' : '';
  const people = from ? ` ${nameOf(from)}→${to.map(nameOf).join(',')}` : '';
  return `${kind} ${typeName}${elsewhere}${people}${content && `: ${content}`}`;
}
