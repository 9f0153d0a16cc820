import { FINDINGS } from './checks.ts';
import type { Finding } from './checks.ts';
import { isFault } from './plan.ts';
import type { Result } from './run.ts';

/** So many findings of a kind are printed. */
const SHOWN = 8;

/** What happened in a run, and what was wrong. */
export function describeResult({ plan, happened, findings, healedMs, facts }: Result): string {
  const chosen = (faults: boolean): Map<string, number> =>
    new Map([...happened].filter(([what]) => isFault(what) === faults));
  const total = (counts: ReadonlyMap<string, number>): string =>
    `${[...counts.values()].reduce((sum, count) => sum + count, 0)} (${list(counts)})`;
  return [
    `seed ${plan.seed}, ${Math.round(plan.ms / 1000)} s, ${plan.devices} devices`,
    `operations ${total(chosen(false))}`,
    `faults ${total(chosen(true))}`,
    `clients ${facts.lives} (crashed ${facts.crashes}, storage degraded ${facts.degraded}), sessions lost ${facts.disconnects}`,
    `messages sent ${facts.sends} (failed, or an operation on them, ${facts.failedSends}), message events ${facts.messageEvents}, calls ${facts.calls} (failed: ${list(facts.failedCalls) || 'none'})`,
    `right again after ${(healedMs / 1000).toFixed(1)} s`,
    ...FINDINGS.flatMap((kind) => shown(findings.filter((finding) => finding.kind === kind))),
  ].join('\n');
}

const list = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

function shown(findings: readonly Finding[]): string[] {
  const more = findings.length - SHOWN;
  return [
    ...findings.slice(0, SHOWN).map(({ kind, what }) => `  ${kind}: ${what}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

/** The last line. */
export function summary(results: readonly Pick<Result, 'findings'>[]): string {
  const all = results.flatMap(({ findings }) => findings);
  return FINDINGS.map((kind) => `${kind} ${all.filter((finding) => finding.kind === kind).length}`).join(', ');
}
