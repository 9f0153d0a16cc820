import type { ConnectionReason } from '../chronicle/connection-status.ts';
import type { WaitingReason } from '../chronicle/explanation.ts';
import type { Step, StepCode } from '../chronicle/step.ts';

/** Sentences about the connection, its history and what waits. A missing code does not compile. */
export interface HistoryTexts {
  readonly states: { readonly [reason in ConnectionReason]: string };
  readonly waiting: { readonly [reason in WaitingReason]: string };
  readonly steps: { readonly [code in StepCode]: StepText<code> };
  /** Said after a step that happened several times in a row. */
  readonly times: (times: number) => string;
  /** Headings of a report. */
  readonly headings: { readonly state: string; readonly waiting: string; readonly steps: string };
}

/** A sentence, or a function that makes one of the details of a step. */
type StepText<Code extends StepCode> =
  Step<Code> extends { readonly details: infer Details } ? (details: Details) => string : string;

/** Milliseconds as seconds with at most one decimal. */
export const seconds = (ms: number): string => String(Math.round(ms / 100) / 10);
