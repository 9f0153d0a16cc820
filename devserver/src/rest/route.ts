import type { Messaging } from '../messaging/messaging.ts';
import type { Notices } from '../mail/notices.ts';
import type { AppData } from '../model/app-data.ts';
import type { DevData } from '../model/dev-data.ts';
import type { UploadStyle } from '../model/files.ts';
import type { User } from '../model/users.ts';
import type { Clock, Random } from '../ports.ts';
import type { Answer } from './answer.ts';
import type { Param, ParamValues, Params } from './params.ts';
import type { RestCode } from './rest-error.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Who may call: anyone, a user (or an admin acting as one), or an admin only. */
export type Access = 'public' | 'user' | 'admin';

/** The parts of the server that handlers use. */
export interface RestDeps {
  readonly data: DevData;
  readonly notices: Notices;
  readonly messaging: Messaging;
  readonly clock: Clock;
  readonly random: Random;
  /** How uploads are done at the moment. */
  readonly uploadStyle: () => UploadStyle;
  /** `http://host:port` as clients reach this server; known once it listens. */
  readonly baseUrl: () => string;
}

/** One request, after its caller was identified. */
export interface Call extends RestDeps {
  readonly app: AppData;
  /** The token of the call; empty for a public one. */
  readonly token: string;
  readonly isAdmin: boolean;
  /** The acting user; reading it throws 10002 when an admin names none. */
  readonly user: User;
  readonly now: number;
}

/** What the document at `/openapi.json` says about an endpoint, beside its parameters. */
interface Documentation {
  /** What the endpoint does, in a sentence. */
  readonly summary: string;
  /** The shape of `data` in the answer. Default: `true`. */
  readonly answers?: Param<unknown>;
  /** Fields beside `data` in the answer. */
  readonly beside?: Params;
  /** The codes that this endpoint refuses with, without those of its access and of wrong parameters. */
  readonly refuses?: readonly RestCode[];
}

/** One row of an endpoint table. */
export interface Route extends Documentation {
  readonly methods: readonly Method[];
  readonly path: string;
  readonly access: Access;
  readonly query: Params;
  readonly body: Params;
  /** Parameters accepted in the body or in the query, because deployed clients and the documents differ. */
  readonly either: Params;
  handle(call: Call, params: never): Answer;
}

interface Row<Q extends Params, B extends Params, E extends Params> extends Documentation {
  methods: readonly Method[];
  path: string;
  access?: Access;
  query?: Q;
  body?: B;
  either?: E;
  handle(call: Call, params: ParamValues<Q> & ParamValues<B> & ParamValues<E>): Answer;
}

/** The parameters of a row without any. */
export type NoParams = Record<never, Params[string]>;

/** Makes a row, so that its handler has the types of its parameters. */
export function route<Q extends Params = NoParams, B extends Params = NoParams, E extends Params = NoParams>(
  row: Row<Q, B, E>,
): Route {
  return { access: 'user', query: {}, body: {}, either: {}, ...row };
}

/** The verbs of a write and its documented twin. */
export const POST_PUT: readonly Method[] = ['POST', 'PUT'];
export const POST_DELETE: readonly Method[] = ['POST', 'DELETE'];
export const POST: readonly Method[] = ['POST'];
export const GET: readonly Method[] = ['GET'];
