import type { Random } from '../ports.ts';
import { randomName } from '../random-name.ts';
import type { Records } from '../records/records.ts';
import { Table } from './table.ts';

const LIFETIME_MS = 30 * 24 * 3600 * 1000;

interface TokenRecord {
  readonly token: string;
  readonly appId: string;
  readonly userId: number;
  readonly expiresAt: number;
  revoked: boolean;
}

/**
 * Every user token ever given out. Revoked tokens are kept, because REST answers them with 402 and foreign ones with
 * 10008.
 */
export class Tokens {
  readonly #random: Random;
  readonly #byToken: Table<string, TokenRecord>;

  constructor(records: Records, random: Random) {
    this.#random = random;
    this.#byToken = new Table(records, 'tokens');
  }

  issue(appId: string, userId: number, now: number): TokenRecord {
    const token = `user-${randomName(this.#random)}`;
    const record = { token, appId, userId, expiresAt: now + LIFETIME_MS, revoked: false };
    this.#byToken.set(token, record);
    return record;
  }

  get(token: string): TokenRecord | undefined {
    return this.#byToken.get(token);
  }

  isAccepted(record: TokenRecord, now: number): boolean {
    return !record.revoked && now < record.expiresAt;
  }

  revoke(token: string): void {
    const record = this.#byToken.get(token);
    if (record) record.revoked = true;
  }

  revokeAllOf(userId: number): void {
    for (const record of this.#byToken.values()) if (record.userId === userId) this.revoke(record.token);
  }
}
