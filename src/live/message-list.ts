import type { Id, Message } from '../index.ts';
import { compareIds } from '../model/ids.ts';

/** Below every message: the list begins where the conversation does. */
export const BEGINNING: Id = '0';

/** The messages that the server has, without a hole from the oldest page that was read to the newest message. */
export interface MessageList {
  /** Ascending by id. */
  readonly messages: readonly Message[];
  /** Where the list begins: what is older comes with its page. Undefined until the first messages are known. */
  readonly from: Id | undefined;
}

export const NO_LIST: MessageList = { messages: [], from: undefined };

/** What events said: the message as it is now, or undefined when it is gone, by its id. */
export type MessageChanges = Map<Id, Message | undefined>;

export const isBelow = (one: Id, other: Id): boolean => compareIds(one, other) < 0;

/** Returns the messages with these changes, ascending by id. */
function withChanges(messages: readonly Message[], changes: MessageChanges): readonly Message[] {
  if (changes.size === 0) return messages;
  const all = new Map(messages.map((message) => [message.id, message]));
  for (const [id, message] of changes) {
    if (message) all.set(id, message);
    else all.delete(id);
  }
  return [...all.values()].sort((one, other) => compareIds(one.id, other.id));
}

/** Returns the list with a page before it. @param isFirst - whether the conversation begins with the page */
export function withPage(list: MessageList, page: readonly Message[], isFirst: boolean): MessageList {
  const messages = withChanges(list.messages, new Map(page.map((message) => [message.id, message])));
  return { messages, from: isFirst ? BEGINNING : list.from === BEGINNING ? BEGINNING : messages[0]?.id };
}

/**
 * Returns the list as it is now. What the client has in memory replaces everything from the first of it on. When messages may be
 * missing before that, the list begins again there.
 *
 * @param newest - the newest messages as the client has them in memory; empty while they are not there
 * @param limit - messages of a list that begins
 */
export function withNewest(
  { messages, from }: MessageList,
  changes: MessageChanges,
  newest: readonly Message[],
  limit: number,
): MessageList {
  const held = withChanges(messages, changes);
  const [first, last] = [newest[0], held[held.length - 1]];
  if (from === undefined || (first && last && isBelow(last.id, first.id))) {
    const shown = newest.slice(-limit);
    return { messages: shown, from: shown[0]?.id };
  }
  const ours = [...(first ? held.filter(({ id }) => isBelow(id, first.id)) : held), ...newest];
  return { messages: ours.filter(({ id }) => !isBelow(id, from)), from };
}
