/** A source of chance that gives the same for the same seed. */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 to below 1. Mulberry32, which is public domain. */
  readonly next = (): number => {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  is(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** Changes some bytes: flips, cuts, repeats, exchanges. */
  damaged(bytes: Uint8Array): Uint8Array {
    let result = Buffer.from(bytes);
    for (let times = 1 + this.below(4); times > 0 && result.length > 0; times--) {
      const at = this.below(result.length);
      const end = Math.min(result.length, at + 1 + this.below(12));
      const part = result.subarray(at, end);
      switch (this.below(6)) {
        case 0:
          result[at] = result[at]! ^ (1 << this.below(8));
          break;
        case 1:
          result[at] = this.pick([0, 1, 0x7f, 0x80, 0xff]);
          break;
        case 2:
          result = Buffer.concat([result.subarray(0, at), result.subarray(end)]);
          break;
        case 3:
          result = Buffer.concat([result.subarray(0, end), part, result.subarray(end)]);
          break;
        case 4:
          result = result.subarray(0, at);
          break;
        default: {
          const repeats = Math.min(this.pick([2, 50, 2000]), Math.ceil(200_000 / part.length));
          result = Buffer.concat([result.subarray(0, at), ...Array<Buffer>(repeats).fill(part), result.subarray(end)]);
        }
      }
    }
    return new Uint8Array(result);
  }

  damagedText(text: string): string {
    return Buffer.from(this.damaged(Buffer.from(text))).toString(this.is(0.5) ? 'utf8' : 'latin1');
  }

  /** A text of JSON, or one that looks like it. */
  json(levels = 4): string {
    const scalar = (): string =>
      this.pick([
        ...['0', '1', '-1', '1e999', '9007199254740993', '18446744073709551616', 'true', 'false', 'null', '""'],
        ...['"text"', '"\\ud83d"', '"http://127.0.0.1:1/x"', '"//evil"', '{}', '[]', '"__proto__"', '"constructor"'],
      ]);
    if (levels === 0 || this.is(0.3)) return scalar();
    const count = this.below(4);
    const parts = Array.from({ length: count }, () => this.json(levels - 1));
    if (this.is(0.4)) return `[${parts.join()}]`;
    return `{${parts.map((part) => `"${this.pick(KEYS)}":${part}`).join()}}`;
  }

  /** A text that costs more than others of its length. */
  costly(): string {
    const size = this.pick([10, 1000, 30_000]);
    return this.pick([
      '{"a":"' + '\\"'.repeat(size),
      '{"a":'.repeat(size) + '1' + '}'.repeat(size),
      '['.repeat(size),
      '{"a":' + '9'.repeat(size) + '}',
      `[${Array(size).fill('12345678901234567').join()}]`,
      `{${Array.from({ length: Math.min(size, 3000) }, (_, i) => `"k${i}":${i}`).join()}}`,
      ' '.repeat(size) + '{}',
      '\u0301'.repeat(size),
      'http://'.repeat(size),
      '='.repeat(size) + 'x',
    ]);
  }
}

const KEYS = [
  ...['code', 'data', 'message', 'cursor', 'total', 'version', 'user_id', 'group_id', 'token', 'username', 'url'],
  ...['dns_list', 'clusters', 'ratel', 'webim', 'host', 'protocol', 'app_status', 'action', 'mentionList', 'a'],
  ...[
    'mentionAll',
    'property',
    'input_status',
    '__proto__',
    'constructor',
    'toString',
    'length',
    'content',
    'id',
    'then',
  ],
];
