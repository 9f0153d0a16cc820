import { Bindings } from './bindings.ts';
import { Devices } from './devices.ts';
import { Files } from './files.ts';
import { Groups } from './groups.ts';
import type { IdSource } from './ids.ts';
import { Messages } from './messages.ts';
import type { HistoryView } from './messages.ts';
import { Queues } from './queues.ts';
import { Roster } from './roster.ts';
import { Users } from './users.ts';
import type { User } from './users.ts';
import { Vouchers } from './vouchers.ts';

/** All data of one app. */
export class AppData {
  readonly appId: string;
  readonly ids: IdSource;
  readonly users: Users;
  readonly devices = new Devices();
  readonly roster = new Roster();
  readonly groups: Groups;
  readonly messages = new Messages();
  readonly queues = new Queues();
  readonly files: Files;
  readonly bindings: Bindings;
  /** One-time texts. */
  readonly secrets = new Vouchers<string>();
  /** QR codes of logins; `user` is the user who confirmed. */
  readonly qrLogins = new Vouchers<{ user?: User }>();
  /** QR codes that take their reader into a group. */
  readonly groupCodes = new Vouchers<{ readonly groupId: number; readonly issuerId: number }>();
  /** Results of sends with a `transaction_id`. */
  readonly transactions = new Map<number, { readonly at: number; readonly msgIds: readonly bigint[] }>();

  /** @param fileFolder folder for the app's files; in memory if absent */
  constructor(appId: string, ids: IdSource, fileFolder?: string) {
    this.appId = appId;
    this.ids = ids;
    this.users = new Users(ids);
    this.bindings = new Bindings(this.users);
    this.groups = new Groups(ids);
    this.files = new Files(fileFolder);
  }

  /** The history of a conversation as this user may see it. */
  historyView(userId: number, conversation: number): HistoryView {
    const inGroup = this.groups.isGroupId(conversation);
    const group = this.groups.get(conversation);
    const sinceMs = group && !group.settings.history_visible ? (group.members.get(userId)?.joinedAt ?? 0) : 0;
    return { userId, conversation, inGroup, sinceMs };
  }
}
