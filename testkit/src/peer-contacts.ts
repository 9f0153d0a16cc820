import { mustFindGroupId, mustFindUserId } from './places.ts';
import type { Place } from './places.ts';
import type { PeerDeps } from './peer-messages.ts';

/** A group. */
export interface TestGroup {
  /** Its id, as clients have it. */
  readonly id: string;
  /** Its name. */
  readonly name: string;
}

/** What a scripted user does with friends and groups. Each promise resolves when the clients have got what it caused. */
export interface PeerContacts {
  /**
   * Asks another user for friendship.
   *
   * @param user - its name, its id, or what the kit returned for it
   * @param options.reason - what it says about itself
   * @throws Error when there is no such user, or when the server refuses it
   */
  asksFriend(user: Place, options?: { reason?: string }): Promise<void>;
  /**
   * Accepts the friendship for which another user asked.
   *
   * @param user - its name, its id, or what the kit returned for it
   */
  acceptsFriend(user: Place): Promise<void>;
  /**
   * Declines the friendship for which another user asked.
   *
   * @param user - its name, its id, or what the kit returned for it
   * @param options.reason - why
   */
  declinesFriend(user: Place, options?: { reason?: string }): Promise<void>;
  /**
   * Ends a friendship.
   *
   * @param user - its name, its id, or what the kit returned for it
   */
  removesFriend(user: Place): Promise<void>;
  /**
   * Blocks another user.
   *
   * @param user - its name, its id, or what the kit returned for it
   */
  blocks(user: Place): Promise<void>;
  /**
   * Creates a group that this user owns. The others are invited: one whose settings ask for its consent has to accept.
   *
   * @param name - its name
   * @param members - the other users
   */
  createsGroup(name: string, members?: readonly Place[]): Promise<TestGroup>;
  /**
   * Invites a user into a group.
   *
   * @param user - its name, its id, or what the kit returned for it
   * @param options.to - the group
   */
  invites(user: Place, options: { to: Place }): Promise<void>;
  /**
   * Accepts the invitation into a group.
   *
   * @param group - its name, its id, or what the kit returned for it
   */
  acceptsInvitation(group: Place): Promise<void>;
  /**
   * Declines the invitation into a group.
   *
   * @param group - its name, its id, or what the kit returned for it
   */
  declinesInvitation(group: Place): Promise<void>;
  /**
   * Asks to be taken into a group.
   *
   * @param group - its name, its id, or what the kit returned for it
   */
  appliesTo(group: Place): Promise<void>;
  /**
   * Takes a user into a group who applied.
   *
   * @param user - its name, its id, or what the kit returned for it
   * @param options.to - the group
   */
  acceptsApplication(user: Place, options: { to: Place }): Promise<void>;
  /**
   * Removes a member from a group.
   *
   * @param user - its name, its id, or what the kit returned for it
   * @param options.from - the group
   */
  kicks(user: Place, options: { from: Place }): Promise<void>;
  /**
   * Leaves a group.
   *
   * @param group - its name, its id, or what the kit returned for it
   */
  leaves(group: Place): Promise<void>;
  /**
   * Destroys a group of its own.
   *
   * @param group - its name, its id, or what the kit returned for it
   */
  destroys(group: Place): Promise<void>;
  /**
   * Makes any REST call as this user: what the methods above do not have.
   *
   * @param path - path of the endpoint
   * @param call.query - parameters in the URL
   * @param call.body - parameters in the body; with them it is a POST
   * @returns the `data` of the answer
   * @throws Error with the code when the server refuses it
   */
  calls(path: string, call?: RestCall): Promise<unknown>;
}

/** The parameters of a REST call. */
export interface RestCall {
  /** Parameters in the URL. */
  query?: Readonly<Record<string, string | number>>;
  /** Parameters in the body; with them it is a POST. */
  body?: Readonly<Record<string, unknown>>;
}

export function createPeerContacts({ core, app, settled }: PeerDeps, userId: number): PeerContacts {
  const { token } = core.data.tokens.issue(app.appId, userId, core.clock.now());
  const user = (place: Place): number => mustFindUserId(app, place);
  const group = (place: Place): number => mustFindGroupId(app, place);
  const post = async (path: string, body: RestCall['body'] = {}): Promise<unknown> => peer.calls(path, { body });
  const onUser = async (path: string, place: Place): Promise<void> => {
    await peer.calls(path, { query: { user_id: user(place) }, body: {} });
  };
  const onGroup = async (path: string, place: Place): Promise<void> => {
    await peer.calls(path, { query: { group_id: group(place) }, body: {} });
  };
  const handleInvitation = async (place: Place, approval: boolean): Promise<void> => {
    await post('/group/invite/handle', { group_id: group(place), user_id: userId, approval });
  };

  const peer: PeerContacts = {
    async asksFriend(place, { reason = '' } = {}) {
      await post('/roster/apply', { user_id: user(place), reason });
    },
    acceptsFriend: async (place) => onUser('/roster/accept', place),
    async declinesFriend(place, { reason = '' } = {}) {
      await post('/roster/decline', { user_id: user(place), reason });
    },
    removesFriend: async (place) => onUser('/roster/delete', place),
    blocks: async (place) => onUser('/roster/block', place),
    async createsGroup(name, members = []) {
      const data = await post('/group/create', { name, user_list: members.map(user) });
      return { id: String((data as { group_id: number }).group_id), name };
    },
    async invites(place, { to }) {
      await post('/group/invite', { group_id: group(to), user_list: [user(place)] });
    },
    acceptsInvitation: async (place) => handleInvitation(place, true),
    declinesInvitation: async (place) => handleInvitation(place, false),
    async appliesTo(place) {
      await post('/group/apply', { group_id: group(place) });
    },
    async acceptsApplication(place, { to }) {
      await post('/group/apply/handle', { group_id: group(to), user_id: user(place), approval: true });
    },
    async kicks(place, { from }) {
      await post('/group/kick', { group_id: group(from), user_list: [user(place)] });
    },
    leaves: async (place) => onGroup('/group/leave', place),
    destroys: async (place) => onGroup('/group/destroy', place),
    async calls(path, { query = {}, body } = {}) {
      const headers = { host: '127.0.0.1', app_id: app.appId, 'access-token': token };
      const method = body ? 'POST' : 'GET';
      const answer = core.rest.perform({ method, path, query, headers, body: body ? JSON.stringify(body) : '' });
      const { code, data, message } = JSON.parse(String(answer.body)) as Envelope;
      if (code !== 200) throw new Error(`${path}: ${code} ${message ?? ''}`);
      await settled();
      return data;
    },
  };
  return peer;
}

interface Envelope {
  readonly code: number;
  readonly data?: unknown;
  readonly message?: string;
}
