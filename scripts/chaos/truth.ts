// What the server knows.
import type { UserTruth as ServerTruth } from 'flooim-devserver';

export interface TruthMessage {
  readonly id: string;
  readonly from: number;
  readonly content: string;
  /** As this user sees it, see `Message.status`. */
  readonly status: number;
}

export interface TruthConversation {
  /** `roster:<uid>` or `group:<gid>`. */
  readonly name: string;
  /** Oldest first. */
  readonly messages: readonly TruthMessage[];
  readonly unread: number;
}

/** What one user can see. */
export type UserTruth = readonly TruthConversation[];

/** The groups that the user is in, and all friends. */
export function truthOf({ groups, conversations }: ServerTruth): UserTruth {
  return conversations
    .filter(({ id, inGroup }) => id !== 0 && (!inGroup || groups.includes(id)))
    .map(({ id, inGroup, messages, unread }) => ({
      name: `${inGroup ? 'group' : 'roster'}:${id}`,
      unread,
      messages: messages.map((message) => ({
        id: message.id,
        from: message.from,
        content: message.body.content ?? '',
        status: message.status,
      })),
    }));
}
