/** One figure. `ratio`: how many times as good as the value that it is compared with. */
export interface Figure {
  label: string;
  unit: string;
  value: number;
  target?: { atLeast: number } | { atMost: number };
  beside?: { label: string; value: number };
  ratio?: number;
  /** The same figure of another build, in the same run, and how many times as good as that one this one is. */
  against?: { value: number; ratio: number };
}

/** By its name in the JSON. */
export type Figures = Record<string, Figure>;

/** A figure beside the same thing done otherwise, in one run. */
export function compared(figure: Figure, label: string, value: number): Figure {
  return { ...figure, beside: { label, value }, ratio: ratioOf(figure, value) };
}

/** Figures beside those of another build. */
export function comparedWith(figures: Figures, others: Figures): Figures {
  return Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => {
      const value = others[name]?.value;
      return [name, value === undefined ? figure : { ...figure, against: { value, ratio: ratioOf(figure, value) } }];
    }),
  );
}

/** How many times as good a figure is as another value of the same unit. */
function ratioOf({ unit, value }: Figure, other: number): number {
  return unit.endsWith('/s') ? value / other : other / value;
}

/** Combines rounds of the same figures: the median of times and speeds, the worst of counts. */
export function combined(rounds: readonly Figures[]): Figures {
  return Object.fromEntries(
    Object.keys(rounds[0]!).map((name) => {
      const all = rounds.map((round) => round[name]!).sort((a, b) => a.value - b.value);
      const { unit, target } = all[0]!;
      const isCount = target && unit !== 'ms' && !unit.endsWith('/s');
      const at = !isCount ? (all.length - 1) >> 1 : 'atLeast' in target ? 0 : all.length - 1;
      return [name, all[at]!];
    }),
  );
}

export function toJson(figures: Figures): string {
  const rounded = Object.entries(figures).map(([name, figure]) => {
    const { label: _, value, beside, ratio, against, ...rest } = figure;
    return [
      name,
      {
        value: round(value),
        ...rest,
        ...(beside && { beside: { ...beside, value: round(beside.value) } }),
        ...(ratio !== undefined && { ratio: round(ratio) }),
        ...(against && { against: { value: round(against.value), ratio: round(against.ratio) } }),
      },
    ] as const;
  });
  return JSON.stringify(Object.fromEntries(rounded));
}

export function toTable(figures: Figures): string {
  const all = Object.values(figures);
  const hasOther = all.some(({ against }) => against);
  const rows = all.map(({ label, unit, value, target, beside, ratio, against }) => [
    label,
    `${text(value)} ${unit}`,
    ...(hasOther ? [against ? text(against.value) : '', againstRatio(unit, against)] : []),
    target ? ('atLeast' in target ? `≥ ${text(target.atLeast)}` : `≤ ${text(target.atMost)}`) : '',
    ratio === undefined ? '' : `×${ratio.toFixed(1)}`,
    beside ? `${beside.label}: ${text(beside.value)}` : '',
  ]);
  const head = ['', 'measured', ...(hasOther ? ['other build', 'ratio'] : []), 'target', 'ratio', 'beside'];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 || column === head.length - 1 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}

/** Only times and speeds have a ratio that says something; nothing against nothing has none. */
function againstRatio(unit: string, against: Figure['against']): string {
  const hasRatio = against && (unit === 'ms' || unit.endsWith('/s')) && !Number.isNaN(against.ratio);
  return hasRatio ? `×${against.ratio.toFixed(2)}` : '';
}

/** Three digits that count, and whole above. */
function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

const text = (value: number): string => round(value).toLocaleString('en');
