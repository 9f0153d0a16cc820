/** The names of properties that never leave the sources of `root`. @param entries files of a folder with a tsconfig.json */
export function internalNames(entries: readonly string[], root: string): Set<string>;
/** The names of the properties that a file of types declares, but for constants it keeps to itself. */
export function propertyNamesOf(text: string): string[];
