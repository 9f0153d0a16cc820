import { parseId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';

/** Who is logged in under one slot of an app, as the vault keeps it. */
export interface IdentityRecord {
  /** Number of the last change. The mirror has the number of the change that it shows. */
  readonly seq: number;
  /** The user who logged in last. Absent when that user logged out. */
  readonly last?: Id;
  /** Users who are logged in, in some tab or under some DNS server. A user who logged out is not here. */
  readonly users: Readonly<Record<Id, StoredIdentity>>;
  /** The deployed SDK's user was taken over, which happens once. */
  readonly isImported?: true;
}

export interface StoredIdentity {
  readonly token: string;
  /** The DNS server that the token belongs to, see `dnsOwner`. */
  readonly dns: string;
}

/** Tabs and servers of one browser. Far above what is used; the oldest login goes first. */
const MAX_USERS = 32;

/** The record in a text; undefined when there is none, or when something else wrote it. */
export function parseIdentityRecord(text: string | undefined): IdentityRecord | undefined {
  try {
    const { seq, last, users, isImported } = Object(JSON.parse(text ?? '')) as Record<string, unknown>;
    if (typeof seq !== 'number' || !Number.isSafeInteger(seq)) return undefined;
    const uid = parseId(last);
    return { seq, users: parseUsers(users), ...(uid && { last: uid }), ...(isImported === true && { isImported }) };
  } catch {
    // Not JSON.
    return undefined;
  }
}

function parseUsers(users: unknown): Record<Id, StoredIdentity> {
  const parsed: Record<Id, StoredIdentity> = {};
  for (const [uid, user] of Object.entries(Object(users) as object)) {
    const { token, dns } = Object(user) as Record<string, unknown>;
    if (parseId(uid) && token && typeof token === 'string' && typeof dns === 'string') parsed[uid] = { token, dns };
  }
  return parsed;
}

/** The record after a login. */
export function withUser(record: IdentityRecord, uid: Id, identity: StoredIdentity): IdentityRecord {
  const others = withoutUser(record, uid).users;
  const kept = Object.keys(others).slice(1 - MAX_USERS);
  const users: Record<Id, StoredIdentity> = {};
  for (const other of kept) users[other] = others[other]!;
  return { ...record, last: uid, users: { ...users, [uid]: identity } };
}

/** The record after a logout. */
export function withoutUser({ last, users, ...rest }: IdentityRecord, uid: Id): IdentityRecord {
  const { [uid]: _gone, ...others } = users;
  return { ...rest, users: others, ...(last !== undefined && last !== uid && { last }) };
}
