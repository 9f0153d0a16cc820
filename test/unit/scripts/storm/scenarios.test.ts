import { expect, test } from 'vitest';
import { drops, restart } from '../../../../scripts/storm/scenarios.ts';
import { createHosts } from '../../../../src/bootstrap/hosts.ts';
import { resolveOptions } from '../../../../src/options.ts';
import { Connection } from '../../../../src/session/connection.ts';

const OURS = { Connection, createHosts, resolveOptions };
const CLIENTS = 100;
/** Simulated minutes take seconds on a busy machine. */
const PATIENCE_MS = 30_000;
const worst = (waits: readonly number[]): number => waits.at(-1)!;

test(
  'E1: a hundred clients whose sessions are dropped after 200 to 500 ms: back within a second, 17 connects a minute each',
  async () => {
    const sessions = { clients: CLIENTS, sessionMs: [200, 500], isTalking: true } as const;
    const { waits } = await drops(OURS, { ...sessions, count: 10 });
    expect(waits).toHaveLength(10 * CLIENTS);
    expect(worst(waits)).toBeLessThan(1000);
    const all = await drops(OURS, sessions);
    expect(worst(all.waits)).toBeLessThan(12_000 + 200);
    expect(all.inMinute).toBeLessThan(17 * CLIENTS);
    expect(all.dnsPeak).toBe(0);
  },
  PATIENCE_MS,
);

test(
  'E1: a server that drops before it says anything gets the full backoff',
  async () => {
    const { inMinute } = await drops(OURS, { clients: CLIENTS, sessionMs: [0, 20], isTalking: false });
    expect(inMinute).toBeLessThan(8 * CLIENTS);
  },
  PATIENCE_MS,
);

test(
  'E2: after half a minute each of a hundred clients is back within 5 s, and they spread over these',
  async () => {
    for (const isSilent of [false, true]) {
      const { waits, peak, lost } = await restart(OURS, {
        clients: CLIENTS,
        awayMs: 30_000,
        hasEvent: false,
        isSilent,
      });
      expect(lost).toBe(0);
      expect(worst(waits)).toBeLessThan(5000 + 200);
      expect(peak).toBeLessThan((isSilent ? 0.7 : 0.4) * CLIENTS);
    }
  },
  PATIENCE_MS,
);

test(
  'E2: a herd does not keep down a server that opens 12 sockets a second',
  async () => {
    for (const hasEvent of [false, true]) {
      const slow = { clients: CLIENTS, awayMs: 10_000, hasEvent, opensPerSecond: 12 };
      const { waits, lost } = await restart(OURS, slow);
      expect(lost).toBe(0);
      // No faster than the server.
      expect(worst(waits)).toBeLessThan((CLIENTS / 12) * 1000 + 500);
    }
  },
  PATIENCE_MS,
);
