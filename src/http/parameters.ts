import { parseId } from '../model/ids.ts';

export type RestParams = Readonly<Record<string, unknown>>;

/** Keys sorted, absent values left out. */
export function toQuery(params: RestParams): string {
  const pairs = Object.keys(params)
    .sort()
    .filter((key) => params[key] !== undefined && params[key] !== null)
    .map((key) => `${encodeURIComponent(key)}=${encodeURIComponent(toText(params[key]))}`);
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

/** A URL with more parameters than it has. */
export function withQuery(url: string, params: RestParams): string {
  const query = toQuery(params);
  return url + (url.includes('?') ? query.replace('?', '&') : query);
}

const ID_FIELDS = /^((group|user|announcement)_id|new_owner|apply_approval|duration|limit|version)$/;
const ID_LISTS = /^((group|user|file)_)?list$/;

/** JSON with the ids in it as exact integers, whatever they came as: a double would change the last digits of a large one. */
export function toJson(params: RestParams): string {
  const fields = Object.keys(params)
    .filter((key) => params[key] !== undefined)
    .map((key) => `${JSON.stringify(key)}:${toJsonValue(key, params[key])}`);
  return `{${fields.join(',')}}`;
}

function toJsonValue(key: string, value: unknown): string {
  if (ID_FIELDS.test(key)) return toJsonNumber(value);
  if (ID_LISTS.test(key) && Array.isArray(value)) return `[${value.map(toJsonNumber).join(',')}]`;
  return JSON.stringify(value);
}

function toJsonNumber(value: unknown): string {
  if (typeof value === 'number') return JSON.stringify(value);
  const text = toText(value).trim();
  // JSON knows no leading zeros.
  return /^-?\d+$/.test(text) ? text.replace(/^(-?)0+(?=\d)/, '$1') : JSON.stringify(value);
}

/** An object is an id of the `long` package, or something that may have no text. */
const toText = (value: unknown): string =>
  typeof value === 'object' ? (parseId(value) ?? JSON.stringify(value)) : String(value);
