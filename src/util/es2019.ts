// What the language got after ES2018. Engines of mini-programs may lack it, and a library must not change an app's globals.

/** `list.flatMap(map)` */
export function flatMap<T, U>(list: readonly T[], map: (item: T, index: number) => U | readonly U[]): U[] {
  const all: U[] = [];
  list.forEach((item, index) => {
    for (const mapped of ([] as U[]).concat(map(item, index))) all.push(mapped);
  });
  return all;
}

/** `Object.fromEntries(entries)` */
export function fromEntries<T>(entries: Iterable<readonly [PropertyKey, T]>): Record<string, T> {
  const object: Record<string, T> = {};
  for (const [key, value] of entries) {
    // An assignment to `__proto__` would change the prototype.
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}
