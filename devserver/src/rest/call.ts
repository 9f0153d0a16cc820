import { isAdmin } from '../model/groups.ts';
import type { User } from '../model/users.ts';
import { mustFindGroup, mustFindUser } from './guards.ts';
import type { RestRequest } from './request.ts';
import { RestError } from './rest-error.ts';
import { isFromOtherMachine } from '../web-origin.ts';
import type { Access, Call, RestDeps } from './route.ts';

/** A credential or an id may stand in a header or, for the URLs of images, in the query. */
function credential(request: RestRequest, name: string): string {
  return String(request.headers[name] ?? request.query[name] ?? '');
}

/** Finds the app and the user of a request. */
export function openCall(deps: RestDeps, adminToken: string, request: RestRequest, access: Access): Call {
  const appId = credential(request, 'app_id');
  if (!deps.data.isKnownApp(appId)) throw new RestError(40000);
  const app = deps.data.app(appId);
  const token = credential(request, 'access-token');
  const now = deps.clock.now();
  if (access === 'public') {
    return withUser({ ...deps, app, token: '', isAdmin: false, now }, () => {
      throw new RestError(10003);
    });
  }
  if (token === '') throw new RestError(10003);
  if (token === adminToken) {
    // The token is the same everywhere, so any page on the web knows it.
    if (isFromOtherMachine(request.headers)) throw new RestError(10010);
    return withUser({ ...deps, app, token, isAdmin: true, now }, () => actedFor(app, request));
  }
  const record = deps.data.tokens.get(token);
  if (record?.appId !== appId) throw new RestError(10008);
  if (!deps.data.tokens.isAccepted(record, now)) throw new RestError(402);
  if (access === 'admin') throw new RestError(10010);
  const user = app.users.get(record.userId);
  if (!user) throw new RestError(402);
  return withUser({ ...deps, app, token, isAdmin: false, now }, () => user);
}

function actedFor(app: Call['app'], request: RestRequest): User {
  const { user_id: userId, group_id: groupId } = request.headers;
  if (userId !== undefined) return mustFindUser(app, Number(userId));
  if (groupId !== undefined) {
    const group = mustFindGroup(app, Number(groupId));
    const admin = [...group.members.keys()].find((member) => isAdmin(group, member));
    return mustFindUser(app, admin ?? group.ownerId);
  }
  throw new RestError(10002, 'an admin token needs the header user_id here');
}

function withUser(call: Omit<Call, 'user'>, find: () => User): Call {
  return {
    ...call,
    get user() {
      return find();
    },
  };
}
