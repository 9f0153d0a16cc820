import type { Plugin } from 'rollup';

interface Rendered {
  code: string;
  map: string | undefined;
}

export function es5(): Plugin[];
export function withPlainLoops(code: string): Rendered;
export function toEs5(code: string): Rendered;
