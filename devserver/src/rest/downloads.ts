import { openCall } from './call.ts';
import { VOICE_FORMATS, contentTypeOf, coverOf } from './file-rendering.ts';
import type { VoiceFormat } from './file-rendering.ts';
import { int, oneOf, optional, readParams, text } from './params.ts';
import type { RestAnswer, RestRequest } from './request.ts';
import { RestError } from './rest-error.ts';
import type { RestServerDeps } from './rest-server.ts';
import { mustFindFile } from './routes-file.ts';

const rendering = {
  format: optional(oneOf(VOICE_FORMATS, 'Format of voice.')),
  image_type: optional(int('1 the file, 2 its thumbnail, 3 its cover.', { min: 1, max: 3 })),
};
const chatParams = { file_sign: text('The sign in the URL of the file.'), ...rendering };
const avatarParams = { object_name: text('Name of the picture.'), ...rendering };

/** `GET /file/download/chat?file_sign=…`. Credentials are in headers or, for `<img>`, in the query. */
export function downloadChat(deps: RestServerDeps, request: RestRequest): RestAnswer {
  const { file_sign: name, ...wanted } = readParams(chatParams, request.query);
  return download(deps, request, { name, param: 'file_sign', ...wanted });
}

/** `GET /file/download/avatar?object_name=…`. */
export function downloadAvatar(deps: RestServerDeps, request: RestRequest): RestAnswer {
  const { object_name: name, ...wanted } = readParams(avatarParams, request.query);
  return download(deps, request, { name, param: 'object_name', ...wanted });
}

interface Wanted {
  name: string;
  param: string;
  format?: VoiceFormat | undefined;
  image_type?: number | undefined;
}

function download(deps: RestServerDeps, request: RestRequest, wanted: Wanted): RestAnswer {
  const { rest, faults, options, pictures } = deps;
  const call = openCall(rest, options.adminToken, request, 'user');
  const { content } = mustFindFile(call, wanted.name, wanted.param);
  if (!content.bytes) throw new RestError(10009, 'nothing was uploaded');
  const cover = wanted.image_type === undefined ? undefined : coverOf(content, wanted.image_type, pictures);
  const { bytes, contentType } = cover ?? {
    bytes: content.bytes(),
    contentType: contentTypeOf(content, wanted.format),
  };

  const headers = { 'content-type': contentType };
  if (faults.transfers.ranges === false) return { status: 200, headers, body: bytes };
  const range = parseRange(request.headers['range'], bytes.length);
  const ranged = { ...headers, 'accept-ranges': 'bytes' };
  if (range === undefined) return { status: 200, headers: ranged, body: bytes };
  if (range === 'unsatisfiable')
    return { status: 416, headers: { ...ranged, 'content-range': `bytes */${bytes.length}` }, body: '' };
  const { start, end } = range;
  return {
    status: 206,
    headers: { ...ranged, 'content-range': `bytes ${start}-${end}/${bytes.length}` },
    body: bytes.subarray(start, end + 1),
  };
}

/** One range of bytes. Undefined stands for the whole file: there is no range, or its form is unknown. */
function parseRange(header: unknown, size: number): { start: number; end: number } | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(String(header ?? '')) ?? [];
  if (first === undefined || last === undefined || first + last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return start <= end ? { start, end } : 'unsatisfiable';
}
