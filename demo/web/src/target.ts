import type { ConversationType } from 'flooim';

/** A conversation: with a user, or in a group. */
export interface Target {
  type: ConversationType;
  id: string;
}

/** `roster/123` or `group/456`: the key in maps, and the open conversation after the `#` of the address. */
export const keyOf = ({ type, id }: Target): string => `${type}/${id}`;

export function targetInAddress(): Target | undefined {
  const match = /^#(roster|group)\/(\d+)$/.exec(location.hash);
  return match ? { type: match[1] as ConversationType, id: match[2]! } : undefined;
}

/** Opens a conversation; the browser's back button closes it. */
export function openInAddress(target: Target): void {
  location.hash = keyOf(target);
}

/** Closes the conversation without a step back to it in the history. */
export function clearAddress(): void {
  if (location.hash) history.replaceState(null, '', location.pathname + location.search);
}
