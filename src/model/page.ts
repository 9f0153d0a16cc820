/** What a list knows of the server's paging; not among its items. */
export interface PageInfo {
  /** Where the next page starts, for the same call with it as `cursor`; undefined: there is none. */
  readonly cursor?: string | undefined;
  /** Items on all pages, where the server counts them. */
  readonly total?: number | undefined;
  readonly version?: number | undefined;
}

/** A list from the server: all pages of it, unless the call named a `cursor` or `limit`. */
export type Paged<T> = T[] & PageInfo;

/** Asks for one page of a list. */
export interface PageQuery {
  /** From the page before; `''` or nothing: the first. */
  cursor?: string;
  /** Items on a page. Default: the server's. */
  limit?: number;
}
