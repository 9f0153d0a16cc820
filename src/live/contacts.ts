import type { GroupInvitation, NamedGroupMember, RosterApplication } from '../index.ts';
import type { ConversationRef } from './conversations.ts';
import { createFetched } from './fetched.ts';
import type { LiveFetched } from './fetched.ts';
import type { Hub } from './hub.ts';

/** Answers to requests that somebody made. */
export interface RequestActions<Request> {
  /**
   * Accepts a request. It is gone from the list when the promise resolves.
   *
   * @param request - an item of the list
   * @throws FlooError the meaning of the server's code
   */
  accept(request: Request): Promise<void>;
  /**
   * Declines a request. It is gone from the list when the promise resolves.
   *
   * @param request - an item of the list
   * @throws FlooError the meaning of the server's code
   */
  decline(request: Request): Promise<void>;
}

/** Requests that wait for an answer of the user. */
export interface LiveRequests<Request> extends LiveFetched<readonly Request[]>, RequestActions<Request> {}

const PENDING = 0;

/** The members of a group with their names, ascending by id. */
export function liveMembers(hub: Hub, group: ConversationRef | undefined): LiveFetched<readonly NamedGroupMember[]> {
  return createFetched<readonly NamedGroupMember[]>(hub, {
    empty: [],
    // The client fetches what a notice changes.
    topics: ['people'],
    fetch:
      group &&
      (async ({ groupManage }) =>
        groupManage.asyncGetGroupMembers(group.id).then(() => groupManage.getGroupMembers(group.id))),
    read: ({ groupManage }) => groupManage.getGroupMembers(group!.id),
  });
}

interface RequestsSource<Request> {
  fetch: Parameters<typeof createFetched<readonly Request[]>>[1]['fetch'];
  answer(request: Request, isAccepted: boolean): Promise<unknown>;
}

function createRequests<Request extends { readonly status: number }>(
  hub: Hub,
  { fetch, answer }: RequestsSource<Request>,
): LiveRequests<Request> {
  const live = createFetched<readonly Request[]>(hub, {
    empty: [],
    topics: ['requests'],
    isOutdatedBy: (event) => /^on(Roster|Group)/.test(event),
    fetch: async (client) => (await fetch!(client)).filter(({ status }) => status === PENDING),
  });
  return {
    ...live,
    accept: async (request) => answer(request, true).then(live.reload),
    decline: async (request) => answer(request, false).then(live.reload),
  };
}

/** Who asks to become a friend of the user. */
export const liveFriendRequests = (hub: Hub): LiveRequests<RosterApplication> =>
  createRequests<RosterApplication>(hub, {
    fetch: async ({ rosterManage }) => rosterManage.asyncGetApplyList({ cursor: '' }),
    answer: async ({ user_id }, isAccepted) => {
      const { rosterManage } = hub.must();
      return isAccepted ? rosterManage.asyncAccept({ user_id }) : rosterManage.asyncDecline({ user_id });
    },
  });

/** The groups to which the user is invited. */
export const liveGroupInvitations = (hub: Hub): LiveRequests<GroupInvitation> =>
  createRequests<GroupInvitation>(hub, {
    fetch: async ({ groupManage }) => groupManage.asyncGetInvitationList(),
    answer: async ({ group_id, inviter_id: user_id }, approval) =>
      hub.must().groupManage.asyncInviteHandle({ group_id, user_id, approval }),
  });
