/** Part of a rollup plugin: collects the packages of each output, then writes the file that names them all. */
export function thirdPartyNotices(file: string): {
  name: string;
  generateBundle(options: unknown, bundle: Record<string, { modules?: Record<string, unknown> }>): void;
  writeBundle(): void;
};
