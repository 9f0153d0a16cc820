import type { Records } from '../records/records.ts';
import type { IdSource } from './ids.ts';
import { RequestStatus } from './roster.ts';
import { Table } from './table.ts';

const REQUEST_LIFETIME_MS = 7 * 24 * 3600 * 1000;
const CAPACITY = 200;
const KICKS_ALLOWED = 3;

/** A ban that never ends. Ends of bans are ms since 1970 everywhere else. */
export const FOREVER = -1;
export const GroupStatus = { NORMAL: 0, DESTROYED: 1 } as const;

/** The switches of a group; their names are the GroupInfo fields. */
export interface GroupSettings {
  member_invite: boolean;
  member_modify: boolean;
  apply_approval: number;
  read_ack: boolean;
  history_visible: boolean;
  hide_member_info: boolean;
}

export interface Member {
  readonly userId: number;
  readonly joinedAt: number;
  displayName?: string;
  admin: boolean;
  msgMuteMode: number;
  msgPushMode?: number;
}

/** An invitation (by `otherId`) or an application (`otherId` is the applicant too). */
export interface JoinRequest {
  readonly groupId: number;
  readonly userId: number;
  readonly otherId: number;
  readonly reason: string;
  readonly expiresAt: number;
  status: number;
  updatedAt: number;
}

export interface Announcement {
  readonly id: number;
  readonly group_id: number;
  readonly title: string;
  readonly content: string;
  readonly author: number;
  readonly created_at: number;
}

export interface SharedFile {
  readonly file_id: number;
  readonly group_id: number;
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly url: string;
  readonly uploader: number;
  readonly created_at: number;
  readonly updated_at: number;
}

export interface Group {
  readonly id: number;
  readonly type: number;
  readonly capacity: number;
  readonly createdAt: number;
  info: { name: string; description?: string; avatar?: string; ext?: string };
  ownerId: number;
  status: number;
  updatedAt: number;
  settings: GroupSettings;
  /** When the ban of all plain members ends: 0, ms since 1970 or {@link FOREVER}. */
  banExpireTime: number;
  readonly members: Map<number, Member>;
  /** User → when the ban ends. */
  readonly banned: Map<number, number>;
  /** User → since when. */
  readonly blocked: Map<number, number>;
  readonly kicks: Map<number, number>;
  readonly invitations: Map<number, JoinRequest>;
  readonly applications: Map<number, JoinRequest>;
  announcements: Announcement[];
  files: SharedFile[];
}

interface NewGroup {
  ownerId: number;
  type: number;
  info: Group['info'];
}

/** The groups of one app. */
export class Groups {
  readonly #ids: IdSource;
  readonly #byId: Table<number, Group>;

  constructor(ids: IdSource, records: Records) {
    this.#ids = ids;
    this.#byId = new Table(records, 'groups');
  }

  create({ ownerId, type, info }: NewGroup, now: number): Group {
    const group: Group = {
      id: this.#ids.groupId(),
      type,
      capacity: CAPACITY,
      createdAt: now,
      info,
      ownerId,
      status: GroupStatus.NORMAL,
      updatedAt: now,
      settings: {
        member_invite: true,
        member_modify: false,
        apply_approval: 1,
        read_ack: false,
        history_visible: false,
        hide_member_info: false,
      },
      banExpireTime: 0,
      members: new Map(),
      banned: new Map(),
      blocked: new Map(),
      kicks: new Map(),
      invitations: new Map(),
      applications: new Map(),
      announcements: [],
      files: [],
    };
    this.#byId.set(group.id, group);
    join(group, ownerId, now);
    return group;
  }

  /** The living group with this id. */
  get(id: number): Group | undefined {
    const group = this.#byId.get(id);
    return group?.status === GroupStatus.NORMAL ? group : undefined;
  }

  isGroupId(id: number): boolean {
    return this.#byId.has(id);
  }

  *[Symbol.iterator](): Iterator<Group> {
    for (const group of this.#byId.values()) if (group.status === GroupStatus.NORMAL) yield group;
  }

  joinedBy(userId: number): Group[] {
    return [...this].filter((group) => group.members.has(userId)).map(({ id }) => this.get(id)!);
  }
}

export function join(group: Group, userId: number, now: number): void {
  group.members.set(userId, { userId, joinedAt: now, admin: false, msgMuteMode: 0 });
  touch(group, now);
}

/** Removes a member; its ban ends with the membership. */
export function removeMember(group: Group, userId: number, now: number): void {
  group.members.delete(userId);
  group.banned.delete(userId);
  touch(group, now);
}

/** Marks the group as changed: `updated_at` and the `version` of its lists increase. */
export function touch(group: Group, now: number): void {
  group.updatedAt = now;
}

export function isAdmin(group: Group, userId: number): boolean {
  return group.ownerId === userId || group.members.get(userId)?.admin === true;
}

/** Owner and admins. */
export function adminsOf(group: Group): number[] {
  return [...group.members.keys()].filter((userId) => isAdmin(group, userId));
}

export function wasKickedTooOften(group: Group, userId: number): boolean {
  return (group.kicks.get(userId) ?? 0) > KICKS_ALLOWED;
}

export function isRunning(banExpireTime: number, now: number): boolean {
  return banExpireTime === FOREVER || banExpireTime > now;
}

/** Whether this member may not write: banned itself, or a plain member while all are banned. */
export function isBanned(group: Group, userId: number, now: number): boolean {
  if (isRunning(group.banned.get(userId) ?? 0, now)) return true;
  return isRunning(group.banExpireTime, now) && !isAdmin(group, userId);
}

export function newJoinRequest(
  groupId: number,
  userId: number,
  otherId: number,
  reason: string,
  now: number,
): JoinRequest {
  return {
    groupId,
    userId,
    otherId,
    reason,
    status: RequestStatus.PENDING,
    expiresAt: now + REQUEST_LIFETIME_MS,
    updatedAt: now,
  };
}

export function isPending(request: JoinRequest | undefined, now: number): request is JoinRequest {
  return request?.status === RequestStatus.PENDING && request.expiresAt > now;
}
