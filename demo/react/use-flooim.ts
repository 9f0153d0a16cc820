// Hooks for React 18 and newer. Copy this file into your app. It needs only React and flooim.
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { createClient } from 'flooim';
import type { ClientOptions, ConversationItem, ConversationType, EventName, FlooClient, Message } from 'flooim';

export interface Floo {
  /** Undefined while the component is rendered for the first time, and on a server. */
  client: FlooClient | undefined;
  /** `connecting`: the user is logged in and stored data can be read. */
  connection: 'logged-out' | 'connecting' | 'online';
}

const NOBODY: Floo = { client: undefined, connection: 'logged-out' };

/**
 * Creates a client for as long as the component is mounted. A component that is mounted, unmounted and mounted again at
 * once, as StrictMode does, opens one socket. Other options create another client.
 */
export function useFlooim(options: ClientOptions): Floo {
  const [floo, setFloo] = useState(NOBODY);
  const text = JSON.stringify(options);
  useEffect(() => {
    const client = createClient(JSON.parse(text) as ClientOptions);
    let isOnline = false;
    const show = (): void =>
      setFloo({ client, connection: isOnline ? 'online' : client.isLogin() ? 'connecting' : 'logged-out' });
    const showOnline = (online: boolean) => (): void => {
      isOnline = online;
      show();
    };
    const unsubscribe = client.on({
      ...{ loginSuccess: showOnline(true), disconnected: showOnline(false) },
      ...{ loginFail: show, logout: show, flooNotice: show, recentlistUpdate: show },
    });
    show();
    return () => {
      unsubscribe();
      setFloo(NOBODY);
      void client.dispose();
    };
  }, [text]);
  return floo;
}

/** The conversation list, the newest first. */
export function useConversations(client: FlooClient | undefined): readonly ConversationItem[] {
  return useLive(client, LIST_EVENTS, '', (im) => im.userManage.getConversationList());
}

/**
 * The newest messages of a conversation in ascending order, followed by messages on their way or failed, which have a
 * `sendingStatus`.
 */
export function useMessages(client: FlooClient | undefined, type: ConversationType, id: number): readonly Message[] {
  return useLive(client, MESSAGE_EVENTS, `${type} ${id}`, (im) => [
    ...(type === 'roster' ? im.rosterManage.getRosterMessageByRid(id) : im.groupManage.getGroupMessage(id)),
    ...im.sysManage.getSendingMessages(id, type),
  ]);
}

const LIST_EVENTS: readonly EventName[] = ['recentlistUpdate', 'onUnreadChange', 'loginSuccess', 'logout'];
const MESSAGE_EVENTS: readonly EventName[] = [
  ...LIST_EVENTS,
  ...(['onRosterMessage', 'onGroupMessage', 'onReceiveHistoryMsg', 'onSendingMessageStatusChanged'] as const),
  ...(['onUploadProgress', 'onMessageStatusChanged', 'onMessageRecalled', 'onMessageDeleted'] as const),
  ...(['onRosterMessageContentAppend', 'onGroupMessageContentAppend'] as const),
  ...(['onRosterMessageReplace', 'onGroupMessageReplace'] as const),
];
const NONE: never[] = [];

/**
 * The result of `read`, updated at each of these events.
 *
 * @param key changes with everything else that `read` depends on
 */
function useLive<T>(
  client: FlooClient | undefined,
  events: readonly EventName[],
  key: string,
  read: (client: FlooClient) => readonly T[],
): readonly T[] {
  const { subscribe, get } = useMemo(() => {
    let value: readonly T[] = client ? read(client) : NONE;
    return {
      get: () => value,
      subscribe: (onChange: () => void) => {
        if (!client) return () => {};
        const update = (): void => {
          value = read(client);
          onChange();
        };
        const unsubscribers = events.map((event) => client.on(event, update));
        // Something may have happened since the rendering.
        update();
        return () => unsubscribers.forEach((unsubscribe) => unsubscribe());
      },
    };
  }, [client, key]);
  return useSyncExternalStore(subscribe, get, () => NONE);
}
