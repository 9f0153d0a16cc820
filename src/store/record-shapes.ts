import type { DeviceNames } from '../model/device.ts';
import type { FirstCatchUp } from './schema.ts';

/** Whether a stored record names a device. */
export function isDeviceNames(value: unknown): value is DeviceNames {
  const { guid, serial } = Object(value) as Partial<DeviceNames>;
  return typeof guid === 'string' && guid !== '' && Number.isInteger(serial) && serial! > 0;
}

/** Whether a stored record says how far a first catch-up is. */
export function isFirstCatchUp(value: unknown): value is FirstCatchUp {
  const { isOver, queues } = Object(value) as Partial<FirstCatchUp>;
  return typeof isOver === 'boolean' && Array.isArray(queues) && queues.every((id) => typeof id === 'string');
}
