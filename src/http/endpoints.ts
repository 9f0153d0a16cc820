/** Parameters of a REST call by name. */
export type RestParams = Readonly<Record<string, unknown>>;

/**
 * One REST call: where it goes and how its parameters travel. The managers keep a table of endpoints beside the methods
 * they serve; the endpoints in this file are those that several rooms call.
 *
 * @typeParam Key - names of the parameters that may be required
 */
export type Endpoint<Key extends string = string> = GetEndpoint<Key> | PostEndpoint<Key>;

/** The parameters of a GET are in the URL. */
interface GetEndpoint<Key extends string = string> extends EndpointFields<Key> {
  readonly method: 'GET';
}

interface PostEndpoint<Key extends string = string> extends EndpointFields<Key> {
  readonly method: 'POST';
  /** `body`: the parameters are a JSON object. `query`: they are in the URL, and the body is `{}`. */
  readonly send: 'body' | 'query';
}

interface EndpointFields<Key extends string> {
  readonly path: `/${string}`;
  /** Parameters without which the call is refused before anything is sent. All other parameters are passed through. */
  readonly required?: readonly (Key | AnyOf<Key>)[];
  /**
   * Whether the call carries the user's token. `required`: refused while nobody is logged in. `optional`: carries the
   * token if there is one. `never`: does not carry it even if there is one.
   *
   * @default 'required'
   */
  readonly token?: 'required' | 'optional' | 'never';
  /**
   * The server wants the token in the URL, too, as `access-token`.
   *
   * @default false
   */
  readonly tokenInUrl?: boolean;
  /**
   * Whether the call is sent again to the next host when a host does not answer. The first host may have done it before it
   * went silent, so this is true only where doing it twice has the effect of doing it once.
   *
   * @default true for a GET, false for a POST
   */
  readonly repeatable?: boolean;
}

/** Parameters, one of which is enough. */
interface AnyOf<Key extends string = string> {
  readonly anyOf: readonly Key[];
}

/** An endpoint for every method of `Calls`; the parameters it requires are parameters of that method. */
export type EndpointTable<Calls> = { readonly [Name in keyof Calls]: Endpoint<ParameterName<Calls[Name]>> };

/** Names of the fields of the object that a method takes. */
type ParameterName<Method> = Method extends (params: infer Params) => unknown ? FieldName<Params> : never;
/** Distributes over a union, such as an object or an id. */
type FieldName<Params> = Params extends object ? Extract<keyof Params, string> : never;

// Login
export const TOKEN_BY_NAME = {
  method: 'POST',
  path: '/token/user',
  send: 'body',
  required: [{ anyOf: ['name', 'mobile'] }, 'password'],
  token: 'never',
  repeatable: true,
} as const satisfies Endpoint;

export const TOKEN_BY_ID = {
  method: 'POST',
  path: '/token/id',
  send: 'body',
  required: ['user_id', 'password'],
  token: 'never',
  repeatable: true,
} as const satisfies Endpoint;

// Devices
export const UNBIND_DEVICE = { method: 'POST', path: '/user/token/unbind', send: 'query' } as const satisfies Endpoint;

// Friends and users
export const FRIEND_IDS = { method: 'GET', path: '/roster/list' } as const satisfies Endpoint;

export const USER_DETAILS = {
  method: 'POST',
  path: '/roster/list',
  send: 'body',
  required: ['list'],
  repeatable: true,
} as const satisfies Endpoint;

// Groups
export const GROUP_IDS = { method: 'GET', path: '/group/user_joined' } as const satisfies Endpoint;

export const GROUP_INFO = { method: 'GET', path: '/group/info', required: ['group_id'] } as const satisfies Endpoint;

export const GROUP_DETAILS = {
  method: 'POST',
  path: '/group/info/batch',
  send: 'body',
  required: ['group_list'],
  repeatable: true,
} as const satisfies Endpoint;

export const GROUP_MEMBERS = {
  method: 'GET',
  path: '/group/member_list',
  required: ['group_id'],
} as const satisfies Endpoint;

export const MEMBER_CARDS = {
  method: 'POST',
  path: '/group/members/display_name',
  send: 'body',
  required: ['group_id', 'user_list'],
  repeatable: true,
} as const satisfies Endpoint;

// Places for uploads
export const USER_AVATAR_UPLOAD = { method: 'GET', path: '/file/upload/avatar/user' } as const satisfies Endpoint;

export const GROUP_AVATAR_UPLOAD = {
  method: 'GET',
  path: '/file/upload/avatar/group',
  required: ['group_id'],
  tokenInUrl: true,
} as const satisfies Endpoint;

export const CHAT_FILE_UPLOAD = {
  method: 'GET',
  path: '/file/upload/chat',
  required: ['file_type', 'to_id', 'to_type'],
} as const satisfies Endpoint;

// The app
export const APP_CONFIG = {
  method: 'GET',
  path: '/app/config',
  required: ['platform'],
  token: 'optional',
} as const satisfies Endpoint;
