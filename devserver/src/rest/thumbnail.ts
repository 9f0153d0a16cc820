import { PNG } from 'pngjs';

/** pngjs decodes every colour type to eight bits each of red, green, blue and alpha. */
const PIXEL_BYTES = 4;
/** The last chunk of a PNG: its name and its checksum. Some writers append bytes of their own, which pngjs rejects. */
const END = Buffer.from('49454e44ae426082', 'hex');

/**
 * Shrinks a PNG by picking the nearest pixels.
 *
 * @param edgePx length of the longer edge of the thumbnail
 * @returns a PNG, or undefined if the picture is already that small
 * @throws Error if the file is not a PNG
 */
export function thumbnailOf(file: Buffer, edgePx: number): Buffer | undefined {
  const end = file.indexOf(END);
  const image = PNG.sync.read(end < 0 ? file : file.subarray(0, end + END.length));
  const step = Math.max(image.width, image.height) / edgePx;
  if (step <= 1) return undefined;
  const small = new PNG({ width: Math.ceil(image.width / step), height: Math.ceil(image.height / step) });
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      const from = (Math.floor(y * step) * image.width + Math.floor(x * step)) * PIXEL_BYTES;
      image.data.copy(small.data, (y * small.width + x) * PIXEL_BYTES, from, from + PIXEL_BYTES);
    }
  }
  return PNG.sync.write(small);
}
