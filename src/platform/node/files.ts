import { request as openHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as openHttps } from 'node:https';
import type { FileTransfer, HttpResponse, OnTransferred, UploadRequest } from '../ports.ts';
import { abortable, isRedirect, MAX_ANSWER_BYTES, redirected, tooLarge } from '../web-api/http.ts';
import { blobs, fetchDownload, memorySink } from '../web-api/files.ts';
import { fileAt, piecesOf, sinkTo } from './path-file.ts';

/** Files of a Node process: paths, `Blob`s and bytes. */
export const nodeFiles: FileTransfer = {
  ...blobs,
  open: (input) => (typeof input === 'string' ? fileAt(input) : blobs.open(input)),
  download: (request, onProgress) =>
    fetchDownload(request, onProgress, (path) => (path === undefined ? memorySink() : sinkTo(path))),
  upload: (request, onProgress) => abortable(async ({ signal }) => upload(request, onProgress, signal!)),
};

/** Not with `fetch`: it reports no progress of an upload and sends no length of a stream, which object stores require. */
async function upload(request: UploadRequest, onProgress: OnTransferred, signal: AbortSignal): Promise<HttpResponse> {
  const { url, method, file } = request;
  const { head, tail, type } = method === 'PUT' ? { head: '', tail: '', type: file.type } : formOf(request);
  const before = Buffer.from(head);
  const after = Buffer.from(tail);
  const outgoing = (url.startsWith('https:') ? openHttps : openHttp)(url, {
    method,
    signal,
    headers: {
      ...(type && { 'content-type': type }),
      'content-length': before.length + file.size + after.length,
    },
  });
  const answer = new Promise<HttpResponse>((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const { statusCode: status = 0 } = response;
      if (isRedirect(status)) reject(redirected());
      else textOf(response).then((body) => resolve({ status, body }), reject);
    });
  });
  // Resolves when the system has the bytes: their memory may be used again.
  const send = async (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      outgoing.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  const sendAll = async (): Promise<void> => {
    await send(before);
    let sent = 0;
    for await (const bytes of piecesOf(file)) {
      await send(bytes);
      onProgress((sent += bytes.length), file.size);
    }
    if (sent !== file.size) throw new Error('the file is shorter than it was');
    outgoing.end(after);
  };
  // The server may answer before everything is sent, for example with a refusal.
  return Promise.race([answer, sendAll().then(() => answer)]).finally(() => outgoing.destroy());
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** The parts of a form before and after the file. */
function formOf({ fields, file, name }: UploadRequest): { head: string; tail: string; type: string } {
  const boundary = `----flooim${Math.random().toString(36).slice(2)}${Date.now()}`;
  const part = (key: string, more = ''): string =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(key)}"${more}\r\n`;
  const plain = Object.entries(fields).map(([key, value]) => `${part(key)}\r\n${value}\r\n`);
  const fileHead = part('file', `; filename="${escaped(name)}"`);
  return {
    head: `${plain.join('')}${fileHead}Content-Type: ${file.type || 'application/octet-stream'}\r\n\r\n`,
    tail: `\r\n--${boundary}--\r\n`,
    type: `multipart/form-data; boundary=${boundary}`,
  };
}

/** A name as browsers write it in a form. */
const escaped = (name: string): string =>
  name.replace(/[\r\n"]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
