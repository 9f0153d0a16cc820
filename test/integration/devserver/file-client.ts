import { expect } from 'vitest';
import { APP_ID } from './harness.ts';
import type { Room, TestUser } from './harness.ts';

/** Where to put a file, and where it is then. */
export interface Upload {
  upload_url: string;
  upload_method: 'POST' | 'PUT';
  download_url: string;
  oss_body_param: Record<string, string>;
}

export const CONTENT = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
/** The bytes as text, one character each: vitest compares long buffers slowly. */
export const TEXT = CONTENT.toString('latin1');
const IMAGE = 102;

export function form(
  { oss_body_param }: Upload,
  file = new Blob([CONTENT], { type: 'image/png' }),
  name = 'a.png',
): FormData {
  const data = new FormData();
  for (const [field, value] of Object.entries(oss_body_param)) data.append(field, value);
  data.append('file', file, name);
  return data;
}

export async function target(from: TestUser, to: TestUser, fileType = IMAGE): Promise<Upload> {
  return (await from.get('/file/upload/chat', { file_type: fileType, to_id: to.id, to_type: 1 })).data;
}

export async function put(
  { upload_url, upload_method }: Upload,
  body: BodyInit,
  signal?: AbortSignal,
): Promise<unknown> {
  return (await fetch(upload_url, { method: upload_method, body, ...(signal && { signal }) })).json();
}

/** As an `<img>` asks: credentials in the query, among the deployed client's other parameters. */
export function download(url: string, who: TestUser, query = '', init: RequestInit = {}): Promise<Response> {
  return fetch(`${url}&access-token=${who.token}&app_id=${APP_ID}${query}`, init);
}

export async function textOf(response: Response): Promise<string> {
  return Buffer.from(await response.arrayBuffer()).toString('latin1');
}

export async function uploaded(room: Room, fileType = IMAGE): Promise<{ alice: TestUser; bob: TestUser; url: string }> {
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  const upload = await target(alice, bob, fileType);
  expect(await put(upload, form(upload))).toEqual({ code: 200, data: true });
  return { alice, bob, url: upload.download_url };
}
