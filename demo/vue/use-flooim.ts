// Composables for Vue 3.3 and newer. Copy this file into your app. It needs only Vue and flooim.
import { onMounted, onUnmounted, shallowRef, toValue, watch } from 'vue';
import type { MaybeRefOrGetter, ShallowRef } from 'vue';
import { createClient } from 'flooim';
import type { ClientOptions, ConversationItem, ConversationType, EventName, FlooClient, Message } from 'flooim';

/** `connecting`: the user is logged in and stored data can be read. */
export type ConnectionStatus = 'logged-out' | 'connecting' | 'online';

export interface Floo {
  /** Undefined before the component is mounted, and on a server. */
  client: ShallowRef<FlooClient | undefined>;
  connection: ShallowRef<ConnectionStatus>;
}

/**
 * Creates a client for as long as the component is mounted. A component that is mounted, unmounted and mounted again at
 * once opens one socket.
 */
export function useFlooim(options: ClientOptions): Floo {
  const client = shallowRef<FlooClient>();
  const connection = shallowRef<ConnectionStatus>('logged-out');
  onMounted(() => {
    const made = createClient(options);
    let isOnline = false;
    const show = (): void => {
      connection.value = isOnline ? 'online' : made.isLogin() ? 'connecting' : 'logged-out';
    };
    const showOnline = (online: boolean) => (): void => {
      isOnline = online;
      show();
    };
    made.on({
      ...{ loginSuccess: showOnline(true), disconnected: showOnline(false) },
      ...{ loginFail: show, logout: show, flooNotice: show, recentlistUpdate: show },
    });
    client.value = made;
  });
  onUnmounted(() => void client.value?.dispose());
  return { client, connection };
}

/** The conversation list, the newest first. */
export function useConversations(client: Floo['client']): Readonly<ShallowRef<readonly ConversationItem[]>> {
  return useLive(client, LIST_EVENTS, () => (im) => im.userManage.getConversationList());
}

/**
 * The newest messages of a conversation in ascending order, followed by messages on their way or failed, which have a
 * `sendingStatus`.
 */
export function useMessages(
  client: Floo['client'],
  type: MaybeRefOrGetter<ConversationType>,
  id: MaybeRefOrGetter<number>,
): Readonly<ShallowRef<readonly Message[]>> {
  return useLive(client, MESSAGE_EVENTS, () => {
    const [of, peer] = [toValue(type), toValue(id)];
    return (im) => [
      ...(of === 'roster' ? im.rosterManage.getRosterMessageByRid(peer) : im.groupManage.getGroupMessage(peer)),
      ...im.sysManage.getSendingMessages(peer, of),
    ];
  });
}

const LIST_EVENTS: readonly EventName[] = ['recentlistUpdate', 'onUnreadChange', 'loginSuccess', 'logout'];
const MESSAGE_EVENTS: readonly EventName[] = [
  ...LIST_EVENTS,
  ...(['onRosterMessage', 'onGroupMessage', 'onReceiveHistoryMsg', 'onSendingMessageStatusChanged'] as const),
  ...(['onUploadProgress', 'onMessageStatusChanged', 'onMessageRecalled', 'onMessageDeleted'] as const),
  ...(['onRosterMessageContentAppend', 'onGroupMessageContentAppend'] as const),
  ...(['onRosterMessageReplace', 'onGroupMessageReplace'] as const),
];

/** The result of the reader, updated at each of these events. A new reader is made when its dependencies change. */
function useLive<T>(
  client: Floo['client'],
  events: readonly EventName[],
  reader: () => (client: FlooClient) => readonly T[],
): ShallowRef<readonly T[]> {
  const value: ShallowRef<readonly T[]> = shallowRef([]);
  watch(
    () => [client.value, reader()] as const,
    ([im, read], _before, onCleanup) => {
      if (!im) return;
      const update = (): void => {
        value.value = read(im);
      };
      const unsubscribers = events.map((event) => im.on(event, update));
      onCleanup(() => unsubscribers.forEach((unsubscribe) => unsubscribe()));
      update();
    },
    { immediate: true },
  );
  return value;
}
