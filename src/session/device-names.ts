import type { DeviceNames } from '../model/device.ts';
import type { Id } from '../model/ids.ts';
import type { Preferences, Random } from '../platform/ports.ts';
import { DeployedStorage } from './deployed-storage.ts';

/** The serial of a device to which the server gave none yet is this base plus a random number below the span (observed). */
const UNKNOWN_SERIAL_BASE = 999999999;
const UNKNOWN_SERIAL_SPAN = 2140000;

/** A serial for a device to which the server gave none. */
export const unknownSerial = (random: Random): number =>
  UNKNOWN_SERIAL_BASE + Math.floor(random() * UNKNOWN_SERIAL_SPAN);

/** The names of a device that the server does not know. */
export const newDevice = (uid: Id, random: Random): DeviceNames => ({
  guid: `${uid}_${Math.floor(random() * 0x7fffffff)}`,
  serial: unknownSerial(random),
});

/**
 * The names that this device had before they were stored in the user's database: those that earlier releases kept in
 * {@link Preferences}, and those of the deployed SDK.
 */
export class EarlierNames {
  private readonly deps: { preferences: Preferences; random: Random; appId: string };

  constructor(deps: { preferences: Preferences; random: Random; appId: string }) {
    this.deps = deps;
  }

  /**
   * The names for a database that has none.
   *
   * The data in a database and the names belong together: under them the server was sent what the database has as sent, and
   * it delivers nothing again that was acknowledged. So a new database gets only names that no database had: those of the
   * deployed SDK, whose data is imported, and these once.
   *
   * @param isNew the database is empty
   */
  of(uid: Id, isNew: boolean): DeviceNames | undefined {
    const stored = this.stored(uid);
    if (!isNew) return stored;
    return stored ? undefined : this.takeDeployed(uid);
  }

  private stored(uid: Id): DeviceNames | undefined {
    const { preferences, random } = this.deps;
    const guid = preferences.get(this.key(uid, 'guid'));
    if (!guid) return undefined;
    const serial = Number(preferences.get(this.key(uid, 'sn')));
    return { guid, serial: serial > 0 ? serial : unknownSerial(random) };
  }

  private takeDeployed(uid: Id): DeviceNames | undefined {
    const { preferences, random, appId } = this.deps;
    const deployed = new DeployedStorage(preferences, appId);
    const guid = deployed.text(uid, 'user_device_guid');
    if (!guid) return undefined;
    // It stays here as a mark that a database has it.
    preferences.set(this.key(uid, 'guid'), guid);
    const serial = Number(deployed.text(uid, 'user_device_sn'));
    return { guid, serial: serial > 0 ? serial : unknownSerial(random) };
  }

  private key(uid: Id, name: 'guid' | 'sn'): string {
    return `flooim.${this.deps.appId}.${uid}.${name}`;
  }
}
