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
