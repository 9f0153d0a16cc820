import type { DevData } from '../model/dev-data.ts';
import type { Files, UploadTarget } from '../model/files.ts';
import { fits } from './file-rendering.ts';
import type { RestRequest } from './request.ts';
import { RestError } from './rest-error.ts';

/** The path of every upload URL: the app, and the key of the target. */
const PATH = /^\/upload\/([^/]+)\/([^/]+)$/;

/** A complete upload: the fields of its form, and the file. */
export interface ArrivedUpload {
  readonly fields: Readonly<Record<string, string>>;
  readonly file: { readonly name: string; readonly contentType: string; readonly bytes: Uint8Array };
}

export const isUpload = ({ path }: RestRequest): boolean => PATH.test(path);

/** The target of an upload. */
export function mustFindTarget(data: DevData, request: RestRequest): UploadTarget {
  const target = find(data, request)?.target;
  if (!target) throw new RestError(10009, 'no such upload');
  if ((request.method === 'PUT') !== (target.style === 'put')) throw new RestError(10009, 'wrong method');
  return target;
}

/** Stores a file of which all has arrived. */
export function storeUpload(data: DevData, request: RestRequest, { fields, file }: ArrivedUpload): void {
  const found = find(data, request);
  if (!found) throw new RestError(10009, 'no such upload');
  const { files, target } = found;
  const missing = Object.keys(target.params).find((name) => fields[name] !== target.params[name]);
  if (missing !== undefined) throw new RestError(10009, missing);
  if (!fits(target.content.fileType, file.contentType)) throw new RestError(10009, `${file.contentType} does not fit`);
  files.fill(target.content, file);
}

function find(data: DevData, { path }: RestRequest): { files: Files; target: UploadTarget } | undefined {
  const [, appId = '', key = ''] = PATH.exec(path) ?? [];
  const { files } = data.app(decodeURIComponent(appId));
  const target = files.target(key);
  return target && { files, target };
}
