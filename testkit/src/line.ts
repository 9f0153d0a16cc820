import type { Clock } from '../../src/platform/ports.ts';
import type { Direction, Network } from './network.ts';
import type { Traffic } from './traffic.ts';
import { nextTurn } from './turn.ts';

/** What goes wrong on the way by chance. Each share is at least 0 and at most 1. */
export interface RandomFaults {
  /** Share of the frames on whose way the socket is cut. */
  cut?: number;
  /** Share of the sockets that do not open. */
  refuse?: number;
  /** Share of the REST requests that get no answer. */
  failRest?: number;
  /** Share of the pages that come twice. */
  duplicate?: number;
  /** The shortest and the longest time that a frame or an answer takes, in ms. */
  delayMs?: readonly [min: number, max: number];
}

/** The way between a device and the server: how long it takes, and what goes wrong on it. */
export interface Line {
  readonly clock: Clock;
  readonly traffic: Traffic;
  /** Time that each frame and each answer takes, in ms. */
  slowMs: number;
  faults: RandomFaults;
  /** Whether this share of events includes the one that happens now. */
  isHit(share: number | undefined): boolean;
  /** How long what is sent now takes, in ms. */
  delay(): number;
}

export function createLine(clock: Clock, traffic: Traffic, random: () => number): Line {
  const line: Line = {
    clock,
    traffic,
    slowMs: 0,
    faults: {},
    isHit: (share) => share !== undefined && share > 0 && random() < share,
    delay() {
      const [min, max] = line.faults.delayMs ?? [0, 0];
      return line.slowMs + (max > 0 ? min + random() * (max - min) : min);
    },
  };
  return line;
}

/** One direction of a connection: what is sent first arrives first. */
export interface Lane {
  /** Calls `arrive` when these bytes are there. */
  send(bytes: number, arrive: () => void): void;
  /** While it is held, nothing arrives. */
  hold(on: boolean): void;
  /** Drops what is on the way. */
  close(): void;
}

export function createLane({ clock, traffic, delay }: Line, network: Network, direction: Direction): Lane {
  let last = 0;
  let isHeld = false;
  let isClosed = false;
  let held: (() => void)[] = [];
  const arrived = (arrive: () => void): void => {
    if (isClosed || network.isSilent(direction)) return;
    traffic.note();
    if (isHeld) held.push(arrive);
    else arrive();
  };
  return {
    send(bytes, arrive) {
      traffic.note();
      const { latencyMs = 0 } = network.quality;
      last = Math.max(last, clock.now() + network.leave(direction, bytes) + latencyMs + delay());
      const waitMs = last - clock.now();
      // Never in the turn in which it was sent: nothing that comes from a network does.
      if (waitMs <= 0) void nextTurn().then(() => arrived(arrive));
      else clock.setTimeout(() => arrived(arrive), waitMs);
    },
    hold(on) {
      isHeld = on;
      if (on) return;
      const waiting = held;
      held = [];
      for (const arrive of waiting) arrive();
    },
    close: () => void (isClosed = true),
  };
}
