import { avatarTarget, chatTarget } from '../files/upload-target.ts';
import type { FileType, UploadTarget } from '../files/upload-target.ts';
import type { Download } from '../files/downloads.ts';
import { mustFile } from '../files/uploads.ts';
import type { TransferWish } from '../files/transfers.ts';
import type { Upload } from '../files/uploads.ts';
import { FlooError } from '../errors.ts';
import type { RestParams } from '../http/endpoints.ts';
import type { CancelSignal, TransferProgress } from '../model/file.ts';
import type { IdInput } from '../model/ids.ts';
import type { ConversationType } from '../model/message.ts';
import type { FileBody, FileTransfer, PlatformFile } from '../platform/ports.ts';
import { callIsolated } from '../util/call-isolated.ts';
import { mustBe, mustFields, mustId } from './arguments.ts';
import type { FileUrls } from './file-urls.ts';

/** Options of every transfer. */
export interface TransferOptions {
  /**
   * Is called with the progress.
   * @param progress - bytes so far, and in all
   */
  processCallback?: (progress: TransferProgress) => void;
  /** Cancels the transfer. It rejects with `UserCancel` then. */
  signal?: CancelSignal;
}

/** Any text. Beside names it leaves these to the editor, which proposes them. */
type AnyText = string & Record<never, never>;

/** A file to upload. */
export interface FileUpload extends TransferOptions {
  /** A `File`, a `Blob` or bytes; in Node also a path; in a mini-program a path, or what a picker answered. */
  file: unknown;
  /** `chat`: for the readers of a conversation. `rosterAvatar`: the user's picture. Anything else: a group's picture. */
  toType: 'chat' | 'rosterAvatar' | 'groupAvatar' | AnyText;
  /** For `chat`: what kind of file it is. */
  fileType?: FileType | AnyText;
  /** For `chat`: the user or group. */
  to_id?: IdInput;
  /** For `chat`: whether `to_id` is a user or a group. */
  chatType?: ConversationType | AnyText;
  /** For `groupAvatar`: the group. */
  group_id?: IdInput;
}

/** A file to download. */
export interface FileDownload extends TransferOptions {
  /** `attach.url` of a message. Only the app's own servers get credentials. */
  url: string;
  /** More for the server, see {@link FileUrls.getChatFile}. */
  params?: RestParams;
  /** In Node and mini-programs: where to store it. The file appears when all of it has arrived. */
  path?: string;
}

/**
 * Uploads and downloads. A connection that breaks is tried again, four times in a row. A download continues where it
 * stopped.
 *
 * Every call rejects with `UserCancel` when it was cancelled, and with `ServerNotReachable` or `ServerTimeOut` when
 * the connection fails.
 */
export interface FileTransfers {
  /**
   * Uploads a file. Its `url` may go into a message, a picture or a shared file. `sendRosterMessage` and
   * `sendGroupMessage` do that themselves when they get a `file`.
   *
   * @returns the URL of the uploaded file
   * @throws FlooError `InvalidParam` when there is no file
   * @throws FlooError `InvalidFileObjectType` or `InvalidFileUploadToType` when `fileType` or `chatType` is wrong
   * @throws FlooError `ServerInvalidUploadUrl` or `ServerFileUploadUnknownError` when the server does not take it
   * @example
   * const { url } = await im.sysManage.asyncFileUpload({
   *   file: picker.files?.[0],
   *   toType: 'rosterAvatar',
   *   processCallback: ({ loaded, total }) => console.log(loaded / total),
   * });
   * await im.userManage.asyncUpdateAvatar({ avatar: url });
   */
  asyncFileUpload(upload: FileUpload): Promise<{
    /** URL of the uploaded file. */
    url: string;
  }>;
  /**
   * Downloads a file.
   *
   * @returns a `Blob`; in mini-programs, and in Node with `path`, the stored file
   * @throws FlooError `InvalidFileDownloadUrl` when `url` is no URL
   * @throws FlooError `InvalidFileSign` or `UserPermissionDenied` when the user may not read it
   * @throws FlooError `ServerFileDownloadUnknownError` when the server does not give it
   * @example
   * const file = await im.sysManage.asyncFileDownload({ url: 'https://example.com/file' });
   * console.log(file);
   */
  asyncFileDownload(download: FileDownload): Promise<PlatformFile>;
  /**
   * Downloads a voice message as MP3.
   *
   * @param download.type - no effect; deployed apps pass it
   * @returns the file; `''` when `url` is empty
   */
  downloadAudio(download: FileDownload & { type?: string }): Promise<PlatformFile | ''>;
  /**
   * Downloads a file in a mini-program.
   *
   * @returns the path of a temporary file; undefined on other platforms
   */
  downloadChatFile(download: FileDownload): Promise<string | undefined>;
}

export interface FileTransferDeps {
  files: FileTransfer;
  upload: Upload;
  download: Download;
  urls: FileUrls;
  /** Is called when a `processCallback` fails. */
  onCallbackError(error: unknown): void;
}

export function createFileTransfers(deps: FileTransferDeps): FileTransfers {
  const { files, upload, download, urls } = deps;
  /** The part of a call that every transfer has. */
  const wishOf = ({ processCallback, signal }: TransferOptions): TransferWish => {
    mustBe(!processCallback || typeof processCallback === 'function', 'processCallback is no function');
    mustBe(!signal || typeof signal.addEventListener === 'function', 'signal is no signal');
    const onProgress = (progress: TransferProgress): void =>
      processCallback && callIsolated(processCallback, progress, (error) => deps.onCallbackError(error));
    return { ...(processCallback && { onProgress }), ...(signal && { signal }) };
  };
  const asyncFileDownload: FileTransfers['asyncFileDownload'] = async (wanted) => {
    const { path, ...file } = mustFields(wanted, 'download');
    mustBe(path === undefined || path === null || (typeof path === 'string' && path !== ''), 'path is no path');
    return download(urls.getChatFile(file), path ?? undefined, wishOf(wanted));
  };
  return {
    asyncFileUpload: async (wanted) => {
      const wish = wishOf(mustFields(wanted, 'upload'));
      const target = targetOf(wanted);
      const file = mustFile(files, wanted.file);
      const { url } = await upload(target, file, file.name ?? 'file', wish);
      return { url };
    },
    asyncFileDownload,
    downloadAudio: async (audio) => {
      const { url } = mustFields(audio, 'download');
      return url ? asyncFileDownload({ ...audio, url: urls.getAudio({ url }) }) : '';
    },
    downloadChatFile: async (download) => {
      const file: FileBody = await asyncFileDownload(download);
      return file.path;
    },
  };
}

function targetOf({ toType, fileType, to_id, chatType, group_id }: Omit<FileUpload, 'file'>): UploadTarget {
  if (toType === 'chat') {
    const target = chatTarget(fileType!, chatType!, to_id!);
    return { ...target, params: { ...target.params, to_id: mustId(to_id, 'to_id') } };
  }
  if (toType === 'rosterAvatar') return avatarTarget();
  if (group_id === undefined)
    throw new FlooError('InvalidFileUploadToType', 'neither toType nor group_id says where to');
  return avatarTarget(mustId(group_id, 'group_id'));
}
