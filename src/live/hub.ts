import type { EventName, FlooClient } from '../index.ts';

/** Events by what they are about. */
const TOPICS = {
  session: ['loginSuccess', 'loginFail', 'logout', 'flooNotice', 'connectionState'],
  list: ['recentlistUpdate', 'onUnreadChange'],
  people: [
    'onRosterListUpdate',
    'onRosterInfoUpdate',
    'onGroupListUpdate',
    'onGroupInfoUpdated',
    'onGroupMemberChanged',
  ],
  requests: [
    ...(['onRosterApplied', 'onRosterAccepted', 'onRosterDeclined'] as const),
    ...(['onGroupInvited', 'onGroupInvitedAccepted', 'onGroupInvitedDeclined', 'onGroupJoined'] as const),
  ],
  messages: [
    ...(['onRosterMessage', 'onGroupMessage', 'onInputStatusMessage', 'onReceiveHistoryMsg'] as const),
    ...(['onRosterMessageContentAppend', 'onGroupMessageContentAppend'] as const),
    ...(['onRosterMessageReplace', 'onGroupMessageReplace'] as const),
    ...(['onMessageStatusChanged', 'onMessageCanceled', 'onMessageRecalled', 'onMessageDeleted'] as const),
    ...(['onSendingMessageStatusChanged', 'onUploadProgress'] as const),
  ],
} as const satisfies Record<string, readonly EventName[]>;

/** What a live value is about. Every one is about the session, too. */
export type Topic = keyof typeof TOPICS;

/** An event of the client. `open`: there is a client, and somebody follows the value. `close`: not any more. */
export type HubEvent = EventName | 'open' | 'close';

/** A value that is followed. */
interface Member {
  readonly topics: readonly Topic[];
  handle(event: HubEvent, payload?: unknown): void;
}

/** What all live values share: the client, one handler for each event, and one moment at which they change. */
export interface Hub {
  /** Undefined on a server, and before the client is made. */
  readonly client: FlooClient | undefined;
  /** @throws Error when there is no client, because what was to be done would be lost */
  must(): FlooClient;
  /** Makes the client, if the app has not given one, and follows it. @returns a function that ends it */
  open(): () => void;
  /** Passes on an event of a topic. */
  emit(event: HubEvent, topic: Topic, payload?: unknown): void;
  /** Makes a value once for all who follow it. */
  of<Shared>(make: (hub: Hub) => Shared): Shared;
  /** @returns a function that leaves */
  join(member: Member): () => void;
  /**
   * Runs the update at the end of the present turn, and once however often it is asked for. After a run the next one waits
   * for a frame, so that a burst of events changes the views once a frame.
   */
  schedule(update: () => void): void;
}

/** The least time between two updates of the views: about a frame. */
const FRAME_MS = 16;

/** @param source - the client, or how to make it */
export function createHub(source: FlooClient | (() => FlooClient)): Hub {
  const members = new Set<Member>();
  const shared = new Map<unknown, unknown>();
  let client = typeof source === 'function' ? undefined : source;
  let isOpen = false;
  let updates = new Set<() => void>();
  let isScheduled = false;

  const emit = (event: HubEvent, topic: Topic, payload?: unknown): void => {
    for (const member of [...members])
      if (topic === 'session' || member.topics.includes(topic)) member.handle(event, payload);
  };
  const run = (): void => {
    const due = updates;
    updates = new Set();
    setTimeout(() => {
      isScheduled = updates.size > 0;
      if (isScheduled) run();
    }, FRAME_MS);
    for (const update of due) update();
  };
  // One handler for each event, because a client of `flooim()` takes two of the same source text for one.
  const bind = (im: FlooClient): (() => void)[] =>
    (Object.keys(TOPICS) as Topic[]).reduce<(() => void)[]>(
      (bound, topic) => [
        ...bound,
        ...TOPICS[topic].map((event) => im.on(event as EventName, (payload) => emit(event, topic, payload))),
      ],
      [],
    );

  const hub: Hub = {
    get client() {
      return client;
    },
    must: () => {
      if (!client) throw new Error('flooim: there is no client yet');
      return client;
    },
    open: () => {
      const made = typeof source === 'function' ? source() : source;
      client = made;
      isOpen = true;
      const bound = bind(made);
      emit('open', 'session');
      return () => {
        bound.forEach((unbind) => unbind());
        isOpen = false;
        if (typeof source === 'function') {
          client = undefined;
          void made.dispose();
        }
        emit('close', 'session');
      };
    },
    emit,
    of: <Shared>(make: (hub: Hub) => Shared) => {
      if (!shared.has(make)) shared.set(make, make(hub));
      return shared.get(make) as Shared;
    },
    join: (member) => {
      members.add(member);
      if (isOpen) member.handle('open');
      return () => {
        if (members.delete(member)) member.handle('close');
      };
    },
    schedule: (update) => {
      updates.add(update);
      if (isScheduled) return;
      isScheduled = true;
      void Promise.resolve().then(run);
    },
  };
  return hub;
}
