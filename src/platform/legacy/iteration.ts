/** Where an object keeps how it is iterated; without `Symbol` under the name that older transpilers agreed on. */
export const ITERATOR = (typeof Symbol === 'function' ? Symbol.iterator : '@@iterator') as string;

/** A string is iterated by characters, not by its units. */
const CHARACTERS = /[\uD800-\uDBFF][\uDC00-\uDFFF]|[^]/g;

type Iterated<T> = Iterator<T, undefined> & Iterable<T>;

/** What a loop, a spread or `Array.from` goes through: an iterable, an iterator or something with a length. */
export function toArray<T>(from: Iterable<T> | ArrayLike<T>): T[] {
  if (Array.isArray(from)) return from as T[];
  if (typeof from === 'string') return ((from as string).match(CHARACTERS) ?? []) as T[];
  if (typeof (from as ArrayLike<T>).length === 'number') return Array.prototype.slice.call(from) as T[];
  const array: T[] = [];
  const iterator = iteratorOf(from as Iterable<T>);
  for (let step = iterator.next(); !step.done; step = iterator.next()) array.push(step.value);
  return array;
}

export const iteratorOf = <T>(from: Iterable<T>): Iterated<T> =>
  (from as unknown as Record<string, () => Iterated<T>>)[ITERATOR]!();
