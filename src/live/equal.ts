/**
 * Returns the value before when the next one has the same content: a view that compares by reference is not rendered. Both are
 * plain data that the same code made, so that equal content is equal text.
 */
export const keepEqual = <T>(before: T, next: T): T =>
  before === next || JSON.stringify(before) === JSON.stringify(next) ? before : next;

/** Returns the object before when all fields of the next one are the same. */
export const keepFields = <T extends object>(before: T, next: T): T =>
  (Object.keys(next) as (keyof T)[]).every((name) => before[name] === next[name]) ? before : next;

/**
 * Returns the next list with the items of the list before where their content is the same; the list before when nothing
 * changed.
 *
 * @param keyOf - what names an item within the list
 */
export function keepItems<T>(
  before: readonly T[],
  next: readonly T[],
  keyOf: (item: T) => string | number,
): readonly T[] {
  const known = new Map(before.map((item) => [keyOf(item), item]));
  const items = next.map((item) => {
    const same = known.get(keyOf(item));
    return same ? keepEqual(same, item) : item;
  });
  return items.length === before.length && items.every((item, index) => item === before[index]) ? before : items;
}
