/** Paging facts of a list. They are properties of the array and not among its items. */
export interface PageInfo {
  /** Start of the next page: pass it as `cursor` to the same call. Undefined when there is no further page. */
  readonly cursor?: string | undefined;
  /** Number of items on all pages, where the server counts them. */
  readonly total?: number | undefined;
  /** Version of the list, where the server gives one. */
  readonly version?: number | undefined;
}

/** A list from the server. It holds the items of all pages unless the call gave a `cursor` or a `limit`. */
export type Paged<T> = T[] & PageInfo;

/** Selects one page of a list. */
export interface PageQuery {
  /** `cursor` of the page before. `''` or absent: the first page. */
  cursor?: string;
  /** Items on a page. Without it the server decides. */
  limit?: number;
}
