import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMiniProgramFiles } from '../../../../src/platform/mini-program/files.ts';
import { createMiniProgramKvProvider } from '../../../../src/platform/mini-program/index.ts';
import { createUserFolder } from '../../../../src/platform/mini-program/user-folder.ts';
import type { FileBody, FileTransfer, UploadRequest } from '../../../../src/platform/ports.ts';
import { bytesOf, sameBytes } from '../../../support/file-bytes.ts';
import { putTempFile, storageLimit } from '../../../support/mini-program-files.ts';
import { createPhone } from '../../../support/mini-program.ts';
import type { MiniProgramRun, Phone } from '../../../support/mini-program.ts';

let phone: Phone;
let run: MiniProgramRun;
let files: FileTransfer;
let server: Server;
let url: string;
let respond: (request: IncomingMessage, response: ServerResponse) => void;

const openFiles = (): FileTransfer => createMiniProgramFiles(run.api, createUserFolder(run.api));

beforeEach(async () => {
  phone = createPhone();
  run = phone.launch();
  files = openFiles();
  server = createServer((request, response) => respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  phone.remove();
});

const temp = (name: string, bytes: Uint8Array = bytesOf(10)): string => putTempFile(phone.disk, name, bytes);
const contentOf = async (file: FileBody): Promise<Uint8Array> =>
  new Uint8Array(await file.slice(0, file.size).arrayBuffer());

describe('a file', () => {
  test('is a path, or the answer of a picker', () => {
    const path = temp('a.JPG');
    expect(files.open(path)).toMatchObject({ path, name: 'a.JPG', size: 10, type: 'image/jpeg' });
    expect(files.open({ tempFilePath: path, size: 10, fileType: 'image' })).toMatchObject({ path, size: 10 });
    // Temporary paths without an extension are what their picker names.
    const bare = temp('4711');
    expect(files.open({ tempFilePath: bare, size: 10, fileType: 'image' })).toMatchObject({ type: 'image/jpeg' });
    expect(files.open({ tempFilePath: bare, size: 10, fileType: 'video' })).toMatchObject({ type: 'video/mp4' });
    expect(files.open({ path: bare, size: 10, type: 'video' })).toMatchObject({ type: 'video/mp4' });
    expect(files.open({ path: bare, size: 10, type: 'image/png' })).toMatchObject({ type: 'image/png' });
    expect(files.open({ path: bare, size: 10, type: 'file' })).toMatchObject({ type: '' });
    const message = { path: temp('0815'), name: 'talk.mp3', size: 10, type: 'file' };
    expect(files.open(message)).toMatchObject({ name: 'talk.mp3', type: 'audio/mpeg' });
    expect(files.open(temp('b.pdf'))).toMatchObject({ type: 'application/pdf' });
    expect(files.open(temp('b.unknown'))).toMatchObject({ type: '' });
  });

  test.each([undefined, null, 7, '', {}, { path: 7 }, { path: '' }, new Uint8Array(1)])('is not %j', (input) => {
    expect(files.open(input)).toBeUndefined();
  });

  test('that does not exist is refused', () => {
    expect(() => files.open('wxfile://tmp/none.jpg')).toThrow('no such file');
  });

  test('is read in parts', async () => {
    const file = files.open(temp('a', Uint8Array.of(1, 2, 3, 4, 5)))!;
    const part = async (from: number, to: number): Promise<number[]> => [
      ...new Uint8Array(await file.slice(from, to).arrayBuffer()),
    ];
    expect(await Promise.all([part(1, 3), part(0, 5), part(2, 2)])).toEqual([[2, 3], [1, 2, 3, 4, 5], []]);
  });
});

describe('an upload', () => {
  const request = (more: Partial<UploadRequest> = {}): UploadRequest => ({
    url,
    method: 'POST',
    fields: { policy: 'p', key: 'k' },
    file: files.open(temp('a.png', bytesOf(200_000)))!,
    name: 'a.png',
    ...more,
  });

  test('sends a form with its fields and the file, reports progress, and resolves with any status', async () => {
    let form = '';
    respond = (incoming, response) => {
      void buffer(incoming).then((body) => {
        form = `${String(incoming.headers['access-token'])} ${body.toString('latin1')}`;
        response.writeHead(403).end('{"no":1}');
      });
    };
    const progress: [number, number | undefined][] = [];
    const answer = await files.upload(request(), (...moved) => progress.push(moved)).result;
    expect(answer).toEqual({ status: 403, body: '{"no":1}' });
    expect(form).toMatch(/^undefined [^]*name="policy"\r\n\r\np\r\n[^]*name="key"[^]*name="file"; filename="a.png"/);
    expect(progress.at(-1)).toEqual([200_000, 200_000]);
  });

  test('by PUT sends only the bytes', async () => {
    const bytes = bytesOf(5000);
    let got: Buffer | undefined;
    let type: string | undefined;
    respond = (incoming, response) => {
      type = incoming.headers['content-type'];
      void buffer(incoming).then((body) => {
        got = body;
        response.end('done');
      });
    };
    const file = files.open(temp('put.png', bytes))!;
    const answer = await files.upload(request({ method: 'PUT', file }), () => undefined).result;
    expect(answer).toEqual({ status: 200, body: 'done' });
    expect(type).toBe('image/png');
    sameBytes(got!, bytes);
  });

  test.each(['POST', 'PUT'] as const)(
    'by %s rejects when it is cancelled or the host is unreachable',
    async (method) => {
      const reached = new Promise<void>((resolve) => (respond = () => resolve()));
      const transfer = files.upload(request({ method }), () => undefined);
      await reached;
      transfer.cancel();
      await expect(transfer.result).rejects.toMatchObject({ kind: 'unreachable' });
      const nobody = files.upload(request({ method, url: 'http://127.0.0.1:2' }), () => undefined);
      await expect(nobody.result).rejects.toMatchObject({ kind: 'unreachable' });
    },
  );
});

describe('a download', () => {
  const bytes = bytesOf(100_000);
  beforeEach(() => {
    respond = (_, response) =>
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': bytes.length }).end(bytes);
  });

  test('gives a temporary file with the type that the server named', async () => {
    const progress: (number | undefined)[] = [];
    const { status, file } = await files.download({ url, hasToken: false }, (...moved) => progress.push(...moved))
      .result;
    expect({ status, type: file.type }).toEqual({ status: 200, type: 'image/png' });
    sameBytes(await contentOf(file), bytes);
    expect(progress.slice(-2)).toEqual([100_000, 100_000]);
  });

  test('to a path replaces the file there; a refused download leaves it', async () => {
    const path = `${run.api.env!.USER_DATA_PATH}/mine.png`;
    for (const size of [10, 20]) {
      respond = (_, response) => response.end(bytesOf(size));
      const { file } = await files.download({ url, path, hasToken: false }, () => undefined).result;
      expect(file).toMatchObject({ path, size });
    }
    respond = (_, response) => response.writeHead(404).end('{}');
    const { status } = await files.download({ url, path, hasToken: false }, () => undefined).result;
    expect(status).toBe(404);
    sameBytes(await contentOf(files.open(path)!), bytesOf(20));
  });

  test('that is cancelled rejects', async () => {
    const reached = new Promise<void>((resolve) => (respond = () => resolve()));
    const transfer = files.download({ url, hasToken: false }, () => undefined);
    await reached;
    transfer.cancel();
    await expect(transfer.result).rejects.toMatchObject({ kind: 'unreachable' });
  });
});

describe('a shelf', () => {
  const about = { size: 10, type: 'image/png' };

  test('has its files when the app starts again, and removes those that no message needs', async () => {
    const shelf = files.shelf!('db', () => []);
    await shelf.keep('1', files.open(temp('a.png'))!);
    await shelf.keep('17', files.open(temp('b'))!);
    await shelf.keep('9', files.open(temp('c.png'))!);
    await shelf.drop('9');
    run = phone.launch();
    files = openFiles();
    const next = files.shelf!('db', () => ['1', '9']);
    const kept = (await next.load('1', about))!;
    expect(kept).toMatchObject({ path: expect.stringMatching(/\/1\.png$/), ...about });
    sameBytes(await contentOf(kept), bytesOf(10));
    expect(await Promise.all(['9', '17'].map(async (key) => next.load(key, about)))).toEqual([undefined, undefined]);
    expect(await next.load('1', { ...about, size: 11 })).toBeUndefined();
  });

  test('that is full keeps nothing and does not throw', async () => {
    phone.disk.fault = (method) => (method === 'copyFile' ? storageLimit(method) : undefined);
    const shelf = files.shelf!('db', () => []);
    await shelf.keep('1', files.open(temp('a.png'))!);
    expect(await shelf.load('1', about)).toBeUndefined();
  });

  test('goes with the database of its name', async () => {
    const shelf = files.shelf!('db', () => ['1']);
    await shelf.keep('1', files.open(temp('a.png'))!);
    await createMiniProgramKvProvider(createUserFolder(run.api)).drop('db');
    expect(await shelf.load('1', about)).toBeUndefined();
  });
});
