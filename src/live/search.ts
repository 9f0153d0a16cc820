import type { ContactSearch, ConversationType, FoundMessage, IdInput } from '../index.ts';
import { createFetched } from './fetched.ts';
import type { LiveFetched } from './fetched.ts';
import type { Hub } from './hub.ts';

/** Where a search looks for messages. */
export interface SearchOptions {
  /** Only in the conversation with this id and `type`. */
  readonly id?: IdInput | undefined;
  /** Only in chats with users, or only in groups. */
  readonly type?: ConversationType | undefined;
  /**
   * Most messages to find.
   * @default 50
   */
  readonly limit?: number | undefined;
}

/** What a search has found. */
export interface Found extends ContactSearch {
  /** Stored text messages that contain every word, newest first. */
  readonly messages: readonly FoundMessage[];
}

/** A search whose words change while the user types. The answer to the last words counts. */
export interface LiveSearch extends LiveFetched<Found> {
  /** Searches for these words when they have stayed for a moment. Blank: for nothing. */
  setQuery(query: string): void;
}

/** The user may still be typing. */
const PAUSE_MS = 200;

export function liveSearch(hub: Hub, { id, type, limit }: SearchOptions): LiveSearch {
  const empty: Found = { messages: [], rosterArr: [], groupArr: [] };
  const where = { ...(id !== undefined && { id }), ...(type && { type }), ...(limit && { limit }) };
  let query = '';
  let pause: ReturnType<typeof setTimeout> | undefined;
  const live = createFetched<Found>(hub, {
    empty,
    fetch: async ({ sysManage }) => {
      if (!query) return empty;
      const contacts = sysManage.makeSearch(query);
      return { ...contacts, messages: await sysManage.searchMessages(query, where) };
    },
  });
  return {
    ...live,
    setQuery: (text) => {
      const wanted = text.trim();
      if (wanted === query) return;
      query = wanted;
      clearTimeout(pause);
      pause = setTimeout(() => void live.reload(), query ? PAUSE_MS : 0);
    },
  };
}
