import type { Random } from '../ports.ts';
import type { Records } from '../records/records.ts';
import { Table } from './table.ts';
import type { User, Users } from './users.ts';
import { Vouchers } from './vouchers.ts';

/** The code of every text message: this server sends none. */
export const SMS_CODE = '123456';

const CAPTCHA_LIFETIME_MS = 3 * 60_000;
const SIGN_LIFETIME_MS = 10 * 60_000;

/** What users of an app have bound to their accounts: mobile numbers and WeChat accounts, and how they prove them. */
export class Bindings {
  readonly #users: Users;
  readonly #random: Random;
  /** Pictures with a code, by their ids. The value is the code in the picture. */
  readonly captchas: Vouchers<string>;
  /** Proofs that allow one more step, without a code. */
  readonly signs: Vouchers<{ readonly mobile?: string; readonly userId?: number }>;
  /** QR codes of the official account; the user is the one who scanned. */
  readonly accountCodes: Vouchers<{ userId?: number }>;
  /** User ids by the ids of their WeChat accounts. */
  readonly openIds: Table<string, number>;
  /** Users whose mobile number was verified. */
  readonly verified: Table<number, true>;

  constructor(users: Users, records: Records, random: Random) {
    this.#users = users;
    this.#random = random;
    this.captchas = new Vouchers(records, 'captchas', random);
    this.signs = new Vouchers(records, 'signs', random);
    this.accountCodes = new Vouchers(records, 'account-codes', random);
    this.openIds = new Table(records, 'open-ids');
    this.verified = new Table(records, 'verified');
  }

  issueCaptcha(now: number): string {
    const digits = String(1000 + Math.floor(this.#random() * 9000));
    return this.captchas.issue(digits, CAPTCHA_LIFETIME_MS, now).code;
  }

  issueSign(about: { mobile?: string; userId?: number }, now: number): string {
    return this.signs.issue(about, SIGN_LIFETIME_MS, now).code;
  }

  /** Whether this is the code in a picture. A picture is good for one try. */
  isCaptcha(imageId: string, code: string, now: number): boolean {
    const captcha = this.captchas.find(imageId);
    this.captchas.remove(imageId);
    return captcha !== undefined && captcha.expiresAt > now && captcha.value === code;
  }

  byMobile(mobile: string): User | undefined {
    return this.#users.find(({ profile }) => profile.mobile === mobile);
  }

  byOpenId(openId: string): User | undefined {
    return this.#users.get(this.openIds.get(openId) ?? -1);
  }

  openIdOf(userId: number): string | undefined {
    return [...this.openIds.entries()].find(([, id]) => id === userId)?.[0];
  }
}
