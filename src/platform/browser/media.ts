import type { Media, MediaFacts } from '../ports.ts';

/** Length of the longer edge of a preview. */
const PREVIEW_PX = 320;
/** How long a file may take to load. */
const LOAD_TIMEOUT_MS = 10_000;
/** A position after the end of any film. */
const FAR_SECONDS = 1e9;
/** A longer sound is sent without its duration: all of it is decoded in memory. Five minutes of a voice message have less. */
const LONGEST_SOUND_BYTES = 5_000_000;
/** The lowest rate that every engine decodes to: it is the length that counts. */
const SOUND_RATE = 8000;
/** Of a drawing only so much is read for its size. */
const LONGEST_DRAWING_BYTES = 100_000;

/** Something to draw, and its size in pixels. */
interface Picture {
  source: CanvasImageSource;
  width: number;
  height: number;
}

/**
 * Looks into media files. Pictures and sounds are decoded without an element: a page's CSP may forbid `blob:` URLs, and it
 * reports each try. A film needs an element, so it is read only where the app says that the policy allows it. A worker can read
 * pictures only.
 */
export const browserMedia: Media = {
  read: async (file, { films }) => {
    const blob = file as Blob;
    if (file.type.startsWith('image/svg')) return drawingFacts(blob);
    if (file.type.startsWith('image/')) return withPicture(blob, factsOf);
    if (file.type.startsWith('audio/')) return soundFacts(blob);
    return films && file.type.startsWith('video/') ? filmFacts(blob) : {};
  },
  still: async (file) => {
    if ((await (file as Blob).slice(8, 16).text()) !== 'WEBPVP8X') return undefined;
    return withPicture(file as Blob, (picture) => drawn(picture, 1, 'image/png'));
  },
};

async function factsOf(picture: Picture): Promise<MediaFacts> {
  const { width, height } = picture;
  const scale = Math.min(1, PREVIEW_PX / Math.max(width, height));
  const preview = await dataUrlOf(await drawn(picture, scale, 'image/webp'));
  return { width, height, preview };
}

/** Decodes a picture off the main thread. */
async function withPicture<T>(file: Blob, use: (picture: Picture) => Promise<T>): Promise<T> {
  const source = await createImageBitmap(file);
  const { width, height } = source;
  return use({ source, width, height }).finally(() => source.close());
}

/** The size that an SVG drawing names. Its preview is the drawing itself, in a smaller size. */
async function drawingFacts(file: Blob): Promise<MediaFacts> {
  if (file.size > LONGEST_DRAWING_BYTES) return {};
  const markup = await file.text();
  // Not with DOMParser, which Trusted Types forbid.
  const root = /<svg\b[^>]*>/i.exec(markup)?.[0] ?? '';
  const attribute = (name: string): string =>
    new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`, 'i').exec(root)?.[1] ?? '';
  const [, , boxWidth = 0, boxHeight = 0] = attribute('viewBox')
    .split(/[\s,]+/)
    .map(Number);
  const pixels = (text: string): number => (/^[\d.]+(px)?$/.test(text) ? Math.round(parseFloat(text)) : 0);
  const width = pixels(attribute('width')) || Math.round(boxWidth);
  const height = pixels(attribute('height')) || Math.round(boxHeight);
  if (!(width > 0 && height > 0)) return {};
  const scale = Math.min(1, PREVIEW_PX / Math.max(width, height));
  const small = root
    .replace(/\s(width|height)\s*=\s*("[^"]*"|'[^']*')/gi, '')
    .replace(/^<svg/i, `<svg width="${Math.ceil(width * scale)}" height="${Math.ceil(height * scale)}"`)
    .replace(/\/?>$/, (end) => (attribute('viewBox') ? end : ` viewBox="0 0 ${width} ${height}"${end}`));
  return {
    width,
    height,
    preview: await dataUrlOf(new Blob([markup.replace(root, () => small)], { type: file.type })),
  };
}

async function soundFacts(file: Blob): Promise<MediaFacts> {
  if (file.size > LONGEST_SOUND_BYTES || typeof OfflineAudioContext === 'undefined') return {};
  const { duration } = await new OfflineAudioContext(1, 1, SOUND_RATE).decodeAudioData(await file.arrayBuffer());
  return { duration: Math.max(1, Math.round(duration)) };
}

async function filmFacts(file: Blob): Promise<MediaFacts> {
  const shown = document.createElement('video');
  const url = URL.createObjectURL(file);
  try {
    const ready = reached(shown, 'loadeddata');
    // Some browsers load only as much of a film as `preload` allows.
    Object.assign(shown, { muted: true, preload: 'auto', src: url });
    await ready;
    const facts = await factsOf({ source: shown, width: shown.videoWidth, height: shown.videoHeight });
    return { ...facts, duration: await secondsOf(shown) };
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * Waits for an event.
 *
 * @throws Error when the target emits an error, or nothing in time
 */
async function reached(shown: EventTarget, event: string): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await new Promise<void>((resolve, reject) => {
    const fail = (): void => reject(new Error('no film'));
    timer = setTimeout(fail, LOAD_TIMEOUT_MS);
    shown.addEventListener(event, () => resolve());
    shown.addEventListener('error', fail);
  }).finally(() => clearTimeout(timer));
}

async function drawn(picture: Picture, scale: number, type: string): Promise<Blob> {
  const width = Math.ceil(picture.width * scale);
  const height = Math.ceil(picture.height * scale);
  const canvas =
    typeof OffscreenCanvas === 'function'
      ? new OffscreenCanvas(width, height)
      : Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture.source, 0, 0, width, height);
  const options = { type, quality: 0.7 };
  if ('convertToBlob' in canvas) return canvas.convertToBlob(options);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('not drawn'))), type, options.quality),
  );
}

async function dataUrlOf(blob: Blob): Promise<string> {
  const reader = new FileReader();
  const read = reached(reader, 'load');
  reader.readAsDataURL(blob);
  await read;
  return reader.result as string;
}

async function secondsOf(shown: HTMLVideoElement): Promise<number> {
  // A recording of MediaRecorder has no length in its header. Seeking to its end finds the length.
  if (shown.duration === Infinity) {
    const known = reached(shown, 'durationchange');
    shown.currentTime = FAR_SECONDS;
    await known;
  }
  return Math.max(1, Math.round(shown.duration));
}
