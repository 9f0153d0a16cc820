/** One measured thing. `ratio`: how many times as good as what it stands beside. */
export interface Figure {
  label: string;
  unit: string;
  value: number;
  target?: { atLeast: number } | { atMost: number };
  beside?: { label: string; value: number };
  ratio?: number;
}

/** By its name in the JSON. */
export type Figures = Record<string, Figure>;

/** A figure beside the same thing done otherwise, in one run. */
export function compared(figure: Figure, label: string, value: number): Figure {
  const ratio = figure.unit.endsWith('/s') ? figure.value / value : value / figure.value;
  return { ...figure, beside: { label, value }, ratio };
}

/** Of rounds of the same figures: of times and speeds the middle one, of counts the worst. */
export function combined(rounds: readonly Figures[]): Figures {
  return Object.fromEntries(
    Object.keys(rounds[0]!).map((name) => {
      const all = rounds.map((round) => round[name]!).sort((a, b) => a.value - b.value);
      const { unit, target } = all[0]!;
      const isCount = target && unit !== 'ms' && !unit.endsWith('/s');
      const at = !isCount ? (all.length - 1) / 2 : 'atLeast' in target ? 0 : all.length - 1;
      return [name, all[at]!];
    }),
  );
}

export function toJson(figures: Figures): string {
  const rounded = Object.entries(figures).map(([name, figure]) => {
    const { label: _, value, beside, ratio, ...rest } = figure;
    return [
      name,
      {
        value: round(value),
        ...rest,
        ...(beside && { beside: { ...beside, value: round(beside.value) } }),
        ...(ratio !== undefined && { ratio: round(ratio) }),
      },
    ] as const;
  });
  return JSON.stringify(Object.fromEntries(rounded));
}

export function toTable(figures: Figures): string {
  const rows = Object.values(figures).map(({ label, unit, value, target, beside, ratio }) => [
    label,
    `${text(value)} ${unit}`,
    target ? ('atLeast' in target ? `≥ ${text(target.atLeast)}` : `≤ ${text(target.atMost)}`) : '',
    ratio === undefined ? '' : `×${ratio.toFixed(1)}`,
    beside ? `${beside.label}: ${text(beside.value)}` : '',
  ]);
  const head = ['', 'measured', 'target', 'ratio', 'beside'];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 || column === 4 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}

/** Three digits that count, and whole above. */
function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

const text = (value: number): string => round(value).toLocaleString('en');
