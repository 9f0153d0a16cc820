import { Meter } from './meter.ts';

export const buildUploadMeter = (name: string, onCancel: () => void): Meter =>
  new Meter({ label: `Sending ${name}`, cancelLabel: `Cancel sending ${name}`, onCancel });
