import type { IStatus } from './gen/codec.js';
import { StatusErrorCode } from './enums.ts';

/** The failure a status tells, or undefined when all is well: no status, or one without a code, says no error. */
export function failureOf(status: IStatus | null | undefined): { code: number; reason: string } | undefined {
  if (!status || !Object.prototype.hasOwnProperty.call(status, 'code') || status.code === StatusErrorCode.OK)
    return undefined;
  return { code: status.code ?? StatusErrorCode.UNKNOWN, reason: status.reason ?? '' };
}
