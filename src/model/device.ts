/** `platform` of a web session among a user's devices. This SDK reports itself as this platform. */
export const PLATFORM_WEB = 6;

/** The names by which the server knows this device. What it sent and what it acknowledged is remembered under the guid. */
export interface DeviceNames {
  /** `<user id>_<random 31-bit integer>`. */
  readonly guid: string;
  /** The serial that the server gave, or a made-up one until then. */
  readonly serial: number;
}

/** One device that is logged in as the user. */
export interface Device {
  /** The device's serial number at the server. */
  device_sn: number;
  /** 1 iOS, 2 Android, 3 Windows, 4 macOS, 5 Linux, 6 web. */
  platform: number;
  /** What the device calls itself. */
  user_agent?: string;
  /** The user. */
  user_id?: number;
}
