import type { Random } from '../ports.ts';
import { randomName } from '../random-name.ts';
import type { Records } from '../records/records.ts';
import { Table } from './table.ts';

interface Voucher<T> {
  readonly code: string;
  readonly value: T;
  readonly expiresAt: number;
}

/** Codes that stand for a value for a limited time: QR codes, one-time secrets. */
export class Vouchers<T> {
  readonly #random: Random;
  readonly #byCode: Table<string, Voucher<T>>;

  /** @param name of the table of these codes */
  constructor(records: Records, name: string, random: Random) {
    this.#random = random;
    this.#byCode = new Table(records, name);
  }

  issue(value: T, lifetimeMs: number, now: number): Voucher<T> {
    const code = randomName(this.#random);
    const voucher = { code, value, expiresAt: now + lifetimeMs };
    this.#byCode.set(code, voucher);
    return voucher;
  }

  /** Finds expired codes too: some endpoints answer them differently from unknown codes. */
  find(code: string): Voucher<T> | undefined {
    return this.#byCode.get(code);
  }

  remove(code: string): void {
    this.#byCode.delete(code);
  }
}
