import type { GroupInfo, GroupInvitation, IdInput, NamedGroupMember, RosterApplication, RosterItem } from '../index.ts';
import { liveFriendRequests, liveGroupInvitations, liveMembers } from '../live/contacts.ts';
import type { LiveRequests, RequestActions } from '../live/contacts.ts';
import type { ConversationRef } from '../live/conversations.ts';
import type { Fetched, LiveFetched } from '../live/fetched.ts';
import { liveProfile } from '../live/profiles.ts';
import type { Profile } from '../live/profiles.ts';
import { liveSession } from '../live/session.ts';
import { useOf } from './hooks.ts';
import { useHub, useLive, useShared } from './provider.ts';

/** A list that is fetched, and how to fetch it again. */
type FetchedList<Item> = Fetched<readonly Item[]> & Pick<LiveFetched<unknown>, 'reload'>;

/** A conversation of a user or a group with this id. */
const refOf = (type: ConversationRef['type'], id: IdInput | undefined): ConversationRef | undefined =>
  id === undefined ? undefined : { type, id };

function useRequests<Request>(source: LiveRequests<Request>): FetchedList<Request> & RequestActions<Request> {
  const { reload, accept, decline } = source;
  return { ...useLive(source), reload, accept, decline };
}

/**
 * Returns the members of a group with their names, ascending by id. They are fetched when the first component asks.
 *
 * @param gid - the group; undefined: no members
 * @example
 * import { createElement } from 'react';
 * import { useGroupMembers } from 'flooim/react';
 *
 * export function Members({ gid }: { gid: number }) {
 *   const { data, isLoading } = useGroupMembers(gid);
 *   const names = data.map(({ user_id, display_name }) => createElement('li', { key: user_id }, display_name));
 *   return createElement('ul', { 'aria-busy': isLoading }, names);
 * }
 */
export function useGroupMembers(gid: IdInput | undefined): FetchedList<NamedGroupMember> {
  const source = useOf(liveMembers, refOf('group', gid), undefined);
  const { reload } = source;
  return { ...useLive(source), reload };
}

/**
 * Returns the open friend requests that the user got.
 *
 * @example
 * import { createElement } from 'react';
 * import { useFriendRequests } from 'flooim/react';
 *
 * export function Requests() {
 *   const { data, accept } = useFriendRequests();
 *   return data.map((request) =>
 *     createElement('button', { key: request.user_id, onClick: () => void accept(request) }, request.reason),
 *   );
 * }
 */
export const useFriendRequests = (): FetchedList<RosterApplication> & RequestActions<RosterApplication> =>
  useRequests(useHub().of(liveFriendRequests));

/**
 * Returns the open invitations to groups that the user got.
 *
 * @example
 * import { createElement } from 'react';
 * import { useGroupInvitations } from 'flooim/react';
 *
 * export function Invitations() {
 *   const { data, accept } = useGroupInvitations();
 *   return data.map((invitation) =>
 *     createElement('button', { key: invitation.group_id, onClick: () => void accept(invitation) }, invitation.reason),
 *   );
 * }
 */
export const useGroupInvitations = (): FetchedList<GroupInvitation> & RequestActions<GroupInvitation> =>
  useRequests(useHub().of(liveGroupInvitations));

/**
 * Returns the name and the picture of the user or the group of a conversation.
 *
 * @param conversation - the conversation
 * @example
 * import { createElement } from 'react';
 * import { usePeer } from 'flooim/react';
 * import type { ConversationRef } from 'flooim/react';
 *
 * export const Title = (conversation: ConversationRef) => createElement('h1', null, usePeer(conversation).name);
 */
export const usePeer = (conversation: ConversationRef | undefined): Profile =>
  useLive(useOf(liveProfile, conversation, undefined));

/**
 * Returns the name, the picture and the details of a user. Those that are not known are fetched.
 *
 * @param uid - the user
 * @example
 * import { createElement } from 'react';
 * import { useUser } from 'flooim/react';
 *
 * export const Name = ({ uid }: { uid: number }) => createElement('b', null, useUser(uid).name);
 */
export const useUser = (uid: IdInput | undefined): Profile<RosterItem> =>
  usePeer(refOf('roster', uid)) as Profile<RosterItem>;

/**
 * Returns the name, the picture and the details of a group. Those that are not known are fetched.
 *
 * @param gid - the group
 * @example
 * import { createElement } from 'react';
 * import { useGroup } from 'flooim/react';
 *
 * export const Owner = ({ gid }: { gid: number }) => createElement('b', null, useGroup(gid).info?.owner_id);
 */
export const useGroup = (gid: IdInput | undefined): Profile<GroupInfo> =>
  usePeer(refOf('group', gid)) as Profile<GroupInfo>;

/**
 * Returns the profile of who is logged in.
 *
 * @example
 * import { createElement } from 'react';
 * import { useSelf } from 'flooim/react';
 *
 * export const MyName = () => createElement('b', null, useSelf().name);
 */
export const useSelf = (): Profile<RosterItem> => useUser(useShared(liveSession).uid);
