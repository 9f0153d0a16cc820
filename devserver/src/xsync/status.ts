import { FrameCommand, StatusErrorCode } from 'flooim/wire';
import type { DownFrame, IStatus, SyncDown } from 'flooim/wire';

export const OK: IStatus = { code: StatusErrorCode.OK };

export function syncFrame(payload: SyncDown): DownFrame {
  return { command: FrameCommand.SYNC, payload };
}
