import type { CallPort } from '../call-port.ts';
import type { FlooError } from '../errors.ts';
import type { MediaDevice } from './media-types.ts';

const KINDS = { audioinput: 'microphone', audiooutput: 'speaker', videoinput: 'camera' } as const;

/** The browser's devices; undefined on a page that may have none, and outside of pages. */
export const mediaDevices = (): MediaDevices | undefined =>
  typeof navigator === 'undefined' ? undefined : navigator.mediaDevices;

/** Whether calls can be made here. */
export const areCallsSupported = (): boolean =>
  typeof RTCPeerConnection !== 'undefined' && mediaDevices()?.getUserMedia !== undefined;

/** The devices that there are. Before the user has allowed one, they have no names and ids. */
export async function listDevices(kind?: MediaDevice['kind']): Promise<MediaDevice[]> {
  const found = (await mediaDevices()?.enumerateDevices()) ?? [];
  return found
    .map(({ deviceId, kind: its, label }) => ({ deviceId, kind: KINDS[its], label }))
    .filter((device) => kind === undefined || device.kind === kind);
}

/** Calls the handler when devices come or go. @returns a function that ends it */
export function watchDevices(handler: () => void): () => void {
  const devices = mediaDevices();
  devices?.addEventListener('devicechange', handler);
  return () => devices?.removeEventListener('devicechange', handler);
}

/** What a call captures, and where it plays. */
export type DeviceKind = 'camera' | 'microphone' | 'screen' | 'speaker';

const REFUSED = ['NotAllowedError', 'SecurityError'];
const MISSING = ['NotFoundError', 'OverconstrainedError'];

/** The error for a device that the browser did not give. */
export function deviceError(port: Pick<CallPort, 'createError'>, kind: DeviceKind, cause: unknown): FlooError {
  const { name = '' } = cause as Partial<DOMException>;
  const options = { cause, details: { device: kind } };
  if (REFUSED.includes(name))
    return kind === 'screen'
      ? port.createError('UserCancel', 'no screen was picked', options)
      : port.createError('UserPermissionDenied', `the ${kind} was refused`, options);
  if (MISSING.includes(name)) return port.createError('NotFound', `there is no such ${kind}`, options);
  return port.createError('GeneralError', `the ${kind} gives nothing: ${name}`, options);
}

/** Whether somebody uses the device: on phones one camera has to be released before another gives anything. */
export const isInUse = (cause: unknown): boolean =>
  ['NotReadableError', 'AbortError'].includes((cause as Partial<DOMException>).name ?? '');
