import { randomBytes } from 'node:crypto';

export interface Voucher<T> {
  readonly code: string;
  readonly value: T;
  readonly expiresAt: number;
}

/** Codes that stand for something for a while: QR codes, one-time secrets. */
export class Vouchers<T> {
  readonly #byCode = new Map<string, Voucher<T>>();

  issue(value: T, lifetimeMs: number, now: number): Voucher<T> {
    const code = randomBytes(18).toString('base64url');
    const voucher = { code, value, expiresAt: now + lifetimeMs };
    this.#byCode.set(code, voucher);
    return voucher;
  }

  /** Expired ones too: some endpoints tell them from codes that never were. */
  find(code: string): Voucher<T> | undefined {
    return this.#byCode.get(code);
  }

  remove(code: string): void {
    this.#byCode.delete(code);
  }
}
