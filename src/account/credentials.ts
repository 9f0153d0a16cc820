import { FlooError } from '../errors.ts';
import { TOKEN_BY_ID, TOKEN_BY_NAME } from '../http/endpoints.ts';
import type { RestClient } from '../http/rest-client.ts';
import { parseId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Identity } from '../session/identity.ts';

/** How a user proves who they are. */
export type Credentials =
  | { by: 'user'; name?: string; mobile?: string; password: string }
  | { by: 'id'; user_id: Id; password: string }
  | { by: 'token'; user_id: Id; token: string };

/** The user's id and token. The server gives them, unless the credentials are a token. */
export async function fetchIdentity(rest: RestClient, credentials: Credentials): Promise<Identity> {
  if (credentials.by === 'token') return { uid: credentials.user_id, token: credentials.token };
  const { by, ...params } = credentials;
  const { data } = await rest.call<{ user_id?: unknown; token?: unknown } | null>(
    by === 'id' ? TOKEN_BY_ID : TOKEN_BY_NAME,
    params,
  );
  const uid = parseId(data?.user_id);
  if (!uid || !data?.token || typeof data.token !== 'string')
    throw new FlooError('ServerResponseInvalid', 'no token in the answer');
  return { uid, token: data.token };
}
