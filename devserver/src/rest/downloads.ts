import { Readable } from 'node:stream';
import { setImmediate as soon } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Faults } from '../faults.ts';
import { openCall } from './call.ts';
import { VOICE_FORMATS, contentTypeOf, coverOf } from './file-rendering.ts';
import type { VoiceFormat } from './file-rendering.ts';
import { keepPace } from './uploads.ts';
import { int, oneOf, optional, readParams, text } from './params.ts';
import type { RequestLog } from './request-log.ts';
import { RestError } from './rest-error.ts';
import type { RestDeps } from './route.ts';
import { mustFindFile } from './routes-file.ts';

interface Deps {
  rest: RestDeps;
  faults: Faults;
  requests: RequestLog;
  adminToken: string;
}

const CHUNK_BYTES = 16 * 1024;
const rendering = { format: optional(oneOf(VOICE_FORMATS)), image_type: optional(int({ min: 1, max: 3 })) };
const chatParams = { file_sign: text(), ...rendering };
const avatarParams = { object_name: text(), ...rendering };

/** The two endpoints that answer bytes. Credentials are in headers or, for `<img>`, in the query. */
export function installDownloads(app: FastifyInstance, deps: Deps): void {
  app.get('/file/download/chat', (request, reply) => {
    const { file_sign: name, ...wanted } = readParams(chatParams, request.query as Record<string, unknown>);
    return download(deps, request, reply, { name, param: 'file_sign', ...wanted });
  });
  app.get('/file/download/avatar', (request, reply) => {
    const { object_name: name, ...wanted } = readParams(avatarParams, request.query as Record<string, unknown>);
    return download(deps, request, reply, { name, param: 'object_name', ...wanted });
  });
}

interface Wanted {
  name: string;
  param: string;
  format?: VoiceFormat | undefined;
  image_type?: number | undefined;
}

function download(deps: Deps, request: FastifyRequest, reply: FastifyReply, wanted: Wanted): FastifyReply {
  const { rest, faults, requests, adminToken } = deps;
  const call = openCall(rest, adminToken, request, 'user');
  const { content } = mustFindFile(call, wanted.name, wanted.param);
  if (!content.bytes) throw new RestError(10009, 'nothing was uploaded');
  const cover = wanted.image_type === undefined ? undefined : coverOf(content, wanted.image_type);
  const { bytes, contentType } = cover ?? {
    bytes: content.bytes(),
    contentType: contentTypeOf(content, wanted.format),
  };

  requests.record(request, 200);
  void reply.type(contentType);
  if (faults.transfers.ranges === false) return sendBytes(faults, reply, bytes);
  void reply.header('accept-ranges', 'bytes');
  const range = parseRange(request.headers.range, bytes.length);
  if (range === undefined) return sendBytes(faults, reply, bytes);
  if (range === 'unsatisfiable') return reply.status(416).header('content-range', `bytes */${bytes.length}`).send();
  const { start, end } = range;
  void reply.status(206).header('content-range', `bytes ${start}-${end}/${bytes.length}`);
  return sendBytes(faults, reply, bytes.subarray(start, end + 1));
}

/** One range of bytes. Undefined stands for the whole file: there is no range, or its form is unknown. */
function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return start <= end ? { start, end } : 'unsatisfiable';
}

function sendBytes(faults: Faults, reply: FastifyReply, bytes: Buffer): FastifyReply {
  return reply.header('content-length', bytes.length).send(Readable.from(paced(faults, bytes), { objectMode: false }));
}

/** Yields the bytes at the configured speed, up to the point where a fault cuts the connection. */
async function* paced(faults: Faults, bytes: Buffer): AsyncGenerator<Buffer> {
  const end = faults.takeTransfer('down')?.afterBytes ?? bytes.length;
  for (let at = 0; at < Math.min(end, bytes.length); at += CHUNK_BYTES) {
    const chunk = bytes.subarray(at, Math.min(at + CHUNK_BYTES, end));
    await keepPace(chunk.length, faults.transfers.bytesPerSecond);
    yield chunk;
  }
  if (end >= bytes.length) return;
  await soon();
  throw new Error('cut on demand');
}
