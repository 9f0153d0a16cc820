/** `platform` of a web session among a user's devices, and how this SDK calls itself. */
export const PLATFORM_WEB = 6;

/** A device of the user (api-surface 4.10). */
export interface Device {
  device_sn: number;
  /** 1 iOS, 2 Android, 3 Windows, 4 macOS, 5 Linux, 6 web. */
  platform: number;
  user_agent?: string;
  user_id?: number;
}
