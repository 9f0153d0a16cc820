import { parseJsonObject } from '../util/lossless-json.ts';

type JsonObject = Record<string, unknown>;

/** Keys that would reach a prototype instead of the object. */
const NEVER_MERGED = ['__proto__', 'constructor', 'prototype'];

/** Two objects as one: deep where both have an object, else the second's. Changes neither. */
export function mergeJson(base: JsonObject, patch: JsonObject): JsonObject {
  const merged: JsonObject = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (NEVER_MERGED.includes(key)) continue;
    const old = merged[key];
    merged[key] = isObject(value) ? mergeJson(isObject(old) ? old : {}, value) : value;
  }
  return merged;
}

/** The same of two texts. Where one is no JSON object the second wins, unless it is empty. */
export function mergeJsonText(base: string, patch: string): string {
  if (!patch) return base;
  const from = base ? parseJsonObject(base) : {};
  const to = parseJsonObject(patch);
  return from && to ? JSON.stringify(mergeJson(from, to)) : patch;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
