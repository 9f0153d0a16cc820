import type { FastifyInstance } from 'fastify';
import { PNG } from 'pngjs';
import { openCall } from './call.ts';
import { RestError } from './rest-error.ts';
import type { RestDeps } from './route.ts';

/** Each digit as five rows of three pixels, a bit for each. */
const DIGITS = ['75557', '26227', '71747', '71717', '55711', '74717', '74757', '71111', '75757', '75717'].map((rows) =>
  Array.from(rows, Number),
);

const PIXEL = 6;
const COLUMNS = 4;
const ROWS = 7;

/** `GET /app/captcha/image?image_id=…&app_id=…`: the picture of a captcha, for an `<img>`. */
export function installCaptchaImage(app: FastifyInstance, rest: RestDeps): void {
  app.get('/app/captcha/image', (request, reply) => {
    const { app: data, now } = openCall(rest, '', request, 'public');
    const { image_id: id = '' } = request.query as { image_id?: string };
    const captcha = data.bindings.captchas.find(id);
    if (!captcha || captcha.expiresAt <= now) throw new RestError(10002, 'image_id is unknown or expired');
    return reply.type('image/png').header('cache-control', 'no-store').send(pictureOf(captcha.value));
  });
}

/** A PNG of these digits, dark on light. */
function pictureOf(digits: string): Buffer {
  const image = new PNG({ width: (digits.length * COLUMNS + 1) * PIXEL, height: ROWS * PIXEL });
  image.data.fill(0xee);
  for (const [index, digit] of Array.from(digits, Number).entries()) {
    for (const [row, bits] of DIGITS[digit]!.entries()) {
      for (let column = 0; column < 3; column++) {
        if (bits & (4 >> column)) fill(image, 1 + index * COLUMNS + column, 1 + row);
      }
    }
  }
  for (let at = 3; at < image.data.length; at += 4) image.data[at] = 0xff;
  return PNG.sync.write(image);
}

function fill({ data, width }: PNG, column: number, row: number): void {
  for (let y = row * PIXEL; y < (row + 1) * PIXEL; y++) {
    const from = (y * width + column * PIXEL) * 4;
    data.fill(0x33, from, from + PIXEL * 4);
  }
}
