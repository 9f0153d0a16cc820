import type { Pictures } from '../ports.ts';
import type { Canvas } from './canvas.ts';
import { CLIP, CLIP_BASE64 } from './clip.ts';
import { drawChart, drawCoffee, drawSunset } from './pictures.ts';
import { playTones } from './sounds.ts';

/** A file that somebody sends, and what its message says of it. */
export interface DemoFile {
  readonly kind: 'image' | 'audio' | 'video' | 'file';
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** Beside name, size and address. */
  readonly details: Readonly<Record<string, number>>;
}

const DRAWINGS: Readonly<Record<string, () => Canvas>> = {
  'sunset.png': drawSunset,
  'coffee.png': drawCoffee,
  'weekly.png': () => drawChart([0.28, 0.31, 0.4, 0.38, 0.46, 0.45, 0.92]),
};

const TEXTS: Readonly<Record<string, string>> = {
  'beta-figures.csv': 'week,users,messages\n41,118,4210\n42,131,4904\n43,127,4733\n44,259,9871\n',
  'homepage.txt': '首页：\n- 主按钮 #2a9d8f，圆角 8\n- 间距 16 / 24 / 32\n- 标题 24 号，行高 1.4\n',
  'invoice.txt':
    'Invoice 1042\n1 washer         0.80\n1 hour          60.00\n------------------\ntotal           60.80\n',
  'release-checklist.md':
    '# Release 2.0\n\n- [x] Keys are rotated\n- [x] Regression tests\n- [ ] Release notes\n- [ ] 发布公告\n',
  'route.txt': '九溪 → 十八涧 → 龙井村\n全程 9 公里，爬升 320 米\n',
};

const TONES_HZ = [523, 659, 784, 659, 523];
const TONE_SECONDS = 0.6;

/** Every file by its name, made once. @throws Error for another name */
export function createDemoFiles(pictures: Pictures): (name: string) => DemoFile {
  const made = new Map<string, DemoFile>();
  return (name) => {
    const file = made.get(name) ?? makeFile(name, pictures);
    made.set(name, file);
    return file;
  };
}

function makeFile(name: string, pictures: Pictures): DemoFile {
  const drawing = DRAWINGS[name]?.();
  if (drawing) {
    const { width, height } = drawing;
    const bytes = pictures.encode(drawing);
    return { kind: 'image', contentType: 'image/png', bytes, details: { width, height } };
  }
  const text = TEXTS[name];
  if (text !== undefined) {
    const bytes = new TextEncoder().encode(text);
    return { kind: 'file', contentType: 'text/plain; charset=utf-8', bytes, details: {} };
  }
  if (name === 'voice.wav') {
    const bytes = playTones(TONES_HZ, TONE_SECONDS);
    return { kind: 'audio', contentType: 'audio/wav', bytes, details: { duration: TONES_HZ.length * TONE_SECONDS } };
  }
  if (name === CLIP.name) {
    const { contentType, width, height, seconds: duration } = CLIP;
    const bytes = Uint8Array.from(atob(CLIP_BASE64), (letter) => letter.charCodeAt(0));
    return { kind: 'video', contentType, bytes, details: { width, height, duration } };
  }
  throw new Error(`no file ${name}`);
}
