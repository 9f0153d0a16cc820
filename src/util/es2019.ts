// What the language got after ES2018. Engines of mini-programs may lack it, and a library must not change an app's globals.

/** `list.flatMap(map)` */
export function flatMap<T, U>(list: readonly T[], map: (item: T, index: number) => U | readonly U[]): U[] {
  const all: U[] = [];
  for (const [index, item] of list.entries()) {
    const mapped = map(item, index);
    if (!isList(mapped)) all.push(mapped);
    else for (const one of mapped) all.push(one);
  }
  return all;
}

const isList = <U>(mapped: U | readonly U[]): mapped is readonly U[] => Array.isArray(mapped);

/** `Object.fromEntries(entries)` */
export function fromEntries<T>(entries: Iterable<readonly [PropertyKey, T]>): Record<string, T> {
  const object: Record<string, T> = {};
  for (const [key, value] of entries) {
    // An assignment to `__proto__` would change the prototype.
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}
