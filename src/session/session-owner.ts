import type { DeviceNames } from '../model/device.ts';
import type { DownFrame } from '../wire/frame-types.ts';

/** Receives the frames of an accepted session: the sync engine of the open account. */
interface FrameReceiver {
  /** @param frame - any frame but the answer to the provision */
  handleFrame(frame: DownFrame): void;
  /** A frame came that could not be read. */
  handleBadFrame(): void;
  /** Resolves when every frame received so far is stored and its events are emitted. */
  settled(): Promise<void>;
}

/** The names of the device, as the open account stores them. */
export interface SessionDevice {
  readonly names: DeviceNames;
  /** Stores the serial that the server gave. */
  saveSerial(serial: number): void;
  /** Takes another guid; resolves when it is stored. */
  renew(): Promise<void>;
}

/** What the connection needs of the open account. */
export interface SessionOwner {
  readonly sync: FrameReceiver;
  readonly device: SessionDevice;
}
