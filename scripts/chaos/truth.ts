// What the server knows, read from its data.
import type { AppData } from 'flooim-devserver';

export interface TruthMessage {
  readonly id: string;
  readonly from: number;
  readonly content: string;
  readonly isRead: boolean;
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

export function truthOf(app: AppData, userId: number): UserTruth {
  return app.messages
    .conversationsOf(userId)
    .filter((id) => id !== 0 && (!app.groups.isGroupId(id) || app.groups.get(id)?.members.has(userId) === true))
    .map((id) => {
      const view = app.historyView(userId, id);
      const { messages } = app.messages.page(view, 0n, Infinity);
      const seen = messages.reverse().map(({ id: mid, fromId, body, readBy }) => ({
        id: String(mid),
        from: fromId,
        content: body.content ?? '',
        isRead: fromId === userId || readBy.has(userId),
      }));
      return {
        name: `${view.inGroup ? 'group' : 'roster'}:${id}`,
        messages: seen,
        unread: seen.filter(({ isRead }) => !isRead).length,
      };
    });
}
