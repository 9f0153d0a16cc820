/**
 * One of some names. A name in the source has to be one of them. Text that the compiler knows only as `string` is taken, too,
 * because deployed apps have names in variables; what it holds is checked when it arrives.
 *
 * @typeParam Names - the names
 * @typeParam Given - what the app passes, which the compiler infers
 */
export type OneOf<Names extends string, Given extends string> = Given &
  (Given extends Names ? unknown : string extends Given ? unknown : never);
