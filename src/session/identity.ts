import type { Id } from '../model/ids.ts';
import type { Preferences } from '../platform/ports.ts';
import { DeployedStorage } from './deployed-storage.ts';

/** The user who is logged in on this device under one app id. It is stored, so that the next start resumes without a password. */
export interface Identity {
  uid: Id;
  token: string;
}

/** The credentials of one app id in {@link Preferences}. The first ones are those of the deployed SDK. */
export class IdentityStore {
  readonly deployed: DeployedStorage;
  private readonly preferences: Preferences;
  private readonly prefix: string;
  /**
   * The user of this client: undefined before the first `load`, null after a logout. Another client on the same storage may
   * have another user.
   */
  private current: Identity | null | undefined;

  constructor(deps: { preferences: Preferences; appId: string }) {
    this.preferences = deps.preferences;
    this.prefix = `flooim.${deps.appId}`;
    this.deployed = new DeployedStorage(deps.preferences, deps.appId);
    this.importOnce();
  }

  /** Takes the deployed identity over, once: a user who logged out here must not come back with the next start. */
  private importOnce(): void {
    const done = `${this.prefix}.imported`;
    if (this.preferences.get(done)) return;
    const identity = this.deployed.identity();
    if (identity && !this.stored()) this.store(identity);
    this.preferences.set(done, '1');
  }

  /** The identity of this client; before a login, the one that was stored last. */
  load(): Identity | undefined {
    if (this.current === undefined) this.current = this.stored();
    return this.current ?? undefined;
  }

  private stored(): Identity | undefined {
    const uid = this.preferences.get(`${this.prefix}.uid`);
    const token = uid && this.get(uid, 'token');
    return uid && token ? { uid, token } : undefined;
  }

  save({ uid, token }: Identity): void {
    this.current = { uid, token };
    this.store(this.current);
  }

  private store({ uid, token }: Identity): void {
    this.preferences.set(`${this.prefix}.uid`, uid);
    this.set(uid, 'token', token);
  }

  /** Forgets the token. */
  forgetToken(uid: Id): void {
    this.current = null;
    this.remove(uid, 'token');
  }

  /** Forgets who was logged in, also in the deployed SDK's storage: it must not go on with this token. */
  forget(uid: Id): void {
    this.forgetToken(uid);
    this.deployed.forgetToken(uid);
    if (this.preferences.get(`${this.prefix}.uid`) === uid) this.preferences.remove(`${this.prefix}.uid`);
  }

  /** Forgets everything of a user, including the names of the device that earlier releases kept, and what the deployed SDK kept. */
  wipe(uid: Id): void {
    this.forget(uid);
    this.remove(uid, 'sn');
    this.remove(uid, 'guid');
    this.deployed.wipe(uid);
  }

  private get(uid: Id, name: string): string | undefined {
    return this.preferences.get(this.key(uid, name));
  }

  private set(uid: Id, name: string, value: string): void {
    this.preferences.set(this.key(uid, name), value);
  }

  private remove(uid: Id, name: string): void {
    this.preferences.remove(this.key(uid, name));
  }

  private key(uid: Id, name: string): string {
    return `${this.prefix}.${uid}.${name}`;
  }
}
