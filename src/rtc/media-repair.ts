import type { Clock, Timer } from '../platform/ports.ts';

export interface MediaRepairListener {
  /** It did not come back by itself. */
  onBroken(): void;
  /** It is back, after `onBroken`. */
  onHealed(): void;
  /** Find another way. */
  tryAgain(): void;
}

/** Ms from one step to the next. The first says that it is broken, those that follow try again. */
const STEPS = [2000, 4000, 3000, 6000, 12_000] as const;

/** When to do what about media that does not flow. Short gaps pass by themselves; a call has half a minute for the others. */
export class MediaRepair {
  private readonly clock: Clock;
  private readonly listener: MediaRepairListener;
  /** The next step; undefined while all is well. */
  private step: number | undefined;
  private timer: Timer | undefined;

  constructor(clock: Clock, listener: MediaRepairListener) {
    this.clock = clock;
    this.listener = listener;
  }

  /** @param isSure - it does not come back by itself */
  breaks(isSure: boolean): void {
    if (this.step === undefined) this.wait(0);
    if (isSure && this.step! < 2) this.tryNow();
  }

  /** Something has changed that may help: the try that is due later takes place now. */
  tryNow(): void {
    const { step } = this;
    if (step === undefined) return;
    if (step === 0) this.listener.onBroken();
    this.wait(Math.max(step, 1) + 1);
    this.listener.tryAgain();
  }

  heals(): void {
    const { step } = this;
    this.close();
    if (step !== undefined && step > 0) this.listener.onHealed();
  }

  close(): void {
    this.stop();
    this.step = undefined;
  }

  private wait(step: number): void {
    this.stop();
    this.step = step;
    const delayMs = STEPS[step];
    if (delayMs !== undefined) this.timer = this.clock.setTimeout(() => this.next(step), delayMs);
  }

  private next(step: number): void {
    this.wait(step + 1);
    if (step === 0) this.listener.onBroken();
    else this.listener.tryAgain();
  }

  private stop(): void {
    if (this.timer !== undefined) this.clock.clearTimeout(this.timer);
    this.timer = undefined;
  }
}
