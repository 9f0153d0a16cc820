import type { Media, MediaFacts } from '../ports.ts';

/** Length of the longer edge of a preview. */
const PREVIEW_PX = 320;
/** How long a file may take to load. */
const LOAD_TIMEOUT_MS = 10_000;
/** A position after the end of any film. */
const FAR_SECONDS = 1e9;

/** The element that shows or plays a kind of file, and the event after which it knows the facts. */
const SHOWN_BY = {
  image: { tag: 'img', event: 'load' },
  video: { tag: 'video', event: 'loadeddata' },
  audio: { tag: 'audio', event: 'loadedmetadata' },
} as const;
type Kind = keyof typeof SHOWN_BY;
/** One of these elements, with the members that are used here. */
type Shown = HTMLVideoElement & Pick<HTMLImageElement, 'naturalWidth' | 'naturalHeight'>;

/** Something to draw, and its size in pixels. */
interface Picture {
  source: CanvasImageSource;
  width: number;
  height: number;
}

/** Looks into media files with the elements of a page. A worker can read pictures only. */
export const browserMedia: Media = {
  read: async (file) => {
    const kind = /^(image|audio|video)\//.exec(file.type)?.[1] as Kind | undefined;
    if (!kind) return {};
    if (kind === 'image') return withPicture(file as Blob, factsOf);
    return withShown(kind, file as Blob, async (shown) => {
      const { videoWidth: width, videoHeight: height } = shown;
      const facts = kind === 'video' ? await factsOf({ source: shown, width, height }) : {};
      return { ...facts, duration: await secondsOf(shown) };
    });
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

/** Decodes a picture off the main thread and without an element, which a page's CSP may forbid. */
async function withPicture<T>(file: Blob, use: (picture: Picture) => Promise<T>): Promise<T> {
  let source: ImageBitmap;
  try {
    source = await createImageBitmap(file);
  } catch {
    // `createImageBitmap` takes no SVG.
    return withShown('image', file, async (shown) =>
      use({ source: shown, width: shown.naturalWidth, height: shown.naturalHeight }),
    );
  }
  const { width, height } = source;
  return use({ source, width, height }).finally(() => source.close());
}

async function withShown<T>(kind: Kind, file: Blob, use: (shown: Shown) => Promise<T>): Promise<T> {
  const { tag, event } = SHOWN_BY[kind];
  const shown = document.createElement(tag) as Shown;
  const url = URL.createObjectURL(file);
  try {
    const ready = reached(shown, event);
    // Some browsers load only as much of a film as `preload` allows.
    Object.assign(shown, { muted: true, preload: 'auto', src: url });
    await ready;
    return await use(shown);
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
    const fail = (): void => reject(new Error('no picture, sound or film'));
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

async function secondsOf(shown: Shown): Promise<number> {
  // A recording of MediaRecorder has no length in its header. Seeking to its end finds the length.
  if (shown.duration === Infinity) {
    const known = reached(shown, 'durationchange');
    shown.currentTime = FAR_SECONDS;
    await known;
  }
  return Math.max(1, Math.round(shown.duration));
}
