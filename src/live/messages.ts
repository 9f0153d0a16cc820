import type { FlooClient, FlooError, FlooNotice, Id, Message, MessageReference } from '../index.ts';
import type { ConversationRef } from './conversations.ts';
import { keepItems } from './equal.ts';
import type { Hub, HubEvent } from './hub.ts';
import { createLive } from './live.ts';
import type { Live } from './live.ts';
import { BEGINNING, isBelow, NO_LIST, withNewest, withPage } from './message-list.ts';
import type { MessageChanges } from './message-list.ts';

/** How the messages of a conversation are read. */
export interface MessagesOptions {
  /**
   * Messages on a page.
   * @default 50
   */
  readonly pageSize?: number | undefined;
}

/** The messages of a conversation. */
export interface MessagesState {
  /**
   * The messages in their order: those that the server has, then those on their way or failed, which have a `sendingStatus`.
   * `messageKey` names each for keys of lists.
   */
  readonly messages: readonly Message[];
  /** Whether there may be older messages: {@link MessagesActions.loadOlder} reads them. */
  readonly hasMore: boolean;
  /** Whether a page is being read. */
  readonly isLoading: boolean;
  /** Why the last page could not be read. Undefined when it could. */
  readonly error: FlooError | undefined;
}

/** What a list of messages can do. */
export interface MessagesActions {
  /**
   * Reads the page before the oldest message. It does nothing while a page is being read, when there is no older one, and while
   * the server is needed and not reached. It resolves when that is done, and never rejects.
   */
  loadOlder(): Promise<void>;
  /** Marks all messages of the conversation as read. */
  markRead(): void;
}

/** The messages of a conversation, and what to do with them. */
export interface LiveMessages extends Live<MessagesState>, MessagesActions {}

/**
 * Returns the text that names a message in its list, before and after the server has it.
 *
 * @param message - a message of the list
 */
export const messageKey = (message: Message): string => message.clientMid ?? message.id;

const DEFAULT_PAGE = 50;

/** The messages of a conversation while somebody looks at it, from the oldest page that was read to the newest message. */
export function liveMessages(hub: Hub, ref: ConversationRef | undefined, limit = DEFAULT_PAGE): LiveMessages {
  let view = newView();
  /** Whose messages they are. */
  let uid: number | undefined;

  const reset = (): void => {
    view = newView();
    live.update();
  };
  /** An answer counts while the view that asked for it is there. */
  const loadPage = async (client: FlooClient, { type, id }: ConversationRef, before: Id): Promise<void> => {
    const asking = view;
    asking.isLoading = true;
    live.update();
    await client.sysManage.getMessages({ type, id, before, limit }).then(
      ({ messages, complete }) => {
        asking.error = undefined;
        asking.isCut = !complete && messages.length < limit;
        asking.list = withPage(asking.list, messages, complete && messages.length < limit);
      },
      // Every call of the client rejects with a FlooError.
      (error: unknown) => (asking.error = error as FlooError),
    );
    asking.isLoading = false;
    live.update();
  };
  /** A message that is not in memory is another one. When it cannot be read it stays as it was. */
  const readAgain = (client: FlooClient, mid: Id): void => {
    const { changes } = view;
    const isRead = (message: Message | undefined): void => {
      if (message) changes.set(mid, message);
      live.update();
    };
    client.sysManage.getMessage({ ...ref!, mid }).then(isRead, () => undefined);
  };
  const handle = (event: HubEvent, payload: unknown): void => {
    const client = hub.client!;
    const id = String(ref!.id);
    // The payload of an event about messages, or of another one.
    const about = Object(payload) as Partial<Message & MessageReference & FlooNotice>;
    if (event === 'open' || event === 'close') {
      reset();
      view.isFollowed = event === 'open';
    } else if (event === 'connectionState') view.hasNewest = view.hasNewest && !view.isCut && !view.error;
    else if (about.category === 'conversation_deleted') {
      if (about.desc?.id === id) view.list = NO_LIST;
    } else if (about.toType) {
      const message = payload as Message;
      if (isWithin(ref!, message)) view.changes.set(message.id, message);
    } else if (about.uid === id && about.mid) {
      if (event === 'onMessageRecalled' || event === 'onMessageDeleted') view.changes.set(about.mid, undefined);
      else if (view.inMemory && isBelow(about.mid, view.inMemory)) readAgain(client, about.mid);
    }
  };
  const read = (client: FlooClient, conversation: ConversationRef): MessagesState => {
    const user = client.userManage.getUid();
    if (user !== uid) view = { ...newView(), isFollowed: view.isFollowed };
    uid = user;
    const newest = messagesInMemory(client, conversation);
    view.list = withNewest(view.list, view.changes, newest, limit);
    view.changes.clear();
    view.inMemory = newest[0]?.id;
    if (view.isFollowed && !view.hasNewest && !view.isLoading && client.isLogin()) {
      view.hasNewest = true;
      void loadPage(client, conversation, BEGINNING);
    }
    const { list, error } = view;
    return {
      messages: [...list.messages, ...client.sysManage.getSendingMessages(conversation.id, conversation.type)],
      hasMore: list.from !== undefined && list.from !== BEGINNING,
      isLoading: view.isLoading || (!view.hasNewest && client.isLogin()),
      error,
    };
  };
  const live = createLive<MessagesState>(hub, {
    topics: ['messages', 'list'],
    empty: { messages: [], hasMore: false, isLoading: false, error: undefined },
    onEvent: handle,
    read: ref && ((client) => read(client, ref)),
    keep: (before, next) => {
      const messages = keepItems(before.messages, next.messages, messageKey);
      const { hasMore, isLoading, error } = before;
      const isSame = hasMore === next.hasMore && isLoading === next.isLoading && error === next.error;
      return isSame && messages === before.messages ? before : { ...next, messages };
    },
  });
  return {
    ...live,
    loadOlder: async () => {
      const { isLoading, isCut, list } = view;
      if (ref && list.from && list.from !== BEGINNING && !isLoading && !isCut)
        await loadPage(hub.must(), ref, list.from);
    },
    markRead: () => {
      if (!ref || !hub.client) return;
      if (ref.type === 'group') hub.client.groupManage.readGroupMessage(ref.id);
      else hub.client.rosterManage.readRosterMessage(ref.id);
    },
  };
}

/** What is known of the messages, for one user. */
interface View {
  list: typeof NO_LIST;
  /** What events have said since it was read. */
  readonly changes: MessageChanges;
  /** The oldest message in memory. */
  inMemory: Id | undefined;
  isFollowed: boolean;
  /** Whether the newest page was asked for. */
  hasNewest: boolean;
  isLoading: boolean;
  /** The last page ended early, because the rest is at the server only. */
  isCut: boolean;
  error: FlooError | undefined;
}

const newView = (): View => ({
  list: NO_LIST,
  changes: new Map(),
  inMemory: undefined,
  isFollowed: false,
  hasNewest: false,
  isLoading: false,
  isCut: false,
  error: undefined,
});

const messagesInMemory = ({ groupManage, rosterManage }: FlooClient, { type, id }: ConversationRef): Message[] =>
  type === 'group' ? groupManage.getGroupMessage(id) : rosterManage.getRosterMessageByRid(id);

/** Whether a message is one of the conversation. */
const isWithin = ({ type, id }: ConversationRef, { toType, isOwn, from, to }: Message): boolean =>
  toType === type && (isOwn || toType === 'group' ? to : from) === String(id);
