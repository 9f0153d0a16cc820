import type { World } from './world.ts';

export type Person = 'alice' | 'bob' | 'carol';
/** Who calls: a person; an admin, who may act for one; or somebody without a token. */
export type Caller = Person | 'admin' | 'admin for alice' | 'nobody';
/** Both devices of a person, or one of them. Calls are made with the token of the first. */
export type Listener = Person | `${Person}${1 | 2}`;
export type Values = Record<string, unknown>;

/** The expected notices of each listener, each as `noticesOf` writes it, or a matcher of it. */
export type Notices = Partial<Record<Listener, unknown[]>>;

/** A call that is refused: what is different about it, and the code. */
export interface Refusal {
  code: number;
  by?: Caller;
  prepare?: (world: World) => unknown;
  /** These values in place of those of the row. */
  change?: (world: World) => Values;
}

/**
 * One endpoint, called in a world where alice and bob are friends and in a group of alice's, and carol is a stranger to
 * both. Everybody is online with two devices.
 */
export interface Endpoint {
  /** The first is what clients use, the others are its documented twins. */
  methods: string;
  path: string;
  by?: Caller;
  prepare?: (world: World) => unknown;
  query?: (world: World) => Values;
  body?: (world: World) => Values;
  /** Parameters of the call that may be left out. */
  optional?: readonly string[];
  /** What the data of the answer must match; `true` unless given. */
  answer?: (world: World) => unknown;
  /** The notices of the call. Nobody else may get one. */
  notices?: Notices;
  /** Devices whose session is over. */
  ends?: readonly Listener[];
  refusals?: readonly Refusal[];
  /** What must be true afterwards. */
  then?: (world: World) => unknown;
}

export const POST = 'POST';
export const GET = 'GET';
export const POST_PUT = 'POST PUT';
export const POST_DELETE = 'POST DELETE';

/** A group id that no group has. */
export const NO_GROUP = 17;
/** A user id that no user has. */
export const NO_USER = 16;
