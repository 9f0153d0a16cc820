import type { Faults } from '../faults.ts';
import type { UploadTarget } from '../model/files.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Pictures } from '../ports.ts';
import { toJson } from './answer.ts';
import { openCall } from './call.ts';
import { downloadAvatar, downloadChat } from './downloads.ts';
import { answerCaptchaImage, answerConfig, answerDns } from './open-paths.ts';
import { readParams } from './params.ts';
import { RequestLog, parseBody } from './request-log.ts';
import { jsonAnswer } from './request.ts';
import type { Handled, RestAnswer, RestRequest } from './request.ts';
import { RestError } from './rest-error.ts';
import type { RestDeps, Route } from './route.ts';
import { ROUTES } from './routes.ts';
import { mustFindTarget, storeUpload } from './uploads.ts';
import type { ArrivedUpload } from './uploads.ts';

/** The parts of the server that answer requests. */
export interface RestServerDeps {
  readonly rest: RestDeps;
  readonly faults: Faults;
  readonly options: ResolvedOptions;
  readonly pictures: Pictures | undefined;
  /** Undefined if nothing is logged. */
  readonly log: ((line: string) => void) | undefined;
}

type Answering = (deps: RestServerDeps, request: RestRequest) => RestAnswer;

/** What is not an endpoint of {@link ROUTES}: it needs no app, or its answer is no envelope. */
const OTHERS: Readonly<Record<string, Answering>> = {
  '/': () => jsonAnswer(toJson({ data: true })),
  '/api/health': () => jsonAnswer(toJson({ data: true })),
  '/v2/app_dns': answerDns,
  '/app/config': answerConfig,
  '/app/captcha/image': answerCaptchaImage,
  '/file/download/chat': downloadChat,
  '/file/download/avatar': downloadAvatar,
};

const ROUTE_OF: ReadonlyMap<string, Route> = new Map(
  ROUTES.flatMap((row) => row.methods.map((method) => [`${method} ${row.path}`, row] as const)),
);

/** The REST side: every request answered with HTTP 200 and an envelope, unless a fault applies. */
export class RestServer {
  readonly requests: RequestLog;
  readonly #deps: RestServerDeps;

  constructor(deps: RestServerDeps) {
    this.#deps = deps;
    this.requests = new RequestLog(deps.options.keepReceived, deps.rest.clock, deps.log);
  }

  /** Answers every request but an upload. */
  answer(request: RestRequest): Handled {
    const failed = this.#applyFault(request);
    if (failed) return failed.answer;
    try {
      const answer = this.#handle(request);
      this.requests.record(request, 200);
      return answer;
    } catch (error) {
      return this.refuse(request, error);
    }
  }

  /** Answers a request of whoever runs the server: no fault applies to it, and it is not in the log. */
  perform(request: RestRequest): RestAnswer {
    try {
      return this.#handle(request);
    } catch (error) {
      return refusal(error);
    }
  }

  /** @param receive reads the body; resolves with undefined if the connection ended before all of it was there */
  async upload(
    request: RestRequest,
    receive: (target: UploadTarget) => Promise<ArrivedUpload | undefined>,
  ): Promise<Handled> {
    const failed = this.#applyFault(request);
    if (failed) return failed.answer;
    try {
      const target = mustFindTarget(this.#deps.rest.data, request);
      const arrived = await receive(target);
      if (!arrived) {
        this.requests.record(request, undefined);
        return undefined;
      }
      storeUpload(this.#deps.rest.data, request, arrived);
      const { fields, file } = arrived;
      const { name, contentType, bytes } = file;
      this.requests.record(request, 200, { fields, file: { name, contentType, size: bytes.length } });
      return jsonAnswer(JSON.stringify(target.style === 'oss' ? { Status: 'OK' } : { code: 200, data: true }));
    } catch (error) {
      return this.refuse(request, error);
    }
  }

  /** The answer to a request that failed. */
  refuse(request: RestRequest, error: unknown): RestAnswer {
    this.requests.record(request, toRestError(error).code);
    return refusal(error);
  }

  #handle(request: RestRequest): RestAnswer {
    const { rest, options } = this.#deps;
    // A HEAD is a GET whose body the server does not send.
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const other = method === 'GET' ? OTHERS[request.path] : undefined;
    if (other) return other(this.#deps, request);
    const row = ROUTE_OF.get(`${method} ${request.path}`);
    if (!row) throw new RestError(404, `${request.method} ${request.path}`);
    const call = openCall(rest, options.adminToken, request, row.access);
    const body = parseBody(request.body);
    const params = {
      ...readParams(row.query, request.query),
      ...readParams(row.body, body),
      ...readParams(row.either, { ...request.query, ...body }),
    };
    return jsonAnswer(toJson(row.handle(call, params as never)));
  }

  #applyFault(request: RestRequest): { answer: Handled } | undefined {
    const fault = this.#deps.faults.takeRest(request.path);
    if (!fault) return undefined;
    if (fault.hang) {
      this.requests.record(request, undefined);
      return { answer: undefined };
    }
    const { code = 500, message = 'failed on demand', httpStatus = 200 } = fault;
    this.requests.record(request, code);
    return { answer: jsonAnswer(JSON.stringify({ code, message }), httpStatus) };
  }
}

const toRestError = (error: unknown): RestError =>
  error instanceof RestError ? error : new RestError(500, error instanceof Error ? error.message : String(error));

function refusal(error: unknown): RestAnswer {
  const { code, message } = toRestError(error);
  return jsonAnswer(JSON.stringify({ code, message }));
}
