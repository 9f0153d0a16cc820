/** The parts of the API of WeChat's `wx` and uni-app's `uni` that are used here. */
export interface MiniProgramApi {
  readonly env?: { readonly USER_DATA_PATH?: string };
  request(options: RequestOptions): Task;
  connectSocket(options: { url: string } & Callbacks): SocketTask;
  uploadFile(options: UploadOptions): UploadTask;
  downloadFile(options: DownloadOptions): DownloadTask;
  getFileSystemManager?(): FileSystemManager;
  getStorageSync(key: string): unknown;
  setStorageSync(key: string, value: string): void;
  removeStorageSync(key: string): void;
  onNetworkStatusChange(listener: NetworkListener): void;
  offNetworkStatusChange?(listener: NetworkListener): void;
  onAppShow?(listener: () => void): void;
  offAppShow?(listener: () => void): void;
  onAppHide?(listener: () => void): void;
  offAppHide?(listener: () => void): void;
}

/** An error of the platform. Not every platform sets `errno`. */
export interface ApiFailure {
  errMsg: string;
  errno?: number;
}

/** Every call has a callback: without any, uni-app returns a promise instead of a task. */
export interface Callbacks<T = unknown> {
  success?(result: T): void;
  fail?(failure: ApiFailure): void;
}

export type NetworkListener = (status: { isConnected: boolean }) => void;

export interface Task {
  abort(): void;
}

export interface RequestOptions extends Callbacks<{ statusCode: number; data: unknown }> {
  url: string;
  method: string;
  header: Record<string, string>;
  data?: string | ArrayBuffer;
  /** Not `json`, which the platform would parse, with a loss of digits in long numbers. */
  dataType: 'text';
  timeout: number;
  /**
   * Follows no redirect: WeChat from base library 3.2.2 on. Elsewhere the platform follows redirects by itself, and nothing shows
   * it.
   */
  redirect: 'manual';
}

export interface SocketTask {
  send(options: { data: string | ArrayBuffer } & Callbacks): void;
  close(options: Callbacks): void;
  onOpen(listener: () => void): void;
  onMessage(listener: (message: { data: string | ArrayBuffer }) => void): void;
  onError(listener: (failure: Partial<ApiFailure>) => void): void;
  onClose(listener: (closed: { code?: number; reason?: string }) => void): void;
}

export interface UploadOptions extends Callbacks<{ statusCode: number; data: string }> {
  url: string;
  filePath: string;
  /** Name of the form's field. */
  name: string;
  formData: Record<string, string>;
  timeout: number;
}

interface UploadTask extends Task {
  onProgressUpdate(listener: (progress: { totalBytesSent: number; totalBytesExpectedToSend: number }) => void): void;
}

export interface DownloadOptions extends Callbacks<{ statusCode: number; tempFilePath: string }> {
  url: string;
  timeout: number;
}

interface DownloadTask extends Task {
  onProgressUpdate(
    listener: (progress: { totalBytesWritten: number; totalBytesExpectedToWrite: number }) => void,
  ): void;
  onHeadersReceived?(listener: (answer: { header: Record<string, string> }) => void): void;
}

export interface FileSystemManager {
  readFile(options: { filePath: string; position?: number; length?: number } & Callbacks<{ data: ArrayBuffer }>): void;
  writeFile(options: { filePath: string; data: string; encoding: 'utf8' } & Callbacks): void;
  /** Fails when there is no such file. */
  appendFile(options: { filePath: string; data: string; encoding: 'utf8' } & Callbacks): void;
  /** Whether it replaces a file at the new path is not documented. */
  rename(options: { oldPath: string; newPath: string } & Callbacks): void;
  copyFile(options: { srcPath: string; destPath: string } & Callbacks): void;
  /** Moves a temporary file. */
  saveFile(options: { tempFilePath: string; filePath: string } & Callbacks): void;
  unlink(options: { filePath: string } & Callbacks): void;
  readdir(options: { dirPath: string } & Callbacks<{ files: string[] }>): void;
  mkdir(options: { dirPath: string; recursive: true } & Callbacks): void;
  rmdir(options: { dirPath: string; recursive: true } & Callbacks): void;
  statSync(path: string): { size: number };
}

/** Makes a promise of a call with callbacks. It rejects with an Error that has the platform's message and `errno`. */
export function answerOf<T>(call: (callbacks: Callbacks<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call({ success: resolve, fail: (failure) => reject(errorOf(failure)) });
  });
}

/** @returns the answer, or undefined when there is no such file */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
}

export const isMissing = (error: unknown): boolean =>
  (error as ApiFailure).errno === 1300002 || /no such file|not exist/i.test((error as Error).message);

/** An error for a full disk gets the name by which the store recognises it. */
function errorOf({ errMsg, errno }: ApiFailure): Error {
  const isFull = errno === 1300202 || /storage limit|no space/i.test(errMsg);
  return Object.assign(new Error(errMsg), { errno }, isFull && { name: 'QuotaExceededError' });
}
