import type { Program } from 'acorn';
import type { Plugin } from 'rollup';

export function plainNullish(): Plugin;
/** @param code whose properties may be read twice. */
export function withPlainNullish(code: string, tree: Program): { toString(): string };
