/**
 * Every REST call the SDK makes, once (rest-api 3): method, path, where the parameters go, and what is special.
 *
 * `query` parameters of a POST travel in the URL and its body is `{}`. `public`: sent without a token. `safe`: sending it
 * twice changes nothing, so that it may be tried again on the next host.
 */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly place: 'query' | 'body';
  readonly public?: true;
  readonly safe?: true;
}

const get = (path: string): Endpoint => ({ method: 'GET', path, place: 'query', safe: true });
const post = (path: string): Endpoint => ({ method: 'POST', path, place: 'body' });

export const ENDPOINTS = {
  tokenUser: { ...post('/token/user'), public: true, safe: true },
  tokenId: { ...post('/token/id'), public: true, safe: true },
  register: { ...post('/user/register/v2'), public: true },
  rosterIds: get('/roster/list'),
  rosterDetails: { ...post('/roster/list'), safe: true },
  groupIds: get('/group/user_joined'),
  groupDetails: { ...post('/group/info/batch'), safe: true },
  groupCreate: post('/group/create'),
} as const satisfies Record<string, Endpoint>;
