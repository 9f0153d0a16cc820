import type { DeviceNames } from '../model/device.ts';

/** Whether a stored record names a device. */
export function isDeviceNames(value: unknown): value is DeviceNames {
  const { guid, serial } = Object(value) as Partial<DeviceNames>;
  return typeof guid === 'string' && guid !== '' && Number.isInteger(serial) && serial! > 0;
}
