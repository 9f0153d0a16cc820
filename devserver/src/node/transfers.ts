import { Readable } from 'node:stream';
import { setImmediate as soon, setTimeout as sleep } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import type { Faults } from '../faults.ts';
import type { UploadTarget } from '../model/files.ts';
import { RestError } from '../rest/rest-error.ts';
import type { ArrivedUpload } from '../rest/uploads.ts';

const CHUNK_BYTES = 16 * 1024;

interface Incoming {
  request: FastifyRequest;
  faults: Faults;
  maxBytes: number;
}

/** Reads an upload. The result resolves with undefined if the client or a fault ended the connection before. */
export const receiveUpload =
  (incoming: Incoming) =>
  async (target: UploadTarget): Promise<ArrivedUpload | undefined> => {
    const body = await receive(incoming);
    if (!body) return undefined;
    return target.style === 'put' ? asPut(incoming.request, body) : asForm(incoming.request, body);
  };

async function receive({ request: { raw }, faults, maxBytes }: Incoming): Promise<Buffer | undefined> {
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

function asPut(request: FastifyRequest, bytes: Buffer): ArrivedUpload {
  return { fields: {}, file: { name: '', contentType: request.headers['content-type'] ?? '', bytes } };
}

/** The file is the last part, because an object store ignores every part after it. */
async function asForm(request: FastifyRequest, body: Buffer): Promise<ArrivedUpload> {
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

/** The bytes at the configured speed, up to the point where a fault cuts the connection. */
export const sendFile = (faults: Faults, bytes: Uint8Array): Readable =>
  Readable.from(paced(faults, bytes), { objectMode: false });

async function* paced(faults: Faults, bytes: Uint8Array): AsyncGenerator<Uint8Array> {
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

/** Waits for as long as this many bytes take. The timer does not keep the process alive after the server has closed. */
async function keepPace(bytes: number, bytesPerSecond: number | undefined): Promise<void> {
  if (bytesPerSecond) await sleep((bytes / bytesPerSecond) * 1000, undefined, { ref: false });
}
