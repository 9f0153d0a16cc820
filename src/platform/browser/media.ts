import type { Media } from '../ports.ts';

/** The longer edge of a preview. */
const PREVIEW_PX = 320;
const PATIENCE_MS = 10_000;
/** Later than any end. */
const FAR_SECONDS = 1e9;

/** By what a page shows or plays a kind of file, and when that knows enough of it. */
const SHOWN_BY = {
  image: ['img', 'load'],
  video: ['video', 'loadeddata'],
  audio: ['audio', 'loadedmetadata'],
} as const;
type Kind = keyof typeof SHOWN_BY;
/** Of one of them. */
type Shown = HTMLVideoElement & Partial<Pick<HTMLImageElement, 'naturalWidth' | 'naturalHeight'>>;

/** What a page can tell of a file. */
export const browserMedia: Media = {
  read: async (file) => {
    const kind = /^(image|audio|video)\//.exec(file.type)?.[1] as Kind | undefined;
    if (!kind) return {};
    return withShown(kind, file as Blob, async (shown) => {
      const { naturalWidth: width = shown.videoWidth, naturalHeight: height = shown.videoHeight } = shown;
      const scale = Math.min(1, PREVIEW_PX / Math.max(width, height));
      return {
        ...(kind !== 'audio' && {
          width,
          height,
          preview: (
            await drawn(shown, width * scale, height * scale, kind === 'image' ? (file as Blob) : shown)
          ).toDataURL('image/webp', 0.7),
        }),
        ...(kind !== 'image' && { duration: await secondsOf(shown) }),
      };
    });
  },
  still: async (file) => {
    if ((await (file as Blob).slice(8, 16).text()) !== 'WEBPVP8X') return undefined;
    return withShown('image', file as Blob, async (shown) => {
      const canvas = await drawn(shown, shown.naturalWidth!, shown.naturalHeight!, file as Blob);
      return new Promise((resolve) => canvas.toBlob((png) => resolve(png ?? undefined)));
    });
  },
};

async function withShown<T>(kind: Kind, file: Blob, use: (shown: Shown) => Promise<T>): Promise<T> {
  const [tag, event] = SHOWN_BY[kind];
  const shown = document.createElement(tag) as Shown;
  const url = URL.createObjectURL(file);
  try {
    const ready = reached(shown, event);
    // Some browsers load a film only when it is to be played.
    Object.assign(shown, { muted: true, preload: 'auto', src: url });
    await ready;
    return await use(shown);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** @throws Error when it cannot be shown, or nothing comes for too long. */
async function reached(shown: Shown, event: string): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await new Promise<void>((resolve, reject) => {
    const fail = (): void => reject(new Error('no picture, sound or film'));
    timer = setTimeout(fail, PATIENCE_MS);
    shown.addEventListener(event, () => resolve());
    shown.addEventListener('error', fail);
  }).finally(() => clearTimeout(timer));
}

/** @param source decoded beside the main thread, where the browser can: that takes long. */
async function drawn(shown: Shown, width: number, height: number, source: Blob | Shown): Promise<HTMLCanvasElement> {
  const canvas = document.createElement('canvas');
  const resizeWidth = (canvas.width = Math.ceil(width));
  const resizeHeight = (canvas.height = Math.ceil(height));
  const decode = async (): Promise<CanvasImageSource> =>
    createImageBitmap(source, { resizeWidth, resizeHeight, resizeQuality: 'medium' });
  canvas.getContext('2d')!.drawImage(await decode().catch(() => shown), 0, 0, resizeWidth, resizeHeight);
  return canvas;
}

async function secondsOf(shown: Shown): Promise<number> {
  // What was recorded here does not say its length before its end was seen.
  if (shown.duration === Infinity) {
    const known = reached(shown, 'durationchange');
    shown.currentTime = FAR_SECONDS;
    await known;
  }
  return Math.max(1, Math.round(shown.duration));
}
