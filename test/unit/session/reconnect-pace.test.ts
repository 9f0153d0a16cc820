import { describe, expect, test } from 'vitest';
import { ReconnectPace } from '../../../src/session/reconnect-pace.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A pace whose time and chance are the test's. */
function create(random = 1): { pace: ReconnectPace; pass(ms: number): void; setBack(ms: number): void } {
  let now = 1e12;
  const clock = { now: () => now, setTimeout: () => 0, clearTimeout: () => undefined };
  const pace = new ReconnectPace({ clock, random: () => random, backoff: { baseMs: 500, capMs: 30_000 } });
  return { pace, pass: (ms) => void (now += ms), setBack: (ms) => void (now -= ms) };
}

describe('a server that cannot be reached', () => {
  /** Waits until this much time is over. @returns the waits */
  function waits(random: number, tryMs: number, totalMs: number): number[] {
    const { pace, pass } = create(random);
    const all: number[] = [];
    for (let attempt = 1, spent = 0; spent < totalMs; attempt++) {
      pace.tried();
      pass(tryMs);
      const waitMs = pace.waitMs(attempt, true);
      pass(waitMs);
      spent += tryMs + waitMs;
      all.push(waitMs);
    }
    return all;
  }

  test('is tried at least every 5 s in the first minute, then more and more seldom', () => {
    expect(waits(1, 0, 30 * SECOND)).toEqual([500, 1000, 2000, 4000, 4500, 4500, 4500, 4500, 4500]);
    const all = waits(1, 0, 10 * MINUTE);
    expect(Math.max(...all)).toBe(30 * SECOND);
    expect(all.slice(-3)).toEqual([30 * SECOND, 30 * SECOND, 30 * SECOND]);
    let spent = 0;
    for (const waitMs of all) {
      expect(waitMs).toBeLessThanOrEqual(Math.max(4500, spent / 12));
      spent += waitMs;
    }
  });

  test('is tried at most every 2.25 s once it is away for some seconds', () => {
    expect(waits(0, 0, 20 * SECOND)).toEqual([0, 500, 1000, 2000, 2250, 2250, 2250, 2250, 2250, 2250, 2250, 2250]);
  });

  test('is not waited for twice: a try without an answer counts as a wait, and chance still spreads the next one', () => {
    expect(waits(1, 10 * SECOND, MINUTE)).toEqual([500, 500, 1000, 2000, 2250, 2343]);
    expect(waits(0, 10 * SECOND, MINUTE)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('is new after each session', () => {
    const { pace, pass } = create();
    pace.waitMs(1, true);
    pass(6 * MINUTE);
    pace.tried();
    expect(pace.waitMs(10, true)).toBe(30 * SECOND);
    pace.accepted();
    expect(pace.waitMs(10, false)).toBe(30 * SECOND);
    pass(MINUTE);
    pace.tried();
    expect(pace.waitMs(11, true)).toBe(4500);
  });
});

describe('a server that accepts sessions', () => {
  test('proves itself by its first frame, ten times a minute; a clock that is set back does not hold that up', () => {
    const { pace, pass, setBack } = create();
    const proofs = (amount: number): boolean[] =>
      Array.from({ length: amount }, () => {
        pace.accepted();
        pass(10);
        const isProof = pace.answered();
        expect(pace.answered()).toBe(false);
        return isProof;
      });
    expect(proofs(12)).toEqual([...Array<boolean>(10).fill(true), false, false]);
    pass(MINUTE);
    expect(proofs(11)).toEqual([...Array<boolean>(10).fill(true), false]);
    setBack(10 * MINUTE);
    expect(proofs(1)).toEqual([true]);
  });

  test('gets a steady pause when its proofs are used up, whatever the attempt', () => {
    const { pace } = create();
    for (let attempt = 2; attempt < 8; attempt++) {
      pace.accepted();
      pace.answered();
      expect(pace.waitMs(attempt, false)).toBe(12 * SECOND);
    }
  });

  test('gets pauses that double when it sends nothing', () => {
    const { pace } = create();
    pace.accepted();
    pace.answered();
    pace.waitMs(1, false);
    const all = [2, 3, 4, 5, 6, 7, 8].map((attempt) => {
      pace.accepted();
      return pace.waitMs(attempt, false);
    });
    expect(all).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    // Opened, and never accepted.
    expect(pace.waitMs(9, false)).toBe(30_000);
  });

  test('was steady when frames came for a minute', () => {
    const { pace, pass } = create();
    pace.accepted();
    pass(2 * MINUTE);
    expect(pace.wasSteady).toBe(false);
    pace.answered();
    expect(pace.wasSteady).toBe(true);
    pace.accepted();
    pace.answered();
    expect(pace.wasSteady).toBe(false);
  });
});
