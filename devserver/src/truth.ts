import type { IMessageBody } from 'flooim/wire';
import type { AppData } from './model/app-data.ts';
import type { DevData } from './model/dev-data.ts';
import type { Device } from './model/devices.ts';
import type { Group } from './model/groups.ts';
import { adminsOf } from './model/groups.ts';
import { statusFor } from './model/messages.ts';
import type { StoredMessage } from './model/messages.ts';
import type { User } from './model/users.ts';

/** What the server holds about users and groups, as plain JSON. Ids of messages and notices are decimal texts. */
export interface Truth {
  /** The users, in the order of their ids. */
  readonly users: readonly UserTruth[];
  /** The groups, in the order of their ids. */
  readonly groups: readonly GroupTruth[];
}

/** What the server holds about a user. */
export interface UserTruth {
  /** User id. */
  readonly id: number;
  /** The app. */
  readonly appId: string;
  /** User name. */
  readonly username: string;
  /** Ids of the friends. */
  readonly friends: readonly number[];
  /** Ids of the users that the user has blocked. */
  readonly blocked: readonly number[];
  /** The groups that the user is in. */
  readonly groups: readonly number[];
  /** The conversations in which the user ever sent or got a message. */
  readonly conversations: readonly ConversationTruth[];
  /** The devices that the user ever logged in with. */
  readonly devices: readonly DeviceTruth[];
}

/** A conversation as this user's history shows it. */
export interface ConversationTruth {
  /** The other user, the group, or 0 for the system. */
  readonly id: number;
  /** Whether it is a group. */
  readonly inGroup: boolean;
  /** Oldest first, with edits applied; recalled messages and those that the user deleted are absent. */
  readonly messages: readonly MessageTruth[];
  /** How many messages of others in it the user has not marked as read. */
  readonly unread: number;
}

/** A message as the server holds it. */
export interface MessageTruth {
  /** The server's id. */
  readonly id: string;
  /** User id of the sender. */
  readonly from: number;
  /** Serial number of the sending device. */
  readonly fromDevice: number;
  /** User or group. */
  readonly to: number;
  /** ms since 1970. */
  readonly at: number;
  /** READ, DELIVERED or UNREAD, as this user sees it. */
  readonly status: number;
  /** What it says, as on the wire. */
  readonly body: IMessageBody;
}

/** A device of a user. */
export interface DeviceTruth {
  /** Serial number. */
  readonly sn: number;
  /** The name that the device gave itself. */
  readonly guid: string;
  /** What waits for it, by conversation. */
  readonly queues: readonly QueueTruth[];
}

/** What waits for a device in one conversation. */
export interface QueueTruth {
  /** The other user, the group, or 0 for the system. */
  readonly conversation: number;
  /** The greatest key that the device has sent: it has every item before it. `0`: none yet. */
  readonly acknowledged: string;
  /** Ids of the items that the device has not acknowledged, oldest first: messages, operations and notices. */
  readonly undelivered: readonly string[];
}

/** What the server holds about a group. */
export interface GroupTruth {
  /** Group id. */
  readonly id: number;
  /** The app. */
  readonly appId: string;
  /** Name of the group. */
  readonly name: string;
  /** User id of the owner. */
  readonly ownerId: number;
  /** Owner and admins. */
  readonly admins: readonly number[];
  /** User ids of all members. */
  readonly members: readonly number[];
}

/** Everything of all apps, or of one user and its groups, in the order of the ids. */
export function readTruth(data: DevData, uid?: number): Truth {
  const users = data
    .apps()
    .flatMap((app) =>
      [...app.users].filter(({ id }) => uid === undefined || id === uid).map((user) => userTruth(app, user)),
    );
  const groups = data
    .apps()
    .flatMap((app) =>
      (uid === undefined ? [...app.groups] : app.groups.joinedBy(uid)).map((group) => groupTruth(app, group)),
    );
  return { users: users.sort(byId), groups: groups.sort(byId) };
}

const byId = (a: { id: number }, b: { id: number }): number => a.id - b.id;

function userTruth(app: AppData, { id, username }: User): UserTruth {
  return {
    id,
    appId: app.appId,
    username,
    friends: app.roster.friendsOf(id),
    blocked: app.roster.blockedBy(id),
    groups: app.groups.joinedBy(id).map((group) => group.id),
    conversations: app.messages
      .conversationsOf(id)
      .map((conversation) => conversationTruth(app, id, conversation))
      .sort(byId),
    devices: app.devices.of(id).map((device) => deviceTruth(app, device)),
  };
}

function conversationTruth(app: AppData, userId: number, conversation: number): ConversationTruth {
  const view = app.historyView(userId, conversation);
  const messages = app.messages.page(view, 0n, Infinity).messages.reverse();
  return {
    id: conversation,
    inGroup: view.inGroup,
    messages: messages.map((message) => messageTruth(message, userId)),
    unread: messages.filter(({ fromId, readBy }) => fromId !== userId && !readBy.has(userId)).length,
  };
}

function messageTruth(message: StoredMessage, userId: number): MessageTruth {
  const { id, fromId, fromDevice, toId, timestamp, body } = message;
  const status = statusFor(message, userId);
  return { id: String(id), from: fromId, fromDevice, to: toId, at: timestamp, status, body };
}

function deviceTruth(app: AppData, device: Device): DeviceTruth {
  const queues = app.queues.conversationsOf(device.userId).map((conversation) => ({
    conversation,
    acknowledged: String(device.positions.get(conversation) ?? 0n),
    undelivered: app.queues.undelivered(device, conversation).map(({ id }) => String(id)),
  }));
  return { sn: device.sn, guid: device.guid, queues: queues.sort((a, b) => a.conversation - b.conversation) };
}

function groupTruth({ appId }: AppData, group: Group): GroupTruth {
  const { id, info, ownerId, members } = group;
  return { id, appId, name: info.name, ownerId, admins: adminsOf(group), members: [...members.keys()] };
}
