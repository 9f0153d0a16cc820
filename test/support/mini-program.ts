import { Buffer } from 'node:buffer';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as openHttp } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import WebSocket from 'ws';
import type {
  Callbacks,
  DownloadOptions,
  MiniProgramApi,
  NetworkListener,
  RequestOptions,
  SocketTask,
  UploadOptions,
} from '../../src/platform/mini-program/api.ts';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { fileAt } from '../../src/platform/node/path-file.ts';
import type { Transfer } from '../../src/platform/ports.ts';
import { wrongly } from './fakes.ts';
import { createFileSystemManager, realPath, tempPath, USER_DATA_PATH } from './mini-program-files.ts';
import type { PhoneDisk } from './mini-program-files.ts';

/** What a platform that refuses to connect returns: nothing, although its types promise a task. */
const NO_TASK: SocketTask = wrongly(undefined);

/** What the documentation allows one app. */
const MAX_SOCKETS = 5;
const STORAGE_VALUE_BYTES = 1024 * 1024;

/** A phone with one mini-program: what stays when the app is closed. */
export interface Phone {
  readonly disk: PhoneDisk;
  readonly storage: Map<string, unknown>;
  /** Starts the app again: temporary files are gone, and whatever the last run had open. */
  launch(): MiniProgramRun;
  remove(): void;
}

/** The app from its start to its end. */
export interface MiniProgramRun {
  /** `wx`, or `uni`: with one difference, that its calls answer with a promise when they get no callback. */
  readonly api: MiniProgramApi;
  /** What else ends with the app. */
  readonly timers: Pick<typeof globalThis, 'setTimeout' | 'clearTimeout' | 'setInterval' | 'clearInterval'>;
  readonly hasEnded: boolean;
  /** Sockets that are open, or opening, now; and the most there ever were. */
  readonly sockets: { now: number; most: number; opened: number };
  /** Breaks every socket without a word, as a network that changes does. */
  cutSockets(): void;
  show(): void;
  hide(): void;
  /** The network comes or goes; without it nothing gets through. */
  network(isConnected: boolean): void;
  /** Listeners of the app's events that are bound. */
  listeners(): number;
  /** Kills it: no timer runs and no call is answered any more, and what is called does nothing. */
  end(): void;
}

export function createPhone(kind: 'wx' | 'uni' = 'wx'): Phone {
  const folder = mkdtempSync(join(tmpdir(), 'flooim-phone-'));
  mkdirSync(join(folder, 'usr'));
  const disk: PhoneDisk = { folder, quotaBytes: 200 << 20, renameReplaces: true, fault: () => undefined, calls: [] };
  const storage = new Map<string, unknown>();
  let run: MiniProgramRun | undefined;
  return {
    disk,
    storage,
    launch() {
      run?.end();
      rmSync(join(folder, 'tmp'), { recursive: true, force: true });
      mkdirSync(join(folder, 'tmp'));
      run = startRun(kind, disk, storage);
      return run;
    },
    remove() {
      run?.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startRun(kind: 'wx' | 'uni', disk: PhoneDisk, storage: Map<string, unknown>): MiniProgramRun {
  const open = new Set<WebSocket>();
  const sockets = { now: 0, most: 0, opened: 0 };
  const shows = new Set<() => void>();
  const hides = new Set<() => void>();
  const networks = new Set<NetworkListener>();
  let isOnline = true;
  /** Where a URL leads: without a network to where nobody listens. */
  const reach = (url: string): string => (isOnline ? url : url.replace(/^(\w+:\/\/)[^/]+/, '$1127.0.0.1:2'));
  let hasEnded = false;
  const mortals = new WeakMap<object, (...given: unknown[]) => unknown>();
  const files = untilEnd(createFileSystemManager(disk));

  const own: MiniProgramApi = {
    env: { USER_DATA_PATH },
    // uni-app has no such option.
    request: (options) => request({ ...options, url: reach(options.url) }, kind === 'uni' || !options.redirect),
    connectSocket({ url, fail }) {
      if (!/^wss?:\/\//.test(url)) {
        later(() => fail?.({ errMsg: 'connectSocket:fail url scheme is invalid' }));
        return NO_TASK;
      }
      if (open.size >= MAX_SOCKETS) {
        later(() => fail?.({ errMsg: 'connectSocket:fail exceed max task count' }));
        return NO_TASK;
      }
      const socket = new WebSocket(reach(url));
      open.add(socket);
      sockets.opened++;
      sockets.now = open.size;
      sockets.most = Math.max(sockets.most, open.size);
      socket.on('close', () => {
        open.delete(socket);
        sockets.now = open.size;
      });
      return socketTask(socket);
    },
    uploadFile: (options) => uploadFile(disk, { ...options, url: reach(options.url) }),
    downloadFile: (options) => downloadFile(disk, { ...options, url: reach(options.url) }),
    getFileSystemManager: () => files,
    // A key that was never set is an empty text.
    getStorageSync: (key) => structuredClone(storage.get(key) ?? ''),
    setStorageSync(key, value) {
      if (JSON.stringify(value).length > STORAGE_VALUE_BYTES)
        throw new Error('setStorageSync:fail entry size limit reached');
      storage.set(key, structuredClone(value));
    },
    removeStorageSync: (key) => void storage.delete(key),
    onNetworkStatusChange: (listener) => void networks.add(listener),
    offNetworkStatusChange: (listener) => void networks.delete(listener),
    onAppShow: (listener) => void shows.add(listener),
    offAppShow: (listener) => void shows.delete(listener),
    onAppHide: (listener) => void hides.add(listener),
    offAppHide: (listener) => void hides.delete(listener),
  };
  const api = untilEnd(kind === 'uni' ? withPromises(own) : own);

  /** The same object, dead when the app is. */
  function untilEnd<T extends object>(of: T): T {
    const dead = (run: unknown): unknown => {
      if (typeof run !== 'function') return run;
      const alive = run as (...given: unknown[]) => unknown;
      // Always the same: who is bound is unbound by it.
      const known = mortals.get(run) ?? ((...given) => (hasEnded ? undefined : alive(...given.map(silenced))));
      mortals.set(run, known);
      return known;
    };
    /** Callbacks that are not called any more. */
    const silenced = (given: unknown): unknown => {
      if (typeof given === 'function') return dead(given);
      if (typeof given !== 'object' || given === null || !('success' in given || 'fail' in given)) return given;
      return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, dead(value)]));
    };
    return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, dead(value)])) as T;
  }

  const cutSockets = (): void => open.forEach((socket) => socket.terminate());
  const started = new Set<NodeJS.Timeout>();
  const start = (timer: NodeJS.Timeout): NodeJS.Timeout => {
    if (hasEnded) clearTimeout(timer);
    started.add(timer);
    return timer;
  };
  return {
    api,
    timers: {
      setTimeout: ((run: () => void, delayMs?: number) => start(setTimeout(run, delayMs))) as typeof setTimeout,
      setInterval: ((run: () => void, delayMs?: number) => start(setInterval(run, delayMs))) as typeof setInterval,
      clearTimeout,
      clearInterval,
    },
    get hasEnded() {
      return hasEnded;
    },
    sockets,
    cutSockets,
    show: () => [...shows].forEach((listener) => listener()),
    hide: () => [...hides].forEach((listener) => listener()),
    network(isConnected) {
      isOnline = isConnected;
      if (!isConnected) cutSockets();
      [...networks].forEach((listener) => listener({ isConnected }));
    },
    listeners: () => shows.size + hides.size + networks.size,
    end() {
      hasEnded = true;
      started.forEach((timer) => clearTimeout(timer));
      for (const set of [shows, hides, networks]) set.clear();
      cutSockets();
    },
  };
}

/** uni-app: who gives no callback gets a promise, and no task. */
function withPromises(api: MiniProgramApi): MiniProgramApi {
  const wrap =
    <O extends Callbacks<never>, T>(call: (options: O) => T) =>
    (options: O): T => {
      if (options.success ?? options.fail) return call(options);
      return new Promise((resolve, reject) => {
        call({ ...options, success: resolve, fail: reject });
      }) as T;
    };
  return {
    ...api,
    request: wrap(api.request),
    connectSocket: wrap(api.connectSocket),
    uploadFile: wrap(api.uploadFile),
    downloadFile: wrap(api.downloadFile),
  };
}

function request(options: RequestOptions, followsRedirects: boolean): { abort(): void } {
  const { url, method, header, data, success, fail } = options;
  const abort = new AbortController();
  const headers = { 'content-type': 'application/json', ...header };
  const failed = (error: unknown): void =>
    later(() => fail?.({ errMsg: `request:fail ${abort.signal.aborted ? 'abort' : String(error)}` }));
  try {
    const outgoing = openHttp(url, { method, headers, signal: abort.signal }, (response) => {
      const { location } = response.headers;
      if (followsRedirects && location !== undefined) {
        request({ ...options, url: new URL(location, url).href }, true);
        return;
      }
      text(response).then((body) => success?.({ statusCode: response.statusCode ?? 0, data: body }), failed);
    });
    outgoing.on('error', failed);
    outgoing.end(data === undefined ? undefined : Buffer.from(data as string));
  } catch (error) {
    failed(error);
  }
  return { abort: () => abort.abort() };
}

function socketTask(socket: WebSocket): SocketTask {
  socket.binaryType = 'arraybuffer';
  const refused = (fail: Callbacks['fail'], what: string): void =>
    later(() => fail?.({ errMsg: `${what}:fail SocketTask.readyState is not OPEN` }));
  return {
    send({ data, success, fail }) {
      if (socket.readyState !== WebSocket.OPEN) {
        refused(fail, 'sendSocketMessage');
        return;
      }
      if (typeof data !== 'string' && Object.prototype.toString.call(data) !== '[object ArrayBuffer]') {
        later(() => fail?.({ errMsg: 'sendSocketMessage:fail data is neither text nor ArrayBuffer' }));
        return;
      }
      socket.send(typeof data === 'string' ? data : Buffer.from(data), (error) => {
        if (error) fail?.({ errMsg: `sendSocketMessage:fail ${error.message}` });
        else success?.({});
      });
    },
    close({ success, fail }) {
      if (socket.readyState === WebSocket.CONNECTING) {
        refused(fail, 'closeSocket');
        return;
      }
      socket.close();
      later(() => success?.({}));
    },
    onOpen: (listener) => socket.on('open', () => listener()),
    onMessage: (listener) =>
      socket.on('message', (data, isBinary) =>
        listener({ data: isBinary ? (data as ArrayBuffer) : Buffer.from(data as ArrayBuffer).toString() }),
      ),
    onError: (listener) => socket.on('error', ({ message }) => listener({ errMsg: message })),
    onClose: (listener) => socket.on('close', (code, reason) => listener({ code, reason: reason.toString() })),
  };
}

function uploadFile(disk: PhoneDisk, options: UploadOptions): ReturnType<MiniProgramApi['uploadFile']> {
  const { url, filePath, name, formData, success, fail } = options;
  const progress = new Set<Parameters<ReturnType<MiniProgramApi['uploadFile']>['onProgressUpdate']>[0]>();
  let transfer: Transfer<{ status: number; body: string }> | undefined;
  if (name !== 'file') throw new Error('only fields called file here');
  try {
    const file = fileAt(realPath(disk, filePath));
    transfer = nodeFiles.upload(
      { url, method: 'POST', fields: formData, file, name: filePath.split('/').at(-1)! },
      (totalBytesSent) =>
        progress.forEach((listener) => listener({ totalBytesSent, totalBytesExpectedToSend: file.size })),
    );
    answer(transfer, 'uploadFile', ({ status, body }) => success?.({ statusCode: status, data: body }), fail);
  } catch (error) {
    later(() => fail?.({ errMsg: `uploadFile:fail ${String(error)}` }));
  }
  return { abort: () => transfer?.cancel(), onProgressUpdate: (listener) => void progress.add(listener) };
}

function downloadFile(disk: PhoneDisk, options: DownloadOptions): ReturnType<MiniProgramApi['downloadFile']> {
  type Download = ReturnType<MiniProgramApi['downloadFile']>;
  const { url, success, fail } = options;
  const progress = new Set<Parameters<Download['onProgressUpdate']>[0]>();
  const headers = new Set<Parameters<NonNullable<Download['onHeadersReceived']>>[0]>();
  const transfer = nodeFiles.download({ url, hasToken: false }, (totalBytesWritten, total = 0) =>
    progress.forEach((listener) => listener({ totalBytesWritten, totalBytesExpectedToWrite: total })),
  );
  const save = async ({ status, file }: Awaited<typeof transfer.result>): Promise<void> => {
    headers.forEach((listener) => listener({ header: { 'Content-Type': file.type } }));
    const tempFilePath = tempPath(`download-${Math.random().toString(36).slice(2)}${extname(new URL(url).pathname)}`);
    writeFileSync(realPath(disk, tempFilePath), new Uint8Array(await file.slice(0, file.size).arrayBuffer()));
    success?.({ statusCode: status, tempFilePath });
  };
  answer(transfer, 'downloadFile', (got) => void save(got), fail);
  return {
    abort: () => transfer.cancel(),
    onProgressUpdate: (listener) => void progress.add(listener),
    onHeadersReceived: (listener) => void headers.add(listener),
  };
}

function answer<T>(transfer: Transfer<T>, what: string, done: (result: T) => void, fail: Callbacks['fail']): void {
  transfer.result.then(done, (error: unknown) => fail?.({ errMsg: `${what}:fail ${String(error)}` }));
}

/** No answer comes before its call has returned. */
function later(run: () => void): void {
  setImmediate(run);
}
