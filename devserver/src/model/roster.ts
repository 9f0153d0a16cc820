import type { Records } from '../records/records.ts';
import { Table } from './table.ts';

const APPLICATION_LIFETIME_MS = 7 * 24 * 3600 * 1000;

const Relation = { FRIEND: 0, DELETED: 1, STRANGER: 2, BLOCKED: 3 } as const;
export const RequestStatus = { PENDING: 0, ACCEPTED: 1, DECLINED: 2 } as const;

/** A user's own notes about a friend. */
interface RosterEntry {
  alias?: string;
  ext?: string;
  mute_notification: boolean;
}

export interface RosterApplication {
  readonly applicantId: number;
  readonly alias: string;
  reason: string;
  status: number;
  expiresAt: number;
}

interface Book {
  friends: Map<number, RosterEntry>;
  deletedBy: Set<number>;
  blocked: Set<number>;
  received: Map<number, RosterApplication>;
}

/**
 * Friendships, blacklists and friend applications of one app. Friendship is symmetric; everything else belongs to one
 * user.
 */
export class Roster {
  readonly #books: Table<number, Book>;

  constructor(records: Records) {
    this.#books = new Table(records, 'roster');
  }

  friendsOf(userId: number): number[] {
    return [...this.#book(userId).friends.keys()];
  }

  entry(userId: number, friendId: number): RosterEntry | undefined {
    return this.#book(userId).friends.get(friendId);
  }

  areFriends(a: number, b: number): boolean {
    return this.#book(a).friends.has(b);
  }

  relation(userId: number, otherId: number): number {
    const book = this.#book(userId);
    if (book.blocked.has(otherId)) return Relation.BLOCKED;
    if (book.friends.has(otherId)) return Relation.FRIEND;
    return book.deletedBy.has(otherId) ? Relation.DELETED : Relation.STRANGER;
  }

  befriend(a: number, b: number, aliasOfB = ''): void {
    this.#addFriend(a, b, aliasOfB);
    this.#addFriend(b, a, '');
  }

  /** Ends the friendship. `removedId` then sees the relation "deleted", `userId` sees "stranger". */
  unfriend(userId: number, removedId: number): void {
    this.#book(userId).friends.delete(removedId);
    this.#book(removedId).friends.delete(userId);
    this.#book(removedId).deletedBy.add(userId);
  }

  blockedBy(userId: number): number[] {
    return [...this.#book(userId).blocked];
  }

  hasBlocked(userId: number, otherId: number): boolean {
    return this.#book(userId).blocked.has(otherId);
  }

  block(userId: number, otherId: number): void {
    this.#book(userId).blocked.add(otherId);
  }

  unblock(userId: number, otherId: number): void {
    this.#book(userId).blocked.delete(otherId);
  }

  /** Applies for friendship. Another application while one is pending replaces it. */
  apply(applicantId: number, targetId: number, application: { reason: string; alias: string }, now: number): void {
    this.#book(targetId).received.set(applicantId, {
      ...application,
      applicantId,
      status: RequestStatus.PENDING,
      expiresAt: now + APPLICATION_LIFETIME_MS,
    });
  }

  applicationsTo(userId: number): RosterApplication[] {
    return [...this.#book(userId).received.values()];
  }

  pending(applicantId: number, targetId: number, now: number): RosterApplication | undefined {
    const application = this.#book(targetId).received.get(applicantId);
    return application?.status === RequestStatus.PENDING && application.expiresAt > now ? application : undefined;
  }

  #addFriend(userId: number, friendId: number, alias: string): void {
    const book = this.#book(userId);
    if (!book.friends.has(friendId)) book.friends.set(friendId, { ...(alias && { alias }), mute_notification: false });
    book.deletedBy.delete(friendId);
  }

  #book(userId: number): Book {
    let book = this.#books.get(userId);
    if (!book) {
      book = { friends: new Map(), deletedBy: new Set(), blocked: new Set(), received: new Map() };
      this.#books.set(userId, book);
    }
    return book;
  }
}
