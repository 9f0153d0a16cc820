import { PNG } from 'pngjs';
import type { Pictures } from '../ports.ts';

/** pngjs decodes every colour type to eight bits each of red, green, blue and alpha. */
const PIXEL_BYTES = 4;
/** The last chunk of a PNG: its name and its checksum. Some writers append bytes of their own, which pngjs rejects. */
const END = Buffer.from('49454e44ae426082', 'hex');

/** Each digit as five rows of three pixels, a bit for each. */
const DIGITS = ['75557', '26227', '71747', '71717', '55711', '74717', '74757', '71111', '75757', '75717'].map((rows) =>
  Array.from(rows, Number),
);
const DIGIT_PIXEL = 6;
const COLUMNS = 4;
const ROWS = 7;

/** Pictures by pngjs. */
export const pngPictures: Pictures = {
  /** Shrinks by picking the nearest pixels. */
  thumbnail(bytes, edgePx) {
    const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
  },

  encode({ width, height, pixels }) {
    const image = new PNG({ width, height });
    image.data.set(pixels);
    return PNG.sync.write(image);
  },

  /** Dark on light. */
  digits(text) {
    const image = new PNG({ width: (text.length * COLUMNS + 1) * DIGIT_PIXEL, height: ROWS * DIGIT_PIXEL });
    image.data.fill(0xee);
    for (const [index, digit] of Array.from(text, Number).entries()) {
      for (const [row, bits] of DIGITS[digit]!.entries()) {
        for (let column = 0; column < 3; column++) {
          if (bits & (4 >> column)) fill(image, 1 + index * COLUMNS + column, 1 + row);
        }
      }
    }
    for (let at = 3; at < image.data.length; at += PIXEL_BYTES) image.data[at] = 0xff;
    return PNG.sync.write(image);
  },
};

function fill({ data, width }: PNG, column: number, row: number): void {
  for (let y = row * DIGIT_PIXEL; y < (row + 1) * DIGIT_PIXEL; y++) {
    const from = (y * width + column * DIGIT_PIXEL) * PIXEL_BYTES;
    data.fill(0x33, from, from + DIGIT_PIXEL * PIXEL_BYTES);
  }
}
