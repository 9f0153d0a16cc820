/** `platform` of a web session among a user's devices. This SDK reports itself as this platform. */
export const PLATFORM_WEB = 6;

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
