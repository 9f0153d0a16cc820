import type { FileFolder, Random } from '../ports.ts';
import type { Records } from '../records/records.ts';
import { Bindings } from './bindings.ts';
import { Devices } from './devices.ts';
import { Files } from './files.ts';
import { Groups } from './groups.ts';
import type { IdSource } from './ids.ts';
import { Messages } from './messages.ts';
import type { HistoryView } from './messages.ts';
import { Queues } from './queues.ts';
import { Roster } from './roster.ts';
import { Table } from './table.ts';
import { Users } from './users.ts';
import { Vouchers } from './vouchers.ts';

/** All data of one app. */
export class AppData {
  readonly appId: string;
  readonly ids: IdSource;
  readonly users: Users;
  readonly devices: Devices;
  readonly roster: Roster;
  readonly groups: Groups;
  readonly messages: Messages;
  readonly queues: Queues;
  readonly files: Files;
  readonly bindings: Bindings;
  /** One-time texts. */
  readonly secrets: Vouchers<string>;
  /** QR codes of logins; the user is the one who confirmed. */
  readonly qrLogins: Vouchers<{ userId?: number }>;
  /** QR codes that take their reader into a group. */
  readonly groupCodes: Vouchers<{ readonly groupId: number; readonly issuerId: number }>;
  /** Results of sends with a `transaction_id`. */
  readonly transactions: Table<number, { readonly at: number; readonly msgIds: readonly bigint[] }>;

  /**
   * @param records of the app
   * @param folder for the app's files; in memory if absent
   */
  constructor(appId: string, ids: IdSource, records: Records, random: Random, folder?: FileFolder) {
    this.appId = appId;
    this.ids = ids;
    this.users = new Users(ids, records);
    this.devices = new Devices(records);
    this.roster = new Roster(records);
    this.groups = new Groups(ids, records);
    this.messages = new Messages(records);
    this.queues = new Queues(records);
    this.files = new Files(records, random, folder);
    this.bindings = new Bindings(this.users, records, random);
    this.secrets = new Vouchers(records, 'secrets', random);
    this.qrLogins = new Vouchers(records, 'qr-logins', random);
    this.groupCodes = new Vouchers(records, 'group-codes', random);
    this.transactions = new Table(records, 'transactions');
  }

  /** The history of a conversation as this user may see it. */
  historyView(userId: number, conversation: number): HistoryView {
    const inGroup = this.groups.isGroupId(conversation);
    const group = this.groups.get(conversation);
    const sinceMs = group && !group.settings.history_visible ? (group.members.get(userId)?.joinedAt ?? 0) : 0;
    return { userId, conversation, inGroup, sinceMs };
  }
}
