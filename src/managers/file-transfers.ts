import { avatarTarget, chatTarget } from '../files/upload-target.ts';
import type { FileType, UploadTarget } from '../files/upload-target.ts';
import type { Download } from '../files/downloads.ts';
import { mustFile } from '../files/uploads.ts';
import type { Upload } from '../files/uploads.ts';
import { FlooError } from '../errors.ts';
import type { RestParams } from '../http/endpoints.ts';
import type { CancelSignal, TransferProgress } from '../model/file.ts';
import type { IdInput } from '../model/ids.ts';
import type { ConversationType } from '../model/message.ts';
import type { FileBody, FileTransfer, PlatformFile } from '../platform/ports.ts';
import type { FileUrls } from './file-urls.ts';

/** What every transfer takes. */
export interface TransferOptions {
  /** Hears how far it is. */
  processCallback?: (progress: TransferProgress) => void;
  /** Ends it: FlooError UserCancel. */
  signal?: CancelSignal;
}

export interface FileUpload extends TransferOptions {
  /** A `File` or `Blob`, bytes; in Node also a path. In a mini-program a path, or what a picker answered. */
  file: unknown;
  /** `chat`: for the readers of a conversation. Anything but this and `rosterAvatar` is a group's avatar, as deployed. */
  toType: 'chat' | 'rosterAvatar' | 'groupAvatar';
  /** Of `chat`: what it is, for whom. */
  fileType?: FileType;
  to_id?: IdInput;
  chatType?: ConversationType;
  /** Of `groupAvatar`. */
  group_id?: IdInput;
}

export interface FileDownload extends TransferOptions {
  /** As it stands in a message; credentials are added for the app's own servers and for no other. */
  url: string;
  /** More for the server, see `getChatFile`. */
  params?: RestParams;
  /** In Node and mini-programs: where to put it; it is there when all of it came. */
  path?: string;
}

/**
 * Files, there and back (api-surface 8). A connection that breaks off is tried again, four times in a row; a download goes on
 * where it was. All reject with FlooError: UserCancel, ServerNotReachable, ServerTimeOut, and as they say.
 */
export interface FileTransfers {
  /**
   * Uploads a file: then `url` may go into a message, an avatar or a shared file. `sendRosterMessage` and
   * `sendGroupMessage` take a `file` themselves. @throws FlooError InvalidParam, InvalidFileObjectType,
   * InvalidFileUploadToType, ServerInvalidUploadUrl, ServerFileUploadUnknownError.
   */
  asyncFileUpload(upload: FileUpload): Promise<{ url: string }>;
  /** @throws FlooError InvalidFileDownloadUrl, InvalidFileSign, UserPermissionDenied, ServerFileDownloadUnknownError. */
  asyncFileDownload(download: FileDownload): Promise<PlatformFile>;
  /** A voice message as MP3; `''` for an empty URL. */
  downloadAudio(download: FileDownload & { type?: string }): Promise<PlatformFile | ''>;
  /** In a mini-program: the path of the temporary file that it is then; undefined anywhere else. */
  downloadChatFile(download: FileDownload): Promise<string | undefined>;
}

export interface FileTransferDeps {
  files: FileTransfer;
  upload: Upload;
  download: Download;
  urls: FileUrls;
}

export function createFileTransfers({ files, upload, download, urls }: FileTransferDeps): FileTransfers {
  const asyncFileDownload: FileTransfers['asyncFileDownload'] = async ({ path, processCallback, signal, ...file }) =>
    download(urls.getChatFile(file), path, { onProgress: processCallback, signal });
  return {
    asyncFileUpload: async ({ file: input, processCallback, signal, ...param }) => {
      const target = targetOf(param);
      const file = mustFile(files, input);
      const { url } = await upload(target, file, file.name ?? 'file', { onProgress: processCallback, signal });
      return { url };
    },
    asyncFileDownload,
    downloadAudio: async (audio) => (audio.url ? asyncFileDownload({ ...audio, url: urls.getAudio(audio) }) : ''),
    downloadChatFile: async (download) => {
      const file: FileBody = await asyncFileDownload(download);
      return file.path;
    },
  };
}

function targetOf({ toType, fileType, to_id, chatType, group_id }: Omit<FileUpload, 'file'>): UploadTarget {
  if (toType === 'chat') return chatTarget(fileType!, chatType!, to_id!);
  if (toType === 'rosterAvatar') return avatarTarget();
  if (group_id === undefined)
    throw new FlooError('InvalidFileUploadToType', 'neither toType nor group_id says where to');
  return avatarTarget(group_id);
}
