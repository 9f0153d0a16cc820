import type { Id } from '../model/ids.ts';
import type { Preferences } from '../platform/ports.ts';
import type { StoredIdentity } from './identity-record.ts';

/** An identity in the mirror. One of an earlier version has no DNS server. */
export type MirroredIdentity = { readonly uid: Id } & Omit<StoredIdentity, 'dns'> & Partial<StoredIdentity>;

/** Who is logged in under one slot of an app, in {@link Preferences}: readable at once when a client starts. */
export class IdentityMirror {
  private readonly preferences: Preferences;
  private readonly prefix: string;

  constructor(preferences: Preferences, prefix: string) {
    this.preferences = preferences;
    this.prefix = prefix;
  }

  /** Number of the change of the vault that the mirror shows; 0 when it was made without a vault. */
  get seq(): number {
    const seq = Number(this.get('seq') ?? 0);
    return Number.isSafeInteger(seq) ? seq : 0;
  }

  set seq(seq: number) {
    this.preferences.set(this.key('seq'), String(seq));
  }

  /** The user who logged in last: in this tab, or else in any. */
  read(): MirroredIdentity | undefined {
    const uid = this.get('uid');
    const token = uid && this.get(`${uid}.token`);
    if (!uid || !token) return undefined;
    const dns = this.get(`${uid}.dns`);
    return { uid, token, ...(dns !== undefined && { dns }) };
  }

  /** The user who logged in last in this tab; `''` when that user logged out; undefined in a new tab. */
  ownUid(): Id | undefined {
    return this.preferences.getOwn?.(this.key('uid'));
  }

  write(uid: Id, { token, dns }: StoredIdentity): void {
    const { preferences } = this;
    preferences.set(this.key('uid'), uid);
    preferences.set(this.key(`${uid}.token`), token);
    preferences.set(this.key(`${uid}.dns`), dns);
  }

  forgetToken(uid: Id): void {
    this.preferences.remove(this.key(`${uid}.token`));
    this.preferences.remove(this.key(`${uid}.dns`));
  }

  forget(uid: Id): void {
    this.forgetToken(uid);
    if (this.get('uid') !== uid) return;
    // A tab remembers that its user logged out: its reload must not go on as the user of another tab.
    if (this.preferences.getOwn) this.preferences.set(this.key('uid'), '');
    else this.preferences.remove(this.key('uid'));
  }

  private get(name: string): string | undefined {
    return this.preferences.get(this.key(name));
  }

  private key(name: string): string {
    return `${this.prefix}.${name}`;
  }
}
