/** A picture with a different colour in each quarter, drawn by the page. */
export async function picture(width: number, height: number, type: string, name = 'a.png'): Promise<File> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false })!;
  for (const [index, colour] of ['red', 'lime', 'blue', 'white'].entries()) {
    context.fillStyle = colour;
    context.fillRect((index % 2) * (width / 2), Math.floor(index / 2) * (height / 2), width / 2, height / 2);
  }
  return new File([await canvas.convertToBlob({ type })], name, { type });
}

/** A plain WebP. A page writes an extended one, which has a colour profile. */
export async function plainWebp(width: number, height: number): Promise<File> {
  return webp([await pictureChunk(width, height)], 'a.webp');
}

/** An extended WebP of two frames. */
export async function movingWebp(width: number, height: number): Promise<File> {
  const size = [...uint(width - 1, 3), ...uint(height - 1, 3)];
  const ANIMATED = 2;
  const header = chunk('VP8X', [ANIMATED, 0, 0, 0, ...size]);
  const animation = chunk('ANIM', [0, 0, 0, 0, 0, 0]);
  const frame = chunk('ANMF', [...uint(0, 6), ...size, ...uint(100, 3), 0, ...(await pictureChunk(width, height))]);
  return webp([header, animation, frame, frame], 'cat.webp');
}

function webp(chunks: number[][], name: string): File {
  return new File([new Uint8Array(chunk('RIFF', [...ascii('WEBP'), ...chunks.flat()]))], name, { type: 'image/webp' });
}

/** The image data of a WebP that the page writes. */
async function pictureChunk(width: number, height: number): Promise<number[]> {
  const bytes = new Uint8Array(await (await picture(width, height, 'image/webp')).arrayBuffer());
  const view = new DataView(bytes.buffer);
  for (let at = 12; at < bytes.length;) {
    const end = at + 8 + view.getUint32(at + 4, true);
    // Lossy or lossless.
    if (/VP8[ L]/.test(String.fromCharCode(...bytes.subarray(at, at + 4))))
      return [...bytes.subarray(at, end + (end % 2))];
    at = end + (end % 2);
  }
  throw new Error('no picture');
}

/** A tone of so many seconds. */
export function tone(seconds: number): File {
  const RATE = 8000;
  const samples = Array.from({ length: seconds * RATE }, (_, at) => 128 + Math.round(100 * Math.sin(at / 3)));
  const format = [...uint(1, 2), ...uint(1, 2), ...uint(RATE, 4), ...uint(RATE, 4), ...uint(1, 2), ...uint(8, 2)];
  const body = [...ascii('WAVE'), ...chunk('fmt ', format), ...chunk('data', samples)];
  return new File([new Uint8Array(chunk('RIFF', body))], 'a.wav', { type: 'audio/wav' });
}

/** A film that the page records: its file does not hold a duration. */
export async function film(width: number, height: number, ms: number): Promise<File> {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d')!;
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.start();
  const began = performance.now();
  for (let step = 0; performance.now() - began < ms; step++) {
    context.fillStyle = step % 2 ? 'red' : 'blue';
    context.fillRect(0, 0, width, height);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.stop();
  await stopped;
  return new File(parts, 'a.webm', { type: 'video/webm' });
}

/** The colours of a picture, by name. */
export async function shownBy(file: Blob | string): Promise<{ width: number; height: number; colours: string[] }> {
  const url = typeof file === 'string' ? file : URL.createObjectURL(file);
  const image = new Image();
  image.crossOrigin = 'anonymous';
  image.src = url;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  context.drawImage(image, 0, 0);
  const colourAt = (x: number, y: number): string => {
    const [red = 0, green = 0, blue = 0] = context.getImageData(width * x, height * y, 1, 1).data;
    return [red, green, blue].map((part) => (part > 128 ? 1 : 0)).join('');
  };
  return { width, height, colours: [colourAt(0.25, 0.25), colourAt(0.75, 0.25), colourAt(0.25, 0.75)] };
}

export const QUARTERS = ['100', '010', '001'];

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const uint = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** index) & 255);
const chunk = (name: string, body: number[]): number[] => [
  ...ascii(name),
  ...uint(body.length, 4),
  ...body,
  ...(body.length % 2 ? [0] : []),
];
