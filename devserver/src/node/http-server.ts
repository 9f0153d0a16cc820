import cors from '@fastify/cors';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Faults } from '../faults.ts';
import type { ResolvedOptions } from '../options.ts';
import { written } from '../records/records.ts';
import type { Journal } from '../records/records.ts';
import type { Handled, RestAnswer, RestRequest } from '../rest/request.ts';
import { RestError } from '../rest/rest-error.ts';
import type { RestServer } from '../rest/rest-server.ts';
import { receiveUpload, sendFile } from './transfers.ts';

interface Deps {
  rest: RestServer;
  faults: Faults;
  journal: Journal;
  options: ResolvedOptions;
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];

/** REST by HTTP. */
export class RestHttpServer {
  readonly app: FastifyInstance;
  readonly #deps: Deps;
  readonly #hanging = new Set<FastifyReply>();

  constructor(deps: Deps) {
    this.#deps = deps;
    this.app = fastify({ forceCloseConnections: true, bodyLimit: 16 * 1024 * 1024 });
    const { app } = this;
    void app.register(cors, {
      origin: '*',
      methods: [...METHODS, 'OPTIONS'],
      allowedHeaders: ['content-type', 'app_id', 'access-token', 'user_id', 'group_id'],
      strictPreflight: false,
    });
    // Clients send empty bodies as JSON, which fastify's own parser refuses.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text));
    app.addHook('onSend', async () => written(deps.journal));
    app.setErrorHandler((error, request, reply) =>
      this.#send(reply, deps.rest.refuse(plain(request), toRestError(error))),
    );
    const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
      this.#send(reply, deps.rest.answer(plain(request)));
    app.route({ method: METHODS, url: '/*', handler: answer });
    app.setNotFoundHandler(answer);
    this.#installUploads();
  }

  /** Ends the requests that a fault left without an answer. */
  dropHanging(): void {
    for (const reply of this.#hanging) reply.raw.destroy();
    this.#hanging.clear();
  }

  #installUploads(): void {
    const { rest, faults, options } = this.#deps;
    void this.app.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      // The body stays a stream, to be read as slowly as a test wants.
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
      scope.route({
        method: ['POST', 'PUT'],
        url: '/upload/:appId/:key',
        handler: async (request, reply) => {
          const receive = receiveUpload({ request, faults, maxBytes: options.maxFileBytes });
          return this.#send(reply, await rest.upload(plain(request), receive));
        },
      });
    });
  }

  #send(reply: FastifyReply, handled: Handled): FastifyReply {
    if (!handled) {
      this.#hanging.add(reply);
      return reply.hijack();
    }
    return this.#begin(reply, handled).send(
      typeof handled.body === 'string' ? handled.body : sendFile(this.#deps.faults, handled.body),
    );
  }

  #begin(reply: FastifyReply, { status, headers, body }: RestAnswer): FastifyReply {
    const length = typeof body === 'string' ? {} : { 'content-length': String(body.length) };
    return reply.status(status).headers({ ...headers, ...length });
  }
}

function plain({ method, url, query, headers, body }: FastifyRequest): RestRequest {
  return {
    method,
    path: url.split('?', 1)[0]!,
    query: query as Record<string, unknown>,
    headers,
    body: typeof body === 'string' ? body : '',
  };
}

function toRestError(error: unknown): RestError {
  if (error instanceof RestError) return error;
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  return new RestError(statusCode < 500 ? 10002 : 500, message);
}
