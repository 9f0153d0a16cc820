/**
 * What the SDK needs of ES2015 and later and IE 10 has not. Only what is missing is put in place, of `Symbol` nothing.
 * scripts/rollup-legacy.mjs keeps this file.
 */
import { LegacyMap, LegacySet } from './collections.ts';
import { __assign } from './es5-syntax.ts';
import { toArray } from './iteration.ts';
import { createPromise } from './promise.ts';

const page = self as unknown as Record<string, unknown> & {
  /** IE 10 and 11. */
  setImmediate?(run: () => void): void;
};

/** What is there stays. */
function fill(target: object, methods: Record<string, unknown>): void {
  for (const name of Object.keys(methods)) {
    if (!(name in target)) Object.defineProperty(target, name, { value: methods[name], ...HIDDEN });
  }
}
const HIDDEN = { writable: true, configurable: true };

// IE 11 has halves of both, without iterators.
if (typeof Map !== 'function' || !('entries' in Map.prototype)) page['Map'] = LegacyMap;
if (typeof Set !== 'function' || !('entries' in Set.prototype)) page['Set'] = LegacySet;

fill(page, {
  Promise: createPromise((run) => (page.setImmediate ? page.setImmediate(run) : setTimeout(run))),
});
fill(Promise.prototype, {
  finally(this: Promise<unknown>, run: () => unknown): Promise<unknown> {
    return this.then(
      (value) => Promise.resolve(run()).then(() => value),
      (error: unknown) =>
        Promise.resolve(run()).then(() => {
          throw error;
        }),
    );
  },
});

fill(Object, {
  assign: __assign,
  entries: (object: Record<string, unknown>) => Object.keys(object).map((key) => [key, object[key]]),
  values: (object: Record<string, unknown>) => Object.keys(object).map((key) => object[key]),
  fromEntries(entries: Iterable<[string, unknown]>): object {
    const object: Record<string, unknown> = {};
    for (const [key, value] of toArray(entries)) object[key] = value;
    return object;
  },
});

fill(Number, {
  MAX_SAFE_INTEGER: 2 ** 53 - 1,
  isInteger: (value: unknown) => typeof value === 'number' && isFinite(value) && Math.floor(value) === value,
  isSafeInteger: (value: unknown) => Number.isInteger(value) && Math.abs(value as number) <= Number.MAX_SAFE_INTEGER,
});

type Test = (value: unknown, index: number, list: unknown[]) => unknown;

function findIndex(this: unknown[], test: Test): number {
  for (let i = 0; i < this.length; i++) if (test(this[i], i, this)) return i;
  return -1;
}

fill(Array, {
  from<T>(from: Iterable<T> | ArrayLike<T>, map: (value: T, index: number) => unknown = (value) => value): unknown[] {
    const array = toArray(from);
    const result: unknown[] = [];
    // Not map(): holes become undefined.
    for (let i = 0; i < array.length; i++) result.push(map(array[i]!, i));
    return result;
  },
});
fill(Array.prototype, {
  findIndex,
  find(this: unknown[], test: Test): unknown {
    return this[findIndex.call(this, test)];
  },
  includes(this: unknown[], value: unknown): boolean {
    return findIndex.call(this, (other) => other === value || (other !== other && value !== value)) >= 0;
  },
  fill(this: unknown[], value: unknown): unknown[] {
    for (let i = 0; i < this.length; i++) this[i] = value;
    return this;
  },
  flatMap(this: unknown[], map: Test): unknown[] {
    return Array.prototype.concat.apply([], this.map(map));
  },
  entries(this: unknown[]): unknown {
    return new Map(this.map((value, index) => [index, value])).entries();
  },
});

fill(String.prototype, {
  includes(this: string, text: string): boolean {
    return this.indexOf(text) >= 0;
  },
  startsWith(this: string, text: string): boolean {
    return this.slice(0, text.length) === text;
  },
  endsWith(this: string, text: string): boolean {
    return text === '' || this.slice(-text.length) === text;
  },
  repeat(this: string, count: number): string {
    return new Array(count + 1).join(this);
  },
  padStart(this: string, length: number, by = ' '): string {
    return by.repeat(Math.max(0, length - this.length)).slice(0, Math.max(0, length - this.length)) + this;
  },
  trimStart(this: string): string {
    return this.replace(/^[\s\uFEFF\xA0]+/, '');
  },
  codePointAt(this: string, at: number): number {
    const high = this.charCodeAt(at);
    const low = this.charCodeAt(at + 1);
    const isPair = (high & 0xfc00) === 0xd800 && (low & 0xfc00) === 0xdc00;
    return isPair ? (high - 0xd800) * 0x400 + low - 0xdc00 + 0x10000 : high;
  },
  // There full-width and composed forms are found only as they were written.
  normalize(this: string): string {
    return this;
  },
});

fill(Uint8Array, {
  from: (from: Iterable<number>, map?: (value: number, index: number) => number) =>
    new Uint8Array(Array.from(from, map as (value: number, index: number) => number)),
});
fill(Uint8Array.prototype, {
  slice(this: Uint8Array, from?: number, to?: number): Uint8Array {
    return new Uint8Array(this.subarray(from ?? 0, to ?? this.length));
  },
  copyWithin(this: Uint8Array, to: number, from: number, end: number): Uint8Array {
    this.set(new Uint8Array(this.subarray(from, end)), to);
    return this;
  },
});

fill(Blob.prototype, {
  async arrayBuffer(this: Blob): Promise<ArrayBuffer> {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result as ArrayBuffer);
      reader.onerror = () => reject(reader.error!);
      reader.readAsArrayBuffer(this);
    });
  },
});
fill(console, { debug: console.log });
