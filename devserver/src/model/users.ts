import type { Records } from '../records/records.ts';
import type { IdSource } from './ids.ts';
import { Table } from './table.ts';

/** The settings of a user. {@link newUserSettings} has the values of a new one. */
export interface UserSettings {
  auth_mode: number;
  auth_question?: string;
  auth_answer?: string;
  group_confirm: boolean;
  auto_download: boolean;
  no_push: boolean;
  no_push_detail: boolean;
  no_push_start_hour: number;
  no_push_end_hour: number;
  silence_start_time?: number;
  silence_end_time?: number;
  push_nick_name?: string;
  push_token?: string;
  no_sounds: boolean;
  vibratory: boolean;
}

export interface UserProfile {
  nick_name?: string;
  avatar?: string;
  description?: string;
  email?: string;
  mobile?: string;
  private_info?: string;
  public_info?: string;
}

export interface User {
  readonly id: number;
  readonly username: string;
  password: string;
  profile: UserProfile;
  settings: UserSettings;
  frozen: boolean;
  removed: boolean;
  /** Set for a user that everybody may write to. The server answers for a `chatbot`. */
  staff?: 'official' | 'chatbot';
  /** What pushes to the user are found by, and the number on the icon of its app. */
  push?: { alias?: string; badge?: number; tags: string[] };
  /** The conversations at the top of the user's list. */
  pinned?: number[];
  /** ms since 1970 of the socket login before this one; 0 when there was none. */
  lastLoginAt: number;
}

function newUserSettings(): UserSettings {
  return {
    auth_mode: 0,
    group_confirm: false,
    auto_download: false,
    no_push: false,
    no_push_detail: false,
    no_push_start_hour: 0,
    no_push_end_hour: 0,
    no_sounds: false,
    vibratory: false,
  };
}

/** The accounts of one app. Removed users stay, so that a removed id differs from an unknown one. */
export class Users {
  readonly #ids: IdSource;
  readonly #byId: Table<number, User>;

  constructor(ids: IdSource, records: Records) {
    this.#ids = ids;
    this.#byId = new Table(records, 'users');
  }

  add(username: string, password: string): User {
    const id = this.#ids.userId();
    const user: User = {
      id,
      username,
      password,
      profile: {},
      settings: newUserSettings(),
      frozen: false,
      removed: false,
      lastLoginAt: 0,
    };
    this.#byId.set(id, user);
    return user;
  }

  /** The living user with this id. */
  get(id: number): User | undefined {
    const user = this.#byId.get(id);
    return user?.removed ? undefined : user;
  }

  wasRemoved(id: number): boolean {
    return this.#byId.get(id)?.removed === true;
  }

  find(matches: (user: User) => boolean): User | undefined {
    for (const user of this) if (matches(user)) return this.get(user.id);
    return undefined;
  }

  byName(username: string): User | undefined {
    return this.find((user) => user.username === username);
  }

  *[Symbol.iterator](): Iterator<User> {
    for (const user of this.#byId.values()) if (!user.removed) yield user;
  }
}
