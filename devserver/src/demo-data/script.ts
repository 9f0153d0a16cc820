import type { Scene } from './scene.ts';

/** One thing that somebody does, at its time. */
export interface Step {
  /** How long before the start, in ms. */
  readonly agoMs: number;
  act(scene: Scene): void;
}

const MINUTE_MS = 60_000;
const UNITS: Readonly<Record<string, number>> = { d: 24 * 60 * MINUTE_MS, h: 60 * MINUTE_MS, m: MINUTE_MS };
/** From one line to the next, in turn. */
const PAUSES_MS = [0.7, 2.2, 1.1, 3.4, 0.5].map((minutes) => minutes * MINUTE_MS);

type Words = readonly string[];

/** What a line may say. The first pattern that fits is the one. */
const PATTERNS: readonly (readonly [RegExp, (scene: Scene, words: Words) => void])[] = [
  [/^(\w+) reads$/, (scene, [who]) => scene.read(who!)],
  [/^(\w+) pokes$/, (scene, [who]) => scene.poke(who!)],
  [/^(\w+) takes it back$/, (scene, [who]) => scene.takeBack(who!)],
  [/^(\w+) (?:sends|says) (\S+)$/, (scene, [who, file]) => scene.sendFile(who!, file!)],
  [/^(\w+) called, (\w+)$/, (scene, [who, ending]) => scene.call(who!, ending!)],
  [/^(\w+) is at ([\d.]+),([\d.]+) (.+)$/, (scene, [who, lat, lon, place]) => scene.stand(who!, +lat!, +lon!, place!)],
  [/^(\w+) answers (\w+): (.+)$/, (scene, [who, whom, text]) => scene.reply(who!, whom!, text!)],
  [/^(\w+) mentions ([\w,]+): (.+)$/, (scene, [who, whom, text]) => scene.mention(who!, whom!.split(','), text!)],
  [/^(\w+) adds: (.+)$/, (scene, [who, text]) => scene.append(who!, text!)],
  [/^(\w+) corrects: (.+)$/, (scene, [who, text]) => scene.replace(who!, text!)],
  [/^(\w+): (.+)$/, (scene, [who, text]) => scene.say(who!, text!)],
];

/**
 * Reads the lines of a conversation.
 *
 * @throws Error when a line says nothing that is known, or comes after the start
 */
export function readScript(lines: string): Step[] {
  let agoMs = 0;
  const steps: Step[] = [];
  for (const line of lines.trim().split('\n')) {
    const time = /^@ (.+) ago$/.exec(line);
    if (time) {
      agoMs = durationOf(time[1]!);
      continue;
    }
    if (agoMs <= 0) throw new Error(`later than the start: ${line}`);
    steps.push({ agoMs, act: actOf(line) });
    agoMs -= PAUSES_MS[steps.length % PAUSES_MS.length]!;
  }
  return steps;
}

function durationOf(text: string): number {
  return [...text.matchAll(/(\d+)([dhm])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0);
}

function actOf(line: string): Step['act'] {
  for (const [pattern, act] of PATTERNS) {
    const words = pattern.exec(line);
    // A line break in a text is written as in code.
    if (words)
      return (scene) =>
        act(
          scene,
          words.slice(1).map((word) => word.replaceAll('\\n', '\n')),
        );
  }
  throw new Error(`a line that says nothing known: ${line}`);
}
