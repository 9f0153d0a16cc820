/** Index of the first of `count` ascending items that is not below the target; `count` if there is none. */
export function firstIndex(count: number, isBelow: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  // The last item is tried first, because a new item nearly always goes to the end.
  let middle = high - 1;
  while (low < high) {
    if (isBelow(middle)) low = middle + 1;
    else high = middle;
    middle = (low + high) >>> 1;
  }
  return low;
}
