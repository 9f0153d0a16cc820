import { parseId } from '../model/ids.ts';
import { toWellFormedJson } from '../util/well-formed.ts';
import type { RestParams } from './endpoints.ts';

/** Parameters that the server reads as whole numbers, in whatever form an app passed them. */
const WHOLE_NUMBERS: readonly string[] = [
  'user_id',
  'group_id',
  'announcement_id',
  'new_owner',
  'apply_approval',
  'duration',
  'limit',
  'version',
];

/** Parameters that are lists of ids. */
const ID_LISTS: readonly string[] = ['list', 'user_list', 'group_list', 'file_list'];

/**
 * JSON of the parameters of a call, without absent ones. Ids are written as exact integers, also where they came as text:
 * as a JavaScript number an id above 2^53 would lose its last digits.
 */
export function toJsonBody(params: RestParams): string {
  const fields = Object.entries(params)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${JSON.stringify(name)}:${toJson(name, value)}`);
  return toWellFormedJson(`{${fields.join(',')}}`);
}

function toJson(name: string, value: unknown): string {
  if (WHOLE_NUMBERS.includes(name)) return toJsonInteger(value);
  if (ID_LISTS.includes(name) && Array.isArray(value)) return `[${value.map(toJsonInteger).join(',')}]`;
  return JSON.stringify(value);
}

/** A value that is no integer is sent as it is, and the server refuses it. */
function toJsonInteger(value: unknown): string {
  if (typeof value === 'number') return JSON.stringify(value);
  const text = toText(value).trim();
  // JSON allows no leading zeros.
  return /^-?\d+$/.test(text) ? text.replace(/^(-?)0+(?=\d)/, '$1') : JSON.stringify(value);
}

/** Text of a parameter. An object may be an id of the `long` package; any other is written as JSON. */
export const toText = (value: unknown): string =>
  typeof value === 'object' ? (parseId(value) ?? JSON.stringify(value)) : String(value);
