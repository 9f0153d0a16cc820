import type {
  ConnectionStatus,
  ConversationItem,
  FlooClient,
  IdInput,
  NamedGroupMember,
  UploadProgress,
} from '../index.ts';
import type { GroupInvitation, RosterApplication } from '../index.ts';
import { liveFriendRequests, liveGroupInvitations, liveMembers } from './contacts.ts';
import type { LiveRequests } from './contacts.ts';
import { liveConversations, liveUnread } from './conversations.ts';
import type { ConversationRef } from './conversations.ts';
import type { LiveFetched } from './fetched.ts';
import { createHub } from './hub.ts';
import { createLive } from './live.ts';
import type { Live } from './live.ts';
import { liveMessages } from './messages.ts';
import type { LiveMessages, MessagesOptions } from './messages.ts';
import { createProfiles } from './profiles.ts';
import type { Profile } from './profiles.ts';
import { liveSearch } from './search.ts';
import type { LiveSearch, SearchOptions } from './search.ts';
import { createSender, liveUploads } from './sending.ts';
import type { Sender } from './sending.ts';
import { liveConnection, liveSession } from './session.ts';
import type { SessionActions, SessionState } from './session.ts';
import { liveTyping } from './typing.ts';

/** Names a conversation, if one is chosen. */
type Chosen = ConversationRef | undefined;

/** The data of a client as live values. Without a client, and where nothing is chosen, each has its empty value. */
export interface LiveClient {
  readonly client: Live<FlooClient | undefined>;
  readonly connection: Live<ConnectionStatus>;
  readonly session: Live<SessionState> & SessionActions;
  readonly conversations: Live<readonly ConversationItem[]>;
  readonly uploads: Live<readonly UploadProgress[]>;
  readonly friendRequests: LiveRequests<RosterApplication>;
  readonly groupInvitations: LiveRequests<GroupInvitation>;
  /** The number of unread messages of a conversation, or of all. */
  unread(conversation: Chosen): Live<number>;
  profile(conversation: Chosen): Live<Profile>;
  messages(conversation: Chosen, options: MessagesOptions): LiveMessages;
  sender(conversation: Chosen): Sender;
  typing(conversation: Chosen): Live<boolean>;
  members(gid: IdInput | undefined): LiveFetched<readonly NamedGroupMember[]>;
  search(options: SearchOptions): LiveSearch;
  /** Makes the client, if the app has not given one, and follows it. @returns a function that ends it */
  open(): () => void;
}

/**
 * Makes the live values of a client. Nothing happens before `open` but that values are read.
 *
 * @param source - the client, or how to make it
 */
export function createLiveClient(source: FlooClient | (() => FlooClient)): LiveClient {
  const hub = createHub(source);
  return {
    client: createLive<FlooClient | undefined>(hub, {
      empty: undefined,
      read: (client) => client,
      keep: (_before, next) => next,
    }),
    connection: liveConnection(hub),
    session: liveSession(hub),
    conversations: liveConversations(hub),
    uploads: liveUploads(hub),
    friendRequests: liveFriendRequests(hub),
    groupInvitations: liveGroupInvitations(hub),
    unread: (conversation) => liveUnread(hub, conversation),
    profile: createProfiles(hub),
    messages: (conversation, options) => liveMessages(hub, conversation, options),
    sender: (conversation) => createSender(hub, conversation),
    typing: (conversation) => liveTyping(hub, conversation),
    members: (gid) => liveMembers(hub, gid),
    search: (options) => liveSearch(hub, options),
    open: () => hub.open(),
  };
}
