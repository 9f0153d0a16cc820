import { StatusErrorCode } from 'flooim/wire';

/** Why something was not sent: a status code and a reason text. */
export interface Refusal {
  readonly ok: false;
  readonly code: number;
  readonly reason: string;
}

/** The result of a send by a client or by REST. */
export type SendResult =
  | {
      readonly ok: true;
      readonly id: bigint;
      readonly at: number;
      readonly prevMid: bigint;
      readonly editedAt?: number;
    }
  | Refusal;

/** Who sends: a device of a user, or the system (uid 0, device 0). */
export interface Sender {
  readonly userId: number;
  readonly device: number;
}

export function refused(reason: string, code: number = StatusErrorCode.FAIL): Refusal {
  return { ok: false, code, reason };
}
