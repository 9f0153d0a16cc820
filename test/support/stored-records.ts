import { unpackItems } from '../../src/store/segment-record.ts';
import { readBucket } from '../../src/store/table.ts';

/** What a stored record holds, one entry for each thing in it: segments unpacked, `c/<conversation>` for one of a bucket. */
export function readable(key: string, value: unknown): [string, unknown][] {
  if (key.startsWith('s/')) return [[key, unpackItems(value)]];
  const table = /^(conversations|users|groups)\//.exec(key)?.[1];
  return table ? readBucket(value).map(([name, record]) => [`${table[0]}/${name}`, record]) : [[key, value]];
}
