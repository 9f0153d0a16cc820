/** A file that is shared in a group. */
export interface SharedFile {
  /** Id of the shared file. */
  file_id: number;
  /** The group. */
  group_id: number;
  /** File name to show. */
  name: string;
  /** Size in bytes. */
  size: number;
  /** What the uploader gave as its type. */
  type?: string;
  /** Where it is stored. `sysManage.getChatFile({ url })` adds what a download needs. */
  url: string;
  /** User id of the member who shared it. */
  uploader: number;
  /** When it was shared, ms since 1970. */
  created_at: number;
  /** When it last changed, ms since 1970. */
  updated_at: number;
}

/** The outcome for one file of a list. */
export interface FileResult {
  /** Id of the shared file. */
  file_id: number;
  /** Whether the call worked for this file. */
  result: 'success' | 'fail';
  /** The server's reason when it failed. */
  reason?: string;
}

/** Where to upload a file, and its URL afterwards. */
export interface UploadTicket {
  /** URL to send the file to. */
  upload_url: string;
  /** URL of the uploaded file, for a message, an avatar or a shared file. */
  download_url: string;
  /**
   * `POST`: as a multipart form. `PUT`: the bytes alone.
   * @default 'POST'
   */
  upload_method?: 'POST' | 'PUT';
  /** Form fields that have to come before the file. */
  oss_body_param?: Record<string, string>;
}

/** Cancels a transfer: an `AbortSignal`, or any object of this shape where the platform has none. */
export interface CancelSignal {
  /** Whether it was cancelled already. */
  readonly aborted: boolean;
  /**
   * Adds a listener for the cancellation.
   * @param type - always `'abort'`
   * @param listener - is called once
   */
  addEventListener(type: 'abort', listener: () => void): void;
  /**
   * Removes such a listener when the transfer has ended.
   * @param type - always `'abort'`
   * @param listener - the one that was added
   */
  removeEventListener?(type: 'abort', listener: () => void): void;
}

/** How far a transfer is. It is reported only while the total is known. */
export interface TransferProgress {
  /** Bytes transferred so far. */
  loaded: number;
  /** Bytes in all. */
  total: number;
}
