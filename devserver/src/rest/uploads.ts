import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Faults } from '../faults.ts';
import type { DevData } from '../model/dev-data.ts';
import type { UploadTarget } from '../model/files.ts';
import { fits } from './file-rendering.ts';
import type { RequestLog } from './request-log.ts';
import { RestError } from './rest-error.ts';

interface Deps {
  data: DevData;
  faults: Faults;
  requests: RequestLog;
  maxBytes: number;
}

/** A complete upload: the fields for the log, the file for the store. */
interface Arrived {
  readonly fields: Readonly<Record<string, string>>;
  readonly file: { readonly name: string; readonly contentType: string; readonly bytes: Buffer };
}

/** The endpoints of upload URLs. A file is stored only when all of it has arrived. */
export function installUploads(app: FastifyInstance, deps: Deps): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The body stays a stream, to be read as slowly as a test wants.
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.route({
      method: ['POST', 'PUT'],
      url: '/upload/:appId/:key',
      handler: (request, reply) => upload(deps, request, reply),
    });
  });
}

async function upload(deps: Deps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { appId, key } = request.params as { appId: string; key: string };
  const { files } = deps.data.app(appId);
  const target = files.target(key);
  if (!target) throw new RestError(10009, 'no such upload');
  if ((request.method === 'PUT') !== (target.style === 'put')) throw new RestError(10009, 'wrong method');
  const body = await receive(deps, request);
  if (!body) {
    deps.requests.record(request, undefined);
    return reply.hijack();
  }
  const { fields, file } = target.style === 'put' ? asPut(request, body) : await asForm(request, body);
  mustCarry(fields, target);
  if (!fits(target.content.fileType, file.contentType)) throw new RestError(10009, `${file.contentType} does not fit`);
  files.fill(target.content, file);
  const { name, contentType, bytes } = file;
  deps.requests.record(request, 200, { fields, file: { name, contentType, size: bytes.length } });
  return reply.send(target.style === 'oss' ? { Status: 'OK' } : { code: 200, data: true });
}

/** The whole body; undefined if the client or a fault ended the connection before. */
async function receive({ faults, maxBytes }: Deps, { raw }: FastifyRequest): Promise<Buffer | undefined> {
  const tooLarge = new RestError(10009, `more than ${maxBytes} bytes`);
  if (Number(raw.headers['content-length'] ?? 0) > maxBytes) throw tooLarge;
  const cut = faults.takeTransfer('up');
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // The rest of a refused body is read and dropped, so that the client sees the answer.
    for await (const chunk of raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (cut && size >= cut.afterBytes) raw.destroy();
      if (size > maxBytes) throw tooLarge;
      await keepPace(chunk.length, faults.transfers.bytesPerSecond);
    }
  } catch (error) {
    if (error instanceof RestError) throw error;
    return undefined;
  }
  return raw.complete ? Buffer.concat(chunks) : undefined;
}

function asPut(request: FastifyRequest, bytes: Buffer): Arrived {
  return { fields: {}, file: { name: '', contentType: request.headers['content-type'] ?? '', bytes } };
}

/** The file is the last part, because an object store ignores every part after it. */
async function asForm(request: FastifyRequest, body: Buffer): Promise<Arrived> {
  const form = new Response(new Uint8Array(body), {
    headers: { 'content-type': request.headers['content-type'] ?? '' },
  });
  let parts: [string, File | string][];
  try {
    parts = [...(await form.formData())] as [string, File | string][];
  } catch {
    throw new RestError(10009, 'the body is not a multipart form');
  }
  const [name, file] = parts.pop() ?? ['', ''];
  if (name !== 'file' || typeof file === 'string')
    throw new RestError(10009, 'the last part is not a file named "file"');
  const fields = Object.fromEntries(parts.filter((part): part is [string, string] => typeof part[1] === 'string'));
  return { fields, file: { name: file.name, contentType: file.type, bytes: Buffer.from(await file.arrayBuffer()) } };
}

function mustCarry(fields: Readonly<Record<string, string>>, { params }: UploadTarget): void {
  const missing = Object.keys(params).find((name) => fields[name] !== params[name]);
  if (missing !== undefined) throw new RestError(10009, missing);
}

/** Waits for as long as this many bytes take. The timer does not keep the process alive after the server has closed. */
export async function keepPace(bytes: number, bytesPerSecond: number | undefined): Promise<void> {
  if (bytesPerSecond) await sleep((bytes / bytesPerSecond) * 1000, undefined, { ref: false });
}
