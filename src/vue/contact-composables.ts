import { toValue } from 'vue';
import type { ComputedRef, MaybeRefOrGetter } from 'vue';
import type { GroupInfo, GroupInvitation, IdInput, NamedGroupMember, RosterApplication, RosterItem } from '../index.ts';
import { liveFriendRequests, liveGroupInvitations, liveMembers } from '../live/contacts.ts';
import type { LiveRequests, RequestActions } from '../live/contacts.ts';
import type { ConversationRef } from '../live/conversations.ts';
import type { Fetched, LiveFetched } from '../live/fetched.ts';
import { liveProfile } from '../live/profiles.ts';
import type { Profile } from '../live/profiles.ts';
import { liveSession } from '../live/session.ts';
import type { SessionState } from '../live/session.ts';
import { useOf } from './composables.ts';
import type { MaybeConversation } from './composables.ts';
import { refsOf, useHub, useLive, useShared } from './context.ts';
import type { Refs } from './context.ts';

/** A list that is fetched, and how to fetch it again. */
type FetchedList<Item> = Refs<Fetched<readonly Item[]>> & Pick<LiveFetched<unknown>, 'reload'>;

function useRequests<Request>(source: LiveRequests<Request>): FetchedList<Request> & RequestActions<Request> {
  const { reload, accept, decline } = source;
  return { ...refsOf(useLive<Fetched<readonly Request[]>>(() => source)), reload, accept, decline };
}

/**
 * Returns the members of a group with their names, ascending by id. They are fetched when the first component asks.
 *
 * @param gid - the group, or a ref or getter of it; undefined: no members
 * @example
 * import { useGroupMembers } from 'flooim/vue';
 *
 * const { data: members, isLoading } = useGroupMembers(6597478514700);
 * console.log(isLoading.value, members.value.map(({ display_name }) => display_name));
 */
export function useGroupMembers(gid: MaybeRefOrGetter<IdInput | undefined>): FetchedList<NamedGroupMember> {
  const source = useOf(liveMembers, refOf('group', gid));
  return { ...refsOf(useLive<Fetched<readonly NamedGroupMember[]>>(source)), reload: async () => source().reload() };
}

/**
 * Returns the open friend requests that the user got.
 *
 * @example
 * import { useFriendRequests } from 'flooim/vue';
 *
 * const { data: requests, accept } = useFriendRequests();
 * if (requests.value[0]) await accept(requests.value[0]);
 */
export const useFriendRequests = (): FetchedList<RosterApplication> & RequestActions<RosterApplication> =>
  useRequests(useHub().of(liveFriendRequests));

/**
 * Returns the open invitations to groups that the user got.
 *
 * @example
 * import { useGroupInvitations } from 'flooim/vue';
 *
 * const { data: invitations, decline } = useGroupInvitations();
 * for (const invitation of invitations.value) await decline(invitation);
 */
export const useGroupInvitations = (): FetchedList<GroupInvitation> & RequestActions<GroupInvitation> =>
  useRequests(useHub().of(liveGroupInvitations));

/**
 * Returns the name and the picture of the user or the group of a conversation.
 *
 * @param conversation - the conversation, or a ref or getter of it
 * @example
 * import { usePeer } from 'flooim/vue';
 *
 * const peer = usePeer({ type: 'roster', id: 6597478514688 });
 * console.log(peer.value.name, peer.value.avatar);
 */
export const usePeer = (conversation: MaybeConversation): ComputedRef<Profile> =>
  useLive(useOf(liveProfile, conversation));

/**
 * Returns the name, the picture and the details of a user. Those that are not known are fetched.
 *
 * @param uid - the user, or a ref or getter of it
 * @example
 * import { useUser } from 'flooim/vue';
 *
 * const user = useUser(6597478514688);
 * console.log(user.value.name);
 */
export const useUser = (uid: MaybeRefOrGetter<IdInput | undefined>): ComputedRef<Profile<RosterItem>> =>
  usePeer(refOf('roster', uid)) as ComputedRef<Profile<RosterItem>>;

/**
 * Returns the name, the picture and the details of a group. Those that are not known are fetched.
 *
 * @param gid - the group, or a ref or getter of it
 * @example
 * import { useGroup } from 'flooim/vue';
 *
 * const group = useGroup(6597478514700);
 * console.log(group.value.info?.owner_id);
 */
export const useGroup = (gid: MaybeRefOrGetter<IdInput | undefined>): ComputedRef<Profile<GroupInfo>> =>
  usePeer(refOf('group', gid)) as ComputedRef<Profile<GroupInfo>>;

/**
 * Returns the profile of who is logged in.
 *
 * @example
 * import { useSelf } from 'flooim/vue';
 *
 * const self = useSelf();
 * console.log(self.value.name);
 */
export function useSelf(): ComputedRef<Profile<RosterItem>> {
  const state = useShared<SessionState>(liveSession);
  return useUser(() => state.value.uid);
}

/** A conversation of a user or a group with this id. */
const refOf =
  (type: ConversationRef['type'], id: MaybeRefOrGetter<IdInput | undefined>) => (): ConversationRef | undefined => {
    const given = toValue(id);
    return given === undefined ? undefined : { type, id: given };
  };
