import type { FileContent } from '../model/files.ts';
import type { Pictures } from '../ports.ts';

export const VOICE_FORMATS = ['amr', 'mp3'] as const;
export type VoiceFormat = (typeof VOICE_FORMATS)[number];

const ImageType = { ORIGINAL: 1, THUMBNAIL: 2, COVER: 3 } as const;
const ANY = 'application/octet-stream';
const MP3 = 'audio/mpeg';
const PNG = 'image/png';
/** The longer edge of a thumbnail. */
const THUMBNAIL_PX = 240;

/** The kind of a file: the last two digits of its file type. */
const KIND = { AMR: 1, IMAGE: 2, VIDEO: 3, MP3: 4 } as const;
const BY_KIND: Readonly<Record<number, string>> = {
  [KIND.AMR]: 'audio/amr',
  [KIND.IMAGE]: 'image/jpeg',
  [KIND.VIDEO]: 'video/mp4',
  [KIND.MP3]: MP3,
};
const BY_EXTENSION: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': PNG,
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.mp3': MP3,
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.txt': 'text/plain; charset=utf-8',
  '.json': 'application/json',
  '.pdf': 'application/pdf',
};

/** A grey pixel: the cover of any video. */
export const PIXEL = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=='),
  (char) => char.charCodeAt(0),
);

/**
 * The content type of the upload, or else a likely one. `format` only changes the type of voice; nothing is transcoded.
 */
export function contentTypeOf({ name, contentType, fileType }: FileContent, format?: VoiceFormat): string {
  const kind = fileType % 100;
  if (format === 'mp3' && kind === KIND.AMR) return MP3;
  if (contentType !== '' && contentType !== ANY) return contentType;
  return BY_EXTENSION[/\.[^.]*$/.exec(name)?.[0].toLowerCase() ?? ''] ?? BY_KIND[kind] ?? ANY;
}

/**
 * Whether the content type of an upload fits its declared file type. An upload without a type always fits. Voice may
 * have a video type, because browsers' recorders use one.
 */
export function fits(fileType: number, contentType: string): boolean {
  const kind = fileType % 100;
  if (contentType === '' || contentType === ANY) return true;
  if (kind === KIND.IMAGE) return contentType.startsWith('image/');
  if (kind === KIND.VIDEO) return contentType.startsWith('video/');
  return !(kind === KIND.AMR || kind === KIND.MP3) || /^(audio|video)\//.test(contentType);
}

/** The thumbnail of a picture or the cover of a video; undefined if the file itself is to be sent. */
export function coverOf(
  { fileType, bytes }: FileContent,
  imageType: number,
  pictures: Pictures | undefined,
): { bytes: Uint8Array; contentType: string } | undefined {
  if (imageType === ImageType.ORIGINAL) return undefined;
  if (fileType % 100 === KIND.VIDEO) return { bytes: PIXEL, contentType: PNG };
  try {
    const thumbnail = bytes && pictures?.thumbnail(bytes(), THUMBNAIL_PX);
    return thumbnail && { bytes: thumbnail, contentType: PNG };
  } catch {
    // A damaged file, or not a PNG. Tests upload such files on purpose.
    return undefined;
  }
}
