import cors from '@fastify/cors';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DnsFault, DnsHosts, Faults } from '../faults.ts';
import { UNKNOWN_APP_ID } from '../model/dev-data.ts';
import type { ResolvedOptions } from '../options.ts';
import { written } from '../records/records.ts';
import type { Journal } from '../records/records.ts';
import { toJson } from './answer.ts';
import { openCall } from './call.ts';
import { installCaptchaImage } from './captcha-image.ts';
import { installDownloads } from './downloads.ts';
import { readParams } from './params.ts';
import { RequestLog, parseBody, pathOf } from './request-log.ts';
import { RestError } from './rest-error.ts';
import type { RestDeps, Route } from './route.ts';
import { ROUTES } from './routes.ts';
import { installUploads } from './uploads.ts';

interface Deps {
  rest: RestDeps;
  faults: Faults;
  journal: Journal;
  options: ResolvedOptions;
  /** Undefined if nothing is logged. */
  log: ((line: string) => void) | undefined;
}

/** The REST side: every request answered with HTTP 200 and an envelope, unless a fault applies. */
export class RestServer {
  readonly app: FastifyInstance;
  readonly requests: RequestLog;
  readonly #deps: Deps;
  readonly #hanging = new Set<FastifyReply>();

  constructor(deps: Deps) {
    this.#deps = deps;
    this.requests = new RequestLog(deps.options.keepReceived, deps.log);
    this.app = fastify({ forceCloseConnections: true, bodyLimit: 16 * 1024 * 1024 });
    this.#installEnvelope();
    this.#installOpenPaths();
    for (const row of ROUTES) this.#install(row);
    const { rest, faults, options } = deps;
    installCaptchaImage(this.app, rest);
    installUploads(this.app, { data: rest.data, faults, requests: this.requests, maxBytes: options.maxFileBytes });
    installDownloads(this.app, { rest, faults, requests: this.requests, adminToken: options.adminToken });
  }

  /** Ends the requests that a fault left without an answer. */
  dropHanging(): void {
    for (const reply of this.#hanging) reply.raw.destroy();
    this.#hanging.clear();
  }

  #installEnvelope(): void {
    const { app } = this;
    const { journal } = this.#deps;
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
    app.addHook('onSend', async () => written(journal));
    app.setNotFoundHandler((request, reply) =>
      this.#refuse(request, reply, new RestError(404, `${request.method} ${pathOf(request)}`)),
    );
    app.setErrorHandler((error, request, reply) => this.#refuse(request, reply, toRestError(error)));
  }

  #installOpenPaths(): void {
    const { app } = this;
    const { faults, options, rest } = this.#deps;
    for (const path of ['/', '/api/health']) {
      app.get(path, (request, reply) => this.#send(request, reply, 200, toJson({ data: true })));
    }
    app.get('/v2/app_dns', (request, reply) => {
      const { app_id: appId = '' } = request.query as { app_id?: string };
      if (!rest.data.isKnownApp(appId)) throw new RestError(99998, appId === UNKNOWN_APP_ID ? undefined : 'none given');
      const hosts = options.dnsHosts ?? [new URL(rest.baseUrl()).host];
      return this.#send(request, reply, 200, toJson({ data: dnsAnswer(hosts, faults.dns) }));
    });
    app.get('/app/config', (request, reply) => {
      openCall(rest, '', request, 'public');
      const data = { hide_member_info: false, message_forward_max_user_num: 20, message_forward_max_message_num: 100 };
      return this.#send(request, reply, 200, toJson({ data }));
    });
  }

  #install(row: Route): void {
    const {
      rest,
      options: { adminToken },
    } = this.#deps;
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
      this.requests.record(request, undefined);
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
    this.requests.record(request, code);
    return reply.type('application/json; charset=utf-8').send(json);
  }
}

function toRestError(error: unknown): RestError {
  if (error instanceof RestError) return error;
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  return new RestError(statusCode < 500 ? 10002 : 500, message);
}

/** The answer of `/v2/app_dns`: the hosts of this server as every kind, after the hosts that tests put before them. */
function dnsAnswer(
  hosts: readonly string[],
  { extraHosts = [], clusters = [], app_status = 'normal' }: DnsFault,
): object {
  const before: DnsHosts = Array.isArray(extraHosts) ? { ratel: extraHosts, webim: extraHosts } : extraHosts;
  const own = { ratel: [...(before.ratel ?? []), ...hosts], webim: [...(before.webim ?? []), ...hosts] };
  return {
    version: '1',
    app_status,
    account_verification: { type: 'enterprise', status: 'verified', name: 'flooim dev server' },
    dns_server_list: [],
    link_server_list: [],
    dns_list: [{ group_level: 0, clusters: [...clusters, own].map((cluster) => toCluster(hosts, cluster)) }],
  };
}

function toCluster(hosts: readonly string[], { ratel = [], webim = [] }: DnsHosts): object {
  return {
    ratel: ratel.map((name) => ({ ...entry(name), ip_list: ['127.0.0.1'] })),
    webim: webim.map(entry),
    rtc: hosts.map(entry),
  };
}

function entry(host: string): { protocol: string; host: string } {
  return { protocol: 'http', host };
}
