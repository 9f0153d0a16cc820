import type { KvValue } from '../platform/ports.ts';

/** The list in a record that holds JSON; an empty one where it is damaged, so that the other records can be read. */
export function readList<T>(value: KvValue | undefined): T[] {
  try {
    const list: unknown = JSON.parse(value as string);
    return Array.isArray(list) ? (list as T[]) : [];
  } catch {
    return [];
  }
}
