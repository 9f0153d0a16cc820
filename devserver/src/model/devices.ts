/** One device of one user: its names, and its position in each conversation. */
export interface Device {
  readonly userId: number;
  readonly sn: number;
  readonly guid: string;
  readonly createdAt: number;
  platform: number;
  userAgent: string;
  /** The token of its last socket login, revoked when the device is kicked. */
  token: string;
  /** Where the vendor's push service would reach it. */
  pushToken?: string;
  /** Conversation → everything with a smaller id is acknowledged. */
  readonly positions: Map<number, bigint>;
  /** Client mid → the server's id for it. */
  readonly sentMids: Map<string, bigint>;
  /** Conversation → newest message at the time this device deleted the conversation for itself. */
  readonly hiddenUpTo: Map<number, bigint>;
}

/** The devices of one app, found by their guid. */
export class Devices {
  readonly #byUser = new Map<number, Device[]>();

  of(userId: number): readonly Device[] {
    return this.#byUser.get(userId) ?? [];
  }

  /** Finds the device with this guid, or adds it with the user's next serial number. */
  open(userId: number, guid: string, now: number): { device: Device; isNew: boolean } {
    const known = this.of(userId).find((device) => device.guid === guid);
    if (known) return { device: known, isNew: false };
    const sn = (this.of(userId).at(-1)?.sn ?? 0) + 1;
    const device: Device = {
      userId,
      sn,
      guid,
      createdAt: now,
      platform: 0,
      userAgent: '',
      token: '',
      positions: new Map(),
      sentMids: new Map(),
      hiddenUpTo: new Map(),
    };
    this.#byUser.set(userId, [...this.of(userId), device]);
    return { device, isNew: true };
  }
}
