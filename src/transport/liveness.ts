import type { Clock, Timer } from '../platform/ports.ts';
import { createWatchdog } from './watchdog.ts';

/** How long the server of a socket in use may be silent before it is asked for a sign of life. */
const QUIET_MS = 4000;
/** A socket is in use until so many signs of life came in a row and nothing else: for half a minute. */
const QUESTIONS = 7;
/**
 * What was sent holds up the answer on a slow line: one of 64 kbit/s has carried it after so long. On a slower one the session
 * gets more patient with each socket that it leaves.
 */
const SLOW_BYTES_A_SECOND = 8000;

interface LivenessDeps {
  clock: Clock;
  /** How long the server may take for a sign of life on an idle line. */
  probeTimeoutMs: number;
  isHidden(): boolean;
  /** Makes the server send something. */
  ask(): void;
  onDead(): void;
}

export interface Liveness {
  /** Anything came: a sign of life. */
  came(): void;
  sent(bytes: number): void;
  /** A frame came or went that is more than a sign of life. */
  used(): void;
  /** Something was sent that the server answers within this time. */
  expect(timeoutMs: number): void;
  /** Asks the server for a sign of life. @param withinMs - how long it may take; as for an idle line where absent */
  probe(withinMs?: number): void;
  stop(): void;
}

/**
 * Notices a socket that is half open: it looks fine, and nothing arrives any more.
 *
 * No wait for an ordinary answer decides that, because an answer may be long and the line slow. The server is asked for a sign of
 * life, and the socket is dead when none comes. While the socket is in use this takes nine seconds; an idle socket, or one of an
 * app that nobody looks at, costs nothing but its heartbeats.
 */
export function createLiveness({ clock, probeTimeoutMs, isHidden, ask, onDead }: LivenessDeps): Liveness {
  let quiet: Timer | undefined;
  let questionsLeft = 0;
  /** What a slow line had not carried when something was sent last, and when that was, in ms since 1970. */
  let backlogBytes = 0;
  let sentAt = 0;

  const silence = createWatchdog(clock, onDead);

  function stopWatching(): void {
    if (quiet !== undefined) clock.clearTimeout(quiet);
    quiet = undefined;
  }

  function watch(): void {
    if (quiet !== undefined || questionsLeft === 0 || isHidden()) return;
    quiet = clock.setTimeout(() => {
      quiet = undefined;
      questionsLeft--;
      probe();
    }, QUIET_MS);
  }

  /** How long a slow line still carries what was sent, in ms. */
  function backlogMs(): number {
    // A clock that was set back counts as one that stood still.
    const passedMs = Math.max(0, clock.now() - sentAt);
    return Math.max(0, (backlogBytes * 1000) / SLOW_BYTES_A_SECOND - passedMs);
  }

  function expect(timeoutMs: number): void {
    // Whole seconds: a few frames take no line long.
    silence.arm(timeoutMs + 1000 * Math.floor(backlogMs() / 1000));
  }

  function probe(withinMs = probeTimeoutMs): void {
    ask();
    expect(withinMs);
  }

  return {
    came() {
      silence.disarm();
      stopWatching();
      watch();
    },
    sent(bytes) {
      backlogBytes = (backlogMs() * SLOW_BYTES_A_SECOND) / 1000 + bytes;
      sentAt = clock.now();
    },
    used() {
      questionsLeft = QUESTIONS;
      watch();
    },
    expect,
    probe,
    stop() {
      silence.disarm();
      stopWatching();
    },
  };
}
