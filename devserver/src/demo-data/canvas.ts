/** A colour as `#rrggbb`. */
export type Colour = `#${string}`;

const PIXEL_BYTES = 4;
/** Width of the soft edge of a shape, in pixels. */
const SOFT = 1;

/** A picture to draw on: opaque, with soft edges. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and alpha of each pixel, row by row. */
  readonly pixels: Uint8Array;

  constructor(width: number, height: number, ground: Colour) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint8Array(width * height * PIXEL_BYTES).fill(0xff);
    this.rectangle(0, 0, width, height, ground);
  }

  rectangle(left: number, top: number, width: number, height: number, colour: Colour): void {
    const inside = (x: number, y: number): number =>
      Math.min(x - left, left + width - x, y - top, top + height - y) + SOFT / 2;
    this.#paint({ left, top, right: left + width, bottom: top + height }, colour, inside);
  }

  /** @param above leaves out everything below this line */
  ellipse(x: number, y: number, radiusX: number, radiusY: number, colour: Colour, above = Infinity): void {
    const radius = Math.min(radiusX, radiusY);
    const inside = (px: number, py: number): number =>
      Math.min((1 - Math.hypot((px - x) / radiusX, (py - y) / radiusY)) * radius, above - py) + SOFT / 2;
    this.#paint({ left: x - radiusX, top: y - radiusY, right: x + radiusX, bottom: y + radiusY }, colour, inside);
  }

  /** Everything below a line, which has a height for each column. */
  below(heightAt: (x: number) => number, colour: Colour): void {
    this.#paint(
      { left: 0, top: 0, right: this.width, bottom: this.height },
      colour,
      (x, y) => y - heightAt(x) + SOFT / 2,
    );
  }

  /** @param inside how many pixels a point is inside the shape */
  #paint(
    area: { left: number; top: number; right: number; bottom: number },
    colour: Colour,
    inside: (x: number, y: number) => number,
  ): void {
    const { width, height, pixels } = this;
    const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as Rgb;
    const right = Math.min(width, Math.ceil(area.right));
    for (let y = Math.max(0, Math.floor(area.top)); y < Math.min(height, Math.ceil(area.bottom)); y++) {
      for (let x = Math.max(0, Math.floor(area.left)); x < right; x++) {
        const share = Math.min(1, inside(x + 0.5, y + 0.5));
        if (share <= 0) continue;
        const at = (y * width + x) * PIXEL_BYTES;
        pixels[at] = mix(pixels[at]!, red, share);
        pixels[at + 1] = mix(pixels[at + 1]!, green, share);
        pixels[at + 2] = mix(pixels[at + 2]!, blue, share);
      }
    }
  }
}

type Rgb = [number, number, number];

function mix(old: number, colour: number, share: number): number {
  return Math.round(old * (1 - share) + colour * share);
}
