/** Index of the first row whose id is not below `id`, in rows sorted by id; the length when there is none. */
export function firstAtOrAfter(rows: readonly { readonly id: bigint }[], id: bigint): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
