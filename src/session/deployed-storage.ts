import { dnsOwner } from '../bootstrap/dns.ts';
import { parseId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Preferences } from '../platform/ports.ts';

/** Reads what the deployed SDK ("floo") keeps in the same storage for one app id. Reading changes nothing. */
export class DeployedStorage {
  private readonly preferences: Preferences;
  private readonly appId: string;

  constructor(preferences: Preferences, appId: string) {
    this.preferences = preferences;
    this.appId = appId;
  }

  /**
   * The user who is logged in there; undefined when a logout in this tab ended that session, or when it used another DNS server.
   *
   * @param dns - the DNS server in use, see `dnsOwner`
   */
  identity(dns: string): { uid: Id; token: string } | undefined {
    if (this.preferences.get('key_stop_auto_login') || !this.hasAsked(dns)) return undefined;
    const uid = parseId(this.preferences.get('key_user_id'));
    const token = uid && this.text(uid, TOKEN);
    return token ? { uid, token } : undefined;
  }

  /** A value of this user; undefined when there is none, or when the user's data belongs to another app. */
  text(uid: Id, name: string): string | undefined {
    const text = this.has(uid) ? this.preferences.get(keyOf(uid, name)) : undefined;
    // The deployed SDK wrote absent values as JSON.
    return text === 'null' || text === 'undefined' ? undefined : text || undefined;
  }

  forgetToken(uid: Id): void {
    if (this.has(uid)) this.preferences.remove(keyOf(uid, TOKEN));
  }

  /** Removes every value of this user. */
  wipe(uid: Id): void {
    if (!this.has(uid)) return;
    const names = [...NAMES];
    for (let part = 0; part < MESSAGE_PARTS; part++)
      names.push(`roster_message_store_${part}`, `group_message_store_${part}`);
    for (const name of names) this.preferences.remove(keyOf(uid, name));
    if (this.preferences.get('key_user_id') === uid) this.preferences.remove('key_user_id');
  }

  /** Whether the deployed SDK was configured with this DNS server. Where it left no configuration, any server may be its own. */
  private hasAsked(dns: string): boolean {
    const servers = SERVER_LISTS.map((key) => this.preferences.get(key) ?? '')
      .join(' ')
      .match(/https?:\/\/[^"\s]+/g);
    return !servers || servers.some((server) => dnsOwner(server) === dns);
  }

  /** Whether the user's data belongs to this app. */
  private has(uid: Id): boolean {
    return (this.preferences.get(keyOf(uid, APP_ID)) ?? this.preferences.get('key_app_id')) === this.appId;
  }
}

const keyOf = (uid: Id, name: string): string => `${uid}_key_${name}`;

/** The URLs of its DNS servers: a list in pages and Node, one in mini-programs. */
const SERVER_LISTS: readonly string[] = ['key_dns_config_dns_servers', 'key_dns_config_dns_server'];
const TOKEN = 'user_token';
const APP_ID = 'user_token_app_id';
/** A user's messages are split over this many keys of each kind. */
const MESSAGE_PARTS = 31;
/** The names of a user's other values. */
const NAMES: readonly string[] = [
  TOKEN,
  APP_ID,
  'user_aes_key',
  'user_device_sn',
  'user_device_guid',
  'user_profile',
  'user_link_server',
  'roster_lists',
  'roster_infos',
  'group_lists',
  'group_infos',
  'group_members',
  'recent_store',
  'notice_store',
  'roster_sending_message',
  'group_sending_message',
  'rtc_in_call',
];
