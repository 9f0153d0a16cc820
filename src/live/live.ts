import type { FlooClient } from '../index.ts';
import { keepEqual } from './equal.ts';
import type { Hub, HubEvent, Topic } from './hub.ts';

/** A value that changes, as React's `useSyncExternalStore` takes it. */
export interface Live<T> {
  /** Returns the value now: the same reference until it changes. */
  get(): T;
  /** Returns the value without a client: on a server, and where its page is being taken over. */
  getEmpty(): T;
  /**
   * Follows the value.
   *
   * @param onChange - is called after each change
   * @returns a function that ends it
   */
  subscribe(onChange: () => void): () => void;
}

interface Source<T> {
  /** What it is about, besides the session. */
  readonly topics?: readonly Topic[];
  /** The value without a client. */
  readonly empty: T;
  /** Reads the value. Absent: there is nothing to read, because the app has chosen nothing. */
  readonly read: ((client: FlooClient) => T) | undefined;
  /** Is called with each event while somebody follows the value, before it is read again. */
  onEvent?(event: HubEvent, payload: unknown): void;
  /** Keeps of the value before what has the same content. */
  keep?(before: T, next: T): T;
}

/** A live value, and how its owner has it read again. */
export interface LiveSource<T> extends Live<T> {
  /** The value may be another one. */
  update(): void;
}

/** Makes a live value. It follows the client while somebody follows it. */
export function createLive<T>(hub: Hub, source: Source<T>): LiveSource<T> {
  const { topics = [], empty, read, onEvent, keep = keepEqual } = source;
  const subscribers = new Set<{ onChange: () => void }>();
  let value = empty;
  let isRead = false;
  let leave: () => void;

  const get = (): T => {
    if (!isRead) value = keep(value, hub.client && read ? read(hub.client) : empty);
    isRead = true;
    return value;
  };
  const refresh = (): void => {
    const before = value;
    isRead = false;
    if (get() !== before) for (const { onChange } of [...subscribers]) onChange();
  };
  const update = (): void => hub.schedule(refresh);
  const handle = (event: HubEvent, payload?: unknown): void => {
    if (onEvent && read) onEvent(event, payload);
    update();
  };
  return {
    get,
    getEmpty: () => empty,
    update,
    subscribe: (onChange) => {
      const subscriber = { onChange };
      subscribers.add(subscriber);
      if (subscribers.size === 1) leave = hub.join({ topics, handle });
      return () => {
        if (subscribers.delete(subscriber) && subscribers.size === 0) leave();
      };
    },
  };
}
