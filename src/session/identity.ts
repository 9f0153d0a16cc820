import { dnsOwner } from '../bootstrap/dns.ts';
import { dnsCacheKey } from '../bootstrap/hosts.ts';
import type { Id } from '../model/ids.ts';
import { createMemoryPreferences } from '../platform/memory/index.ts';
import type { Preferences, Vault } from '../platform/ports.ts';
import { DeployedStorage } from './deployed-storage.ts';
import { IdentityMirror } from './identity-mirror.ts';
import { parseIdentityRecord, withoutUser, withUser } from './identity-record.ts';
import type { IdentityRecord } from './identity-record.ts';

/** The user who is logged in on this device under one app id. It is stored, so that the next start resumes without a password. */
export interface Identity {
  uid: Id;
  token: string;
}

interface IdentityDeps {
  preferences: Preferences;
  /** Absent where preferences survive a killed process themselves. */
  vault?: Vault | undefined;
  appId: string;
  /** Number of this client among the living ones of the app, see `ClientSlots`. */
  slot?: number;
  /** The app's own DNS URL. */
  dnsServer?: string | undefined;
}

/**
 * The credentials of one app id. The first ones are those of the deployed SDK.
 *
 * Who is logged in is in the vault, and mirrored in the preferences for a start that cannot wait. Where the two disagree, the
 * later change counts: the preferences may miss the last seconds before a browser was killed, and the vault what it refused.
 * A token is used only with the DNS server that it came from.
 */
export class IdentityStore {
  readonly deployed: DeployedStorage;
  private readonly preferences: Preferences;
  private readonly vault: Vault | undefined;
  private readonly mirror: IdentityMirror;
  private readonly prefix: string;
  /** Key of the record in the vault, and of the mirror. The first slot has the keys of earlier versions. */
  private readonly slotKey: string;
  private readonly dns: string;
  private opening: Promise<void> | undefined;
  /** Number of the last change that is known. */
  private seq: number;
  /** This client changed the identity before the vault was read. */
  private hasChanged = false;
  /** The vault answered in this run. One that never did, such as where there is no IndexedDB, keeps nothing. */
  private hasAnswered = false;
  /** What was taken over from the deployed SDK at this start. */
  private imported: Identity | undefined;
  /**
   * The user of this client: undefined before the first `load`, null after a logout. Another client on the same storage may
   * have another user.
   */
  private current: Identity | null | undefined;

  constructor({ preferences, vault, appId, slot = 1, dnsServer }: IdentityDeps) {
    this.preferences = preferences;
    this.vault = vault;
    this.prefix = `flooim.${appId}`;
    this.slotKey = slot === 1 ? this.prefix : `${this.prefix}@${slot}`;
    this.dns = dnsOwner(dnsServer);
    // A mirror that takes as long to read as the vault is of no use.
    this.mirror = new IdentityMirror(preferences.load ? createMemoryPreferences() : preferences, this.slotKey);
    this.seq = this.mirror.seq;
    this.deployed = new DeployedStorage(preferences, appId);
    this.adoptOwnerless(appId, dnsServer);
    this.importOnce();
  }

  /**
   * Gives an identity of an earlier version the DNS server that it came from. The earlier version cached the answers of each
   * server; without any of them it belongs to the server that is used first.
   */
  private adoptOwnerless(appId: string, dnsServer: string | undefined): void {
    const mirrored = this.mirror.read();
    if (!mirrored || mirrored.dns !== undefined) return;
    const isCached = (server: string | undefined): boolean =>
      this.preferences.get(dnsCacheKey(appId, server)) !== undefined;
    const isOfDefault = !isCached(dnsServer) && isCached(undefined);
    this.mirror.write(mirrored.uid, { ...mirrored, dns: isOfDefault ? dnsOwner(undefined) : this.dns });
  }

  /** Takes the deployed identity over, once: a user who logged out here must not come back with the next start. */
  private importOnce(): void {
    const done = `${this.prefix}.imported`;
    if (this.preferences.get(done)) return;
    const identity = this.deployed.identity(this.dns);
    if (identity && !this.mirror.read()) {
      this.imported = identity;
      this.mirror.write(identity.uid, { token: identity.token, dns: this.dns });
    }
    this.preferences.set(done, '1');
  }

  /** The identity of this client; before a login, the one that was stored last. Before `open` has resolved it may be outdated. */
  load(): Identity | undefined {
    if (this.current === undefined) {
      const mirrored = this.mirror.read();
      this.current = mirrored?.dns === this.dns ? { uid: mirrored.uid, token: mirrored.token } : undefined;
    }
    return this.current ?? undefined;
  }

  /** Reads the vault, once. From then on `load` returns what counts. A vault that fails leaves the mirror. Never rejects. */
  async open(): Promise<void> {
    this.opening ??= this.readVault();
    return this.opening;
  }

  /** The token of a login. @returns a promise that resolves when it survives a killed process */
  save({ uid, token }: Identity): Promise<void> {
    this.current = { uid, token };
    const stored = { token, dns: this.dns };
    this.mirror.write(uid, stored);
    return this.store((record) => withUser(record, uid, stored));
  }

  /**
   * Forgets the token.
   *
   * @returns a promise that resolves when the token cannot come back, and rejects when the vault failed
   */
  async forgetToken(uid: Id): Promise<void> {
    this.current = null;
    this.mirror.forgetToken(uid);
    return this.store((record) => withoutUser(record, uid));
  }

  /** Forgets who was logged in, also in the deployed SDK's storage: it must not go on with this token. Resolves as `forgetToken`. */
  async forget(uid: Id): Promise<void> {
    const forgotten = this.forgetToken(uid);
    this.mirror.forget(uid);
    this.deployed.forgetToken(uid);
    return forgotten;
  }

  /** Takes over the user who logged in last in any tab, if that is known. Never rejects. */
  async adopt(): Promise<void> {
    try {
      const record = parseIdentityRecord(await this.vault?.update(this.slotKey, (text) => text));
      const user = record?.last && record.users[record.last];
      if (!user || user.dns !== this.dns) return;
      this.current = { uid: record.last, token: user.token };
      this.mirror.write(record.last, user);
      this.mirror.seq = this.seq = record.seq;
    } catch {
      // There is no vault in this browser mode: the user logs in here, too.
    }
  }

  /** The user has logged out in another tab, which has forgotten the rest. */
  forgetHere(uid: Id): void {
    this.current = null;
    this.mirror.forget(uid);
  }

  /**
   * Forgets everything of a user, including the names of the device that earlier releases kept, and what the deployed SDK kept.
   * Resolves as `forgetToken`.
   */
  async wipe(uid: Id): Promise<void> {
    const forgotten = this.forget(uid);
    for (const name of ['sn', 'guid']) this.preferences.remove(`${this.prefix}.${uid}.${name}`);
    this.deployed.wipe(uid);
    return forgotten;
  }

  private async readVault(): Promise<void> {
    if (!this.vault) return;
    let record: IdentityRecord | undefined;
    try {
      record = parseIdentityRecord(await this.vault.update(this.slotKey, (text) => text));
      this.hasAnswered = true;
    } catch {
      // There is no vault in this browser mode: the mirror is all there is.
      return;
    }
    const { seq } = this.mirror;
    this.seq = Math.max(seq, record?.seq ?? 0);
    // What this client did meanwhile is later than both, and about to be stored.
    if (this.hasChanged) return;
    // Preferences that were lost may lack the note that this was done, and that its user logged out since.
    if (this.imported && !record?.isImported) await this.storeMirror(record?.last);
    else if (record && record.seq >= seq) this.take(record);
    else await this.storeMirror(record?.last);
  }

  /** The vault counts: this tab goes on with its own user, a new one with the last. */
  private take(record: IdentityRecord): void {
    const mirrored = this.mirror.read();
    const own = this.mirror.ownUid();
    const uid = own === '' || (own && record.users[own]) ? own : record.last;
    const user = uid ? record.users[uid] : undefined;
    this.current = uid && user?.dns === this.dns ? { uid, token: user.token } : null;
    if (uid && user) this.mirror.write(uid, user);
    else if (mirrored) this.mirror.forget(mirrored.uid);
    this.mirror.seq = record.seq;
  }

  /** The mirror counts: an earlier version wrote it, or the vault refused its last change. */
  private async storeMirror(last: Id | undefined): Promise<void> {
    const mirrored = this.mirror.read();
    if (!mirrored && last === undefined) return;
    const { uid, token, dns = this.dns } = mirrored ?? {};
    await this.write((record) => {
      const next = uid && token ? withUser(record, uid, { token, dns }) : withoutUser(record, last!);
      return this.imported ? { ...next, isImported: true } : next;
    }).catch(() => undefined); // The mirror still has it, and the next start tries again.
  }

  private async store(change: (record: IdentityRecord) => IdentityRecord): Promise<void> {
    if (!this.vault) return;
    this.hasChanged = true;
    this.mirror.seq = ++this.seq;
    await this.open();
    return this.write(change).catch((error: unknown) => {
      if (this.hasAnswered) throw error;
    });
  }

  private async write(change: (record: IdentityRecord) => IdentityRecord): Promise<void> {
    const least = this.seq;
    const text = await this.vault!.update(this.slotKey, (old) => {
      const record = parseIdentityRecord(old) ?? { seq: 0, users: {} };
      return JSON.stringify({ ...change(record), seq: Math.max(record.seq + 1, least) });
    });
    this.seq = Math.max(this.seq, parseIdentityRecord(text)!.seq);
    this.mirror.seq = this.seq;
  }
}
