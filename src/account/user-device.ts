import type { DeviceNames } from '../model/device.ts';
import type { Id } from '../model/ids.ts';
import type { Random } from '../platform/ports.ts';
import type { SessionDevice } from '../session/session-owner.ts';
import { newDevice, unknownSerial } from '../session/device-names.ts';
import { afterRename } from '../store/migrations.ts';
import { NOT_CAUGHT_UP } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/**
 * The device as which the server knows a user's open data. Its names are stored with the data: what the server holds for it
 * and what was sent under it belong together. While nothing can be stored, it is another device, whose names are in memory.
 */
export class UserDevice implements SessionDevice {
  private readonly store: Store;
  private readonly uid: Id;
  private readonly random: Random;
  private temporary: DeviceNames | undefined;

  constructor({ store, uid, random }: { store: Store; uid: Id; random: Random }) {
    this.store = store;
    this.uid = uid;
    this.random = random;
  }

  get isTemporary(): boolean {
    return this.temporary !== undefined;
  }

  get names(): DeviceNames {
    return this.temporary ?? this.store.reader.device() ?? this.becomeTemporary();
  }

  /** Makes this a new device for as long as the data is open. */
  becomeTemporary(): DeviceNames {
    this.temporary = newDevice(this.uid, this.random);
    // It fails only when the data is closed.
    this.store.update((tx) => tx.setFirstCatchUp(NOT_CAUGHT_UP), 'later').catch(() => undefined);
    return this.temporary;
  }

  saveSerial(serial: number): void {
    if (serial !== this.names.serial) this.change({ ...this.names, serial });
  }

  /** The server removed this device: the next login gets a new serial. */
  forgetSerial(): void {
    this.change({ ...this.names, serial: unknownSerial(this.random) });
  }

  /** Another device has this guid. Rows that may have left under it are looked for in the history before they are sent. */
  async renew(): Promise<void> {
    const { guid } = newDevice(this.uid, this.random);
    const names = { ...this.names, guid };
    if (this.temporary) this.temporary = names;
    else
      await this.store.update((tx) => {
        tx.setDevice(names);
        tx.setFirstCatchUp(NOT_CAUGHT_UP);
        for (const entry of this.store.reader.outbox()) tx.putOutbox(afterRename(entry));
      });
  }

  private change(names: DeviceNames): void {
    if (this.temporary) this.temporary = names;
    // The server gives the serial again at the next login.
    else this.store.update((tx) => tx.setDevice(names), 'later').catch(() => undefined);
  }
}
