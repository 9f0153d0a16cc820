/** Some members of a `T`, and some of theirs. */
export type Parts<T> = { readonly [Key in keyof T]?: Part<T[Key]> };
type Part<T> = T extends readonly unknown[] | ((...given: never[]) => unknown) ? T : T extends object ? Parts<T> : T;

/** An object that stands for a `T` and has only the members that a test needs. Their types are checked. */
export function fake<T extends object>(parts: Parts<T>): T {
  const whole: object = parts;
  return whole as T;
}

/** Passes a value where its type does not belong, as an app without types may do. */
export function wrongly(value: unknown): never {
  return value as never;
}
