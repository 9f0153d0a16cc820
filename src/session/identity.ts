import type { Id } from '../model/ids.ts';
import type { Preferences, Random } from '../platform/ports.ts';
import { Legacy } from './legacy.ts';

/** Who is logged in on this device under one app id, kept over restarts so that the next start resumes without a password. */
export interface Identity {
  uid: Id;
  token: string;
}

/** Serial of a device before the server gave it one (observed: this base plus a random number below the span). */
const UNKNOWN_SERIAL_BASE = 999999999;
const UNKNOWN_SERIAL_SPAN = 2140000;

/** Credentials and device names of one app id in {@link Preferences}, at first those that the deployed SDK left there. */
export class IdentityStore {
  readonly legacy: Legacy;
  private readonly preferences: Preferences;
  private readonly random: Random;
  private readonly prefix: string;
  /** Whose client this is, once it is somebody's: another one on the same storage may be another user's. Null: nobody's any more. */
  private current: Identity | null | undefined;

  constructor(deps: { preferences: Preferences; random: Random; appId: string }) {
    this.preferences = deps.preferences;
    this.random = deps.random;
    this.prefix = `flooim.${deps.appId}`;
    this.legacy = new Legacy(deps.preferences, deps.appId);
    this.import();
  }

  /** Once: who is logged out here must not come back with the next start. */
  private import(): void {
    const done = `${this.prefix}.imported`;
    if (this.preferences.get(done)) return;
    const identity = this.legacy.identity();
    if (identity && !this.stored()) this.store(identity);
    this.preferences.set(done, '1');
  }

  /** The identity of this client, at first the one that was stored last. */
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

  /** Forgets the token; the device keeps its names, so that the next login is the same device. */
  forgetToken(uid: Id): void {
    this.current = null;
    this.remove(uid, 'token');
  }

  /** Forgets who was logged in; the deployed SDK shall not go on with the token either. */
  forget(uid: Id): void {
    this.forgetToken(uid);
    this.legacy.forgetToken(uid);
    if (this.preferences.get(`${this.prefix}.uid`) === uid) this.preferences.remove(`${this.prefix}.uid`);
  }

  /** Forgets everything of a user, the names of the device and what the deployed SDK kept included. */
  wipe(uid: Id): void {
    this.forget(uid);
    this.remove(uid, 'sn');
    this.remove(uid, 'guid');
    this.legacy.wipe(uid);
  }

  /** The serial the server gave this device, or a made-up one until then; the same on every call. */
  deviceSerial(uid: Id): number {
    const stored = Number(this.deviceName(uid, 'sn'));
    if (stored > 0) return stored;
    const serial = UNKNOWN_SERIAL_BASE + Math.floor(this.random() * UNKNOWN_SERIAL_SPAN);
    this.saveDeviceSerial(uid, serial);
    return serial;
  }

  saveDeviceSerial(uid: Id, serial: number): void {
    this.set(uid, 'sn', String(serial));
  }

  /** The server said that this device is gone: the next login gets a new serial. */
  forgetDeviceSerial(uid: Id): void {
    this.remove(uid, 'sn');
  }

  /** `<uid>_<random 31-bit integer>`, made once per user and device. */
  deviceGuid(uid: Id): string {
    return this.deviceName(uid, 'guid') ?? this.renewDeviceGuid(uid);
  }

  renewDeviceGuid(uid: Id): string {
    const guid = `${uid}_${Math.floor(this.random() * 0x7fffffff)}`;
    this.set(uid, 'guid', guid);
    return guid;
  }

  /** A user who has no guid here yet goes on as the device that it was under the deployed SDK. */
  private deviceName(uid: Id, name: 'sn' | 'guid'): string | undefined {
    const guid = this.get(uid, 'guid') ? undefined : this.legacy.text(uid, 'user_device_guid');
    if (guid) {
      this.set(uid, 'guid', guid);
      const serial = Number(this.legacy.text(uid, 'user_device_sn'));
      if (serial > 0) this.saveDeviceSerial(uid, serial);
    }
    return this.get(uid, name);
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
