/** A file shared in a group (api-surface 4.9). */
export interface SharedFile {
  file_id: number;
  group_id: number;
  name: string;
  /** Bytes. */
  size: number;
  type?: string;
  url: string;
  uploader: number;
  /** ms since 1970. */
  created_at: number;
  updated_at: number;
}

export interface FileResult {
  file_id: number;
  result: 'success' | 'fail';
  reason?: string;
}

/** Where a file may be uploaded to, and where it is afterwards. */
export interface UploadTicket {
  upload_url: string;
  download_url: string;
  upload_method?: 'POST' | 'PUT';
  /** Fields to send before the file. */
  oss_body_param?: Record<string, string>;
}

/** What ends a transfer: an `AbortSignal`, or any object of its shape where there is none. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener?(type: 'abort', listener: () => void): void;
}

/** How far a transfer is, in bytes; told only where the total is known. */
export interface TransferProgress {
  loaded: number;
  total: number;
}
