import { createPeerContacts } from './peer-contacts.ts';
import type { PeerContacts } from './peer-contacts.ts';
import { createPeerMessages } from './peer-messages.ts';
import type { PeerDeps, PeerMessages } from './peer-messages.ts';

/** What an account has beside its name. */
export interface NewUser {
  /**
   * Its password.
   *
   * @default 'secret'
   */
  password?: string;
  /** Its nickname. */
  nickname?: string;
  /**
   * Whether others have to ask for its friendship. Without it whoever asks is a friend at once.
   *
   * @default true
   */
  asksFriends?: boolean;
  /**
   * Whether it has to accept an invitation into a group. Without it, it is in the group at once.
   *
   * @default false
   */
  confirmsGroups?: boolean;
}

/** A user: an account to log in to, and a script for what somebody else does. */
export interface TestUser extends PeerMessages, PeerContacts {
  /** Its id, as clients have it. */
  readonly id: string;
  /** Its name. */
  readonly name: string;
  /** What `im.login()` takes. */
  readonly credentials: {
    /** Its name. */
    readonly name: string;
    /** Its password. */
    readonly password: string;
  };
}

export function createTestUser(deps: PeerDeps, userId: number): TestUser {
  const { username: name, password } = deps.app.users.get(userId)!;
  return {
    id: String(userId),
    name,
    credentials: { name, password },
    ...createPeerMessages(deps, userId),
    ...createPeerContacts(deps, userId),
  };
}
