import cors from '@fastify/cors';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Faults } from '../faults.ts';
import { UNKNOWN_APP_ID } from '../model/dev-data.ts';
import { Ring } from '../ring.ts';
import { toJson } from './answer.ts';
import { openCall } from './call.ts';
import { dnsAnswer } from './dns.ts';
import { readParams } from './params.ts';
import { RestError } from './rest-error.ts';
import type { RestDeps, Route } from './route.ts';
import { adminRoutes } from './routes-admin.ts';
import { authRoutes } from './routes-auth.ts';
import { deviceRoutes } from './routes-device.ts';
import { groupContentRoutes } from './routes-group-content.ts';
import { groupJoinRoutes } from './routes-group-join.ts';
import { groupModerationRoutes } from './routes-group-moderation.ts';
import { groupSettingsRoutes } from './routes-group-settings.ts';
import { groupRoutes } from './routes-group.ts';
import { rosterRoutes } from './routes-roster.ts';
import { userRoutes } from './routes-user.ts';

const ROUTES: readonly Route[] = [
  ...authRoutes,
  ...userRoutes,
  ...deviceRoutes,
  ...rosterRoutes,
  ...groupRoutes,
  ...groupJoinRoutes,
  ...groupModerationRoutes,
  ...groupSettingsRoutes,
  ...groupContentRoutes,
  ...adminRoutes,
];

/** A REST request as tests read it back. */
export interface ReceivedRequest {
  /** ms since 1970. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: unknown;
  readonly body: unknown;
  readonly appId: string | undefined;
  /** Code of the envelope; absent when none was sent. */
  readonly code?: number;
}

interface Deps {
  rest: RestDeps;
  faults: Faults;
  adminToken: string;
  keepReceived: number;
  /** `host:port` as clients reach this server; known once it listens. */
  host: () => string;
  log: (line: string) => void;
}

/** The REST side: every request answered with HTTP 200 and an envelope, unless a fault says otherwise. */
export class RestServer {
  readonly app: FastifyInstance;
  readonly requests: Ring<ReceivedRequest>;
  readonly #deps: Deps;
  readonly #hanging = new Set<FastifyReply>();

  constructor(deps: Deps) {
    this.#deps = deps;
    this.requests = new Ring(deps.keepReceived);
    this.app = fastify({ forceCloseConnections: true, bodyLimit: 16 * 1024 * 1024 });
    this.#installEnvelope();
    this.#installOpenPaths();
    for (const row of ROUTES) this.#install(row);
  }

  /** Cut the requests that a fault left without an answer. */
  dropHanging(): void {
    for (const reply of this.#hanging) reply.raw.destroy();
    this.#hanging.clear();
  }

  #installEnvelope(): void {
    const { app } = this;
    void app.register(cors, {
      origin: '*',
      methods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
      allowedHeaders: ['content-type', 'app_id', 'access-token', 'user_id', 'group_id'],
      strictPreflight: false,
    });
    // Clients send empty bodies as JSON, which fastify's own parser refuses.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text));
    app.addHook('preHandler', async (request, reply) => this.#applyFault(request, reply));
    app.setNotFoundHandler((request, reply) =>
      this.#refuse(request, reply, new RestError(404, `${request.method} ${pathOf(request)}`)),
    );
    app.setErrorHandler((error, request, reply) => this.#refuse(request, reply, toRestError(error)));
  }

  #installOpenPaths(): void {
    const { app } = this;
    const { faults, rest, host } = this.#deps;
    for (const path of ['/', '/api/health']) {
      app.get(path, (request, reply) => this.#send(request, reply, 200, toJson({ data: true })));
    }
    app.get('/v2/app_dns', (request, reply) => {
      const { app_id: appId = '' } = request.query as { app_id?: string };
      if (!rest.data.isKnownApp(appId)) throw new RestError(99998, appId === UNKNOWN_APP_ID ? undefined : 'none given');
      return this.#send(request, reply, 200, toJson({ data: dnsAnswer(host(), faults.dns) }));
    });
    app.get('/app/config', (request, reply) => {
      openCall(rest, '', request, 'public');
      const data = { hide_member_info: false, message_forward_max_user_num: 20, message_forward_max_message_num: 100 };
      return this.#send(request, reply, 200, toJson({ data }));
    });
  }

  #install(row: Route): void {
    const { rest, adminToken } = this.#deps;
    this.app.route({
      method: [...row.methods],
      url: row.path,
      handler: (request, reply) => {
        const call = openCall(rest, adminToken, request, row.access);
        const query = request.query as Record<string, unknown>;
        const body = parseBody(request.body);
        const params = {
          ...readParams(row.query, query),
          ...readParams(row.body, body),
          ...readParams(row.either, { ...query, ...body }),
        };
        return this.#send(request, reply, 200, toJson(row.handle(call, params as never)));
      },
    });
  }

  async #applyFault(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const fault = this.#deps.faults.takeRest(pathOf(request));
    if (!fault) return undefined;
    if (fault.hang) {
      this.#record(request, undefined);
      this.#hanging.add(reply);
      return reply.hijack();
    }
    const { code = 500, message = 'failed on demand', httpStatus = 200 } = fault;
    return this.#send(request, reply.status(httpStatus), code, JSON.stringify({ code, message }));
  }

  #refuse(request: FastifyRequest, reply: FastifyReply, { code, message }: RestError): FastifyReply {
    return this.#send(request, reply.status(200), code, JSON.stringify({ code, message }));
  }

  #send(request: FastifyRequest, reply: FastifyReply, code: number, json: string): FastifyReply {
    this.#record(request, code);
    return reply.type('application/json; charset=utf-8').send(json);
  }

  #record(request: FastifyRequest, code: number | undefined): void {
    const path = pathOf(request);
    const appId = request.headers['app_id'];
    this.#deps.log(`${request.method} ${path} → ${code ?? 'no answer'}`);
    this.requests.push({
      at: Date.now(),
      method: request.method,
      path,
      query: request.query,
      body: readableBody(request.body),
      appId: typeof appId === 'string' ? appId : undefined,
      ...(code !== undefined && { code }),
    });
  }
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0]!;
}

function parseBody(text: unknown): Record<string, unknown> {
  if (typeof text !== 'string' || text === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new RestError(10002, 'the body is no JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new RestError(10002, 'the body is no JSON object');
  return body as Record<string, unknown>;
}

function readableBody(text: unknown): unknown {
  try {
    return parseBody(text);
  } catch {
    return text;
  }
}

function toRestError(error: unknown): RestError {
  if (error instanceof RestError) return error;
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  return new RestError(statusCode < 500 ? 10002 : 500, message);
}
