import { Canvas } from './canvas.ts';
import type { Colour } from './canvas.ts';

/** What tells a face from the others. */
export interface Face {
  readonly ground: Colour;
  readonly skin: Colour;
  readonly hair: Colour;
  readonly cut: 'short' | 'long' | 'bun' | 'none';
  readonly glasses?: boolean;
}

const FACE_PX = 128;
const DARK = '#2b2d42';

/** The picture of a person. */
export function drawFace({ ground, skin, hair, cut, glasses = false }: Face): Canvas {
  const canvas = new Canvas(FACE_PX, FACE_PX, ground);
  if (cut === 'long') canvas.ellipse(64, 74, 44, 52, hair);
  if (cut === 'bun') canvas.ellipse(64, 22, 15, 14, hair);
  canvas.ellipse(64, 134, 48, 36, '#f8f9fa');
  canvas.ellipse(64, 100, 13, 22, skin);
  canvas.ellipse(64, 70, 32, 37, skin);
  if (cut !== 'none') canvas.ellipse(64, 60, 35, 33, hair, 54);
  for (const x of [52, 76]) {
    if (glasses) {
      canvas.ellipse(x, 70, 10, 9, DARK);
      canvas.ellipse(x, 70, 8, 7, skin);
    }
    canvas.ellipse(x, 70, 3.4, 4, DARK);
  }
  canvas.ellipse(64, 86, 11, 7, '#b5485d');
  canvas.ellipse(64, 82, 13, 6, skin);
  return canvas;
}

/** The picture of the assistant: a friendly machine. */
export function drawRobot(): Canvas {
  const canvas = new Canvas(FACE_PX, FACE_PX, '#5f4bb6');
  canvas.rectangle(61, 16, 6, 20, '#e0e1f2');
  canvas.ellipse(64, 16, 8, 8, '#ffd166');
  canvas.rectangle(26, 36, 76, 62, '#e0e1f2');
  canvas.rectangle(34, 46, 60, 34, DARK);
  for (const x of [50, 78]) canvas.ellipse(x, 62, 8, 8, '#06d6a0');
  canvas.rectangle(48, 88, 32, 4, DARK);
  canvas.rectangle(44, 98, 40, 30, '#c4c6e7');
  return canvas;
}

/** The picture of a group: two colours and three people. */
export function drawGroup(ground: Colour, people: Colour): Canvas {
  const canvas = new Canvas(FACE_PX, FACE_PX, ground);
  for (const [x, y, size] of [
    [36, 52, 0.8],
    [92, 52, 0.8],
    [64, 46, 1],
  ] as const) {
    canvas.ellipse(x, y + 66 * size, 28 * size, 42 * size, ground);
    canvas.ellipse(x, y + 66 * size, 24 * size, 38 * size, people);
    canvas.ellipse(x, y, 20 * size, 20 * size, ground);
    canvas.ellipse(x, y, 16 * size, 16 * size, people);
  }
  return canvas;
}

/** Hills before a low sun. */
export function drawSunset(): Canvas {
  const canvas = new Canvas(480, 300, '#f4a261');
  canvas.rectangle(0, 0, 480, 90, '#e76f51');
  canvas.ellipse(330, 150, 58, 58, '#ffe8a3');
  canvas.below((x) => 190 + Math.sin(x / 70) * 26, '#8d5a97');
  canvas.below((x) => 225 + Math.sin(x / 48 + 2) * 20, '#5a3d6a');
  canvas.below((x) => 262 + Math.sin(x / 34 + 4) * 10, '#2f2440');
  return canvas;
}

/** A chart with a bar for each value from 0 to 1. */
export function drawChart(values: readonly number[]): Canvas {
  const canvas = new Canvas(420, 260, '#ffffff');
  for (let line = 0; line < 5; line++) canvas.rectangle(30, 30 + line * 45, 360, 1, '#dee2e6');
  const width = 360 / values.length;
  for (const [index, value] of values.entries()) {
    const height = value * 180;
    const colour: Colour = index === values.length - 1 ? '#e76f51' : '#2a9d8f';
    canvas.rectangle(30 + index * width + width * 0.15, 210 - height, width * 0.7, height, colour);
  }
  canvas.rectangle(30, 210, 360, 2, '#495057');
  return canvas;
}

/** A cup of coffee from above. */
export function drawCoffee(): Canvas {
  const canvas = new Canvas(300, 300, '#b08968');
  for (let plank = 0; plank < 5; plank++) canvas.rectangle(0, plank * 60, 300, 2, '#8f6a4c');
  canvas.ellipse(150, 150, 112, 112, '#f1faee');
  canvas.ellipse(252, 150, 34, 16, '#ffffff');
  canvas.ellipse(150, 150, 84, 84, '#ffffff');
  canvas.ellipse(150, 150, 74, 74, '#6f4518');
  canvas.ellipse(150, 138, 30, 40, '#ddb892');
  canvas.ellipse(150, 160, 20, 26, '#e6ccb2');
  return canvas;
}
