/** What the measured place holds at a quiet moment, after a forced GC. */
export interface Figures {
  /** Live objects and the bytes behind them. */
  heapMb: number;
  /** Timers that are set. */
  timers: number;
  /** WebSocket objects that are alive. */
  sockets: number;
  /** Listeners of live emitters (Node) or of the page and its objects (browser). */
  listeners: number;
  /** Live function objects: a listener or callback that is kept anywhere is one. Node only. */
  functions?: number;
  /** Open sockets, files and pipes of the process. Node only. */
  handles?: number;
}

export const MB = 2 ** 20;

export const describeFigures = (figures: Figures): string =>
  [
    `heap ${figures.heapMb.toFixed(1)} MB`,
    ...(['timers', 'sockets', 'listeners', 'functions', 'handles'] as const)
      .filter((name) => figures[name] !== undefined)
      .map((name) => `${name} ${figures[name]}`),
  ].join(', ');

/** The part by which the heap and the number of functions may grow. */
const MOST_GROWTH = 0.1;
/** The heap of a small client changes by this much from one GC to the next. */
const HEAP_NOISE_MB = 0.5;

/** What grew from one quiet moment to another, and must not. */
export function growth(before: Figures, after: Figures): string[] {
  const grown: string[] = [];
  if (after.heapMb > before.heapMb * (1 + MOST_GROWTH) + HEAP_NOISE_MB)
    grown.push(`heap ${before.heapMb.toFixed(1)} → ${after.heapMb.toFixed(1)} MB`);
  if ((after.functions ?? 0) > (before.functions ?? 0) * (1 + MOST_GROWTH))
    grown.push(`functions ${before.functions} → ${after.functions}`);
  for (const name of ['timers', 'sockets', 'listeners', 'handles'] as const) {
    const [was = 0, is = 0] = [before[name], after[name]];
    if (is > was) grown.push(`${name} ${was} → ${is}`);
  }
  return grown;
}
