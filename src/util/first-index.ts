/** Of `count` ascending things the index of the first that is not below, or `count`. */
export function firstIndex(count: number, isBelow: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  // What is new goes last nearly always.
  let middle = high - 1;
  while (low < high) {
    if (isBelow(middle)) low = middle + 1;
    else high = middle;
    middle = (low + high) >>> 1;
  }
  return low;
}
