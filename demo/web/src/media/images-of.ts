import type { FlooClient } from 'flooim';
import { dayName, timeOfDay } from '../format.ts';
import type { Names } from '../names.ts';
import type { Outgoing } from '../outgoing.ts';
import type { Line } from '../timeline.ts';
import { fileOf } from './attachment.ts';
import type { ViewerImage } from './image-viewer.ts';

const ORIGINAL = { image_type: 1 };

/** The images of a chat that there is something to show of. */
export function imagesOf(
  lines: readonly Line[],
  { im, names, outgoing }: { im: FlooClient; names: Names; outgoing: Outgoing },
): ViewerImage[] {
  return lines.flatMap((line) => {
    const file = line.kind === 'message' ? fileOf(line.message) : undefined;
    if (line.kind !== 'message' || file?.kind !== 'image') return [];
    const { key, message, preview } = line;
    const source = outgoing.localUrl(key) ?? (im.sysManage.getChatFile({ url: file.url, params: ORIGINAL }) || preview);
    const sentAtMs = Number(message.timestamp);
    const caption = `${names.user(message.from)}, ${dayName(sentAtMs, Date.now())} ${timeOfDay(sentAtMs)}`;
    return source ? [{ key, name: file.name, caption, source, url: file.url }] : [];
  });
}
