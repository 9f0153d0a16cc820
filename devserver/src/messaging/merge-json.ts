import { isTooDeep } from '../json-depth.ts';

type JsonObject = Record<string, unknown>;

const NEVER_MERGED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Merges two JSON texts as APPEND and REPLACE do: deeply, objects only, without keys that reach prototypes.
 * If either is not a JSON object, the patch wins unless it is empty.
 */
export function mergeJsonText(base: string, patch: string): string {
  if (patch === '') return base;
  const from = base === '' ? {} : parseObject(base);
  const to = parseObject(patch);
  return from && to ? JSON.stringify(merge(from, to)) : patch;
}

function merge(base: JsonObject, patch: JsonObject): JsonObject {
  const merged: JsonObject = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (NEVER_MERGED.has(key)) continue;
    const old = merged[key];
    merged[key] = isObject(value) ? merge(isObject(old) ? old : {}, value) : value;
  }
  return merged;
}

function parseObject(text: string): JsonObject | undefined {
  if (isTooDeep(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // Config and ext are usually JSON, but any text is legal.
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
