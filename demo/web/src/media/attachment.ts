import type { Message } from 'flooim';

const FILE_KINDS = ['image', 'audio', 'video', 'file'] as const;

/** The part of a message that nobody has checked. */
interface Attached {
  type: Message['type'];
  attach?: Readonly<Record<string, unknown>>;
}

/** A file as its message describes it. Other apps wrote the description, so any part may be missing or wrong. */
export interface FileAttachment {
  kind: (typeof FILE_KINDS)[number];
  name: string;
  /** `''` until the file is uploaded. */
  url: string;
  sizeBytes: number | undefined;
  /** Width of a picture in pixels. */
  width: number | undefined;
  height: number | undefined;
  durationS: number | undefined;
}

export interface PlaceAttachment {
  lat: number;
  lon: number;
  address: string;
}

export function fileOf(message: Message): FileAttachment | undefined {
  const { type, attach }: Attached = message;
  const kind = FILE_KINDS.find((one) => one === type);
  if (!kind || !attach) return undefined;
  const url = String(attach['url'] ?? '');
  return {
    kind,
    name: String(attach['dName'] || kind),
    url: /^https?:\/\//.test(url) ? url : '',
    sizeBytes: positive(attach['fLen']),
    width: positive(attach['width']),
    height: positive(attach['height']),
    durationS: positive(attach['duration']),
  };
}

export function placeOf(message: Message): PlaceAttachment | undefined {
  const { type, attach }: Attached = message;
  if (type !== 'location' || !attach) return undefined;
  const [lat, lon] = [Number(attach['lat']), Number(attach['lon'])];
  if (!Number.isFinite(lat) || !Number.isFinite(lon)) return undefined;
  return { lat, lon, address: String(attach['addr'] ?? '') };
}

function positive(value: unknown): number | undefined {
  const number = Number(value);
  return number > 0 && Number.isFinite(number) ? number : undefined;
}
