/** How signals of calls are answered and delivered. */
export interface SignalRules {
  /** Delay of signals in each direction in ms; default 0. */
  delayMs?: number;
  /** Whose conversation a page of signals names; default none. */
  xid?: 'none' | 'own';
  /** Whether a page of signals says that it was pushed; default true. */
  eager?: boolean;
}

export interface SignalLoss {
  /** `up`: from the client; `down`: from the media server. */
  direction: 'up' | 'down';
  /** `drop`: it is answered and goes no further. `duplicate`: it goes on twice. */
  effect: 'drop' | 'duplicate';
  /** How many signals; default 1. */
  count?: number;
}

/** The faults of signals that tests have set. */
export class SignalFaults {
  rules: SignalRules = {};
  #refusals: { readonly code: number; count: number }[] = [];
  #losses: Required<SignalLoss>[] = [];

  clear(): void {
    this.rules = {};
    this.#refusals = [];
    this.#losses = [];
  }

  /** Answers the next signals with a status. */
  refuse({ code, count = 1 }: { code: number; count?: number }): void {
    this.#refusals.push({ code, count });
  }

  lose({ count = 1, ...loss }: SignalLoss): void {
    this.#losses.push({ ...loss, count });
  }

  /** @returns the status code to answer the next signal with; undefined for none */
  takeRefusal(): number | undefined {
    const refusal = this.#refusals.find(({ count }) => count > 0);
    if (refusal) refusal.count--;
    return refusal?.code;
  }

  /** @returns how often the next signal goes on: 0, 1 or 2 times */
  takeTimes(direction: SignalLoss['direction']): number {
    const loss = this.#losses.find((candidate) => candidate.count > 0 && candidate.direction === direction);
    if (!loss) return 1;
    loss.count--;
    return loss.effect === 'drop' ? 0 : 2;
  }
}
