import type { FlooClient } from '../../../src/floo-client.ts';
import { liveFriendRequests, liveGroupInvitations, liveMembers } from '../../../src/live/contacts.ts';
import { liveConversations, liveUnread } from '../../../src/live/conversations.ts';
import type { ConversationRef } from '../../../src/live/conversations.ts';
import { createHub } from '../../../src/live/hub.ts';
import { liveMessages } from '../../../src/live/messages.ts';
import { liveProfile } from '../../../src/live/profiles.ts';
import { liveSearch } from '../../../src/live/search.ts';
import type { SearchOptions } from '../../../src/live/search.ts';
import { createSender } from '../../../src/live/sending.ts';
import { liveClient, liveConnection, liveSession } from '../../../src/live/session.ts';
import { liveTyping } from '../../../src/live/typing.ts';
import type { Live } from '../../../src/live/live.ts';
import { startWorld } from '../../support/client-world.ts';
import type { Member, World } from '../../support/client-world.ts';

type Chosen = ConversationRef | undefined;

/** All live values of a client. */
export function createLiveClient(source: FlooClient | (() => FlooClient)) {
  const hub = createHub(source);
  return {
    open: () => hub.open(),
    client: hub.of(liveClient),
    connection: hub.of(liveConnection),
    session: hub.of(liveSession),
    conversations: hub.of(liveConversations),
    friendRequests: hub.of(liveFriendRequests),
    groupInvitations: hub.of(liveGroupInvitations),
    unread: (conversation: Chosen) => liveUnread(hub, conversation),
    profile: (conversation: Chosen) => liveProfile(hub, conversation),
    messages: (conversation: Chosen, { pageSize }: { pageSize?: number }) => liveMessages(hub, conversation, pageSize),
    sender: (conversation: Chosen) => createSender(hub, conversation),
    typing: (conversation: Chosen) => liveTyping(hub, conversation),
    members: (id: number) => liveMembers(hub, { type: 'group', id }),
    search: (options: SearchOptions) => liveSearch(hub, options),
  };
}

/** A live value that is followed to the end of the test. */
export interface Followed<T> {
  /** Each value that it had, the one at the start first. */
  readonly values: T[];
  readonly now: T;
}

export interface LiveWorld {
  readonly world: World;
  readonly alice: Member;
  readonly bob: Member;
  /** The live values of alice's client. */
  readonly live: ReturnType<typeof createLiveClient>;
  follow<T>(source: Live<T>): Followed<T>;
}

export async function startLiveWorld(): Promise<LiveWorld> {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  const live = createLiveClient(alice.client);
  world.cleanup(live.open());
  return {
    world,
    alice,
    bob,
    live,
    follow: (source) => {
      const values = [source.get()];
      world.cleanup(source.subscribe(() => values.push(source.get())));
      return {
        values,
        get now() {
          return source.get();
        },
      };
    },
  };
}
