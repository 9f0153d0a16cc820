import { FlooError } from '../errors.ts';
import { CHAT_FILE_UPLOAD, GROUP_AVATAR_UPLOAD, USER_AVATAR_UPLOAD } from '../http/endpoints.ts';
import type { Endpoint, RestParams } from '../http/endpoints.ts';
import type { IdInput } from '../model/ids.ts';
import type { ConversationType, MessageType } from '../model/message.ts';

/** The endpoint that names a place for a file. */
export interface UploadTarget {
  endpoint: Endpoint;
  params: RestParams;
  isPicture: boolean;
}

/** Kinds of files, with the server's numbers for them. */
const FILE_TYPES = {
  file: 100,
  audio: 101,
  image: 102,
  video: 103,
  'audio-mp3': 104,
  shareFile: 200,
  shareAudio: 201,
  shareImage: 202,
  shareVideo: 203,
} as const;

/** The server's numbers for the readers of a file. */
export const READER_TYPES = { roster: 1, group: 2 } as const satisfies Record<ConversationType, number>;

/** Kind of a file to upload. */
export type FileType = keyof typeof FILE_TYPES;

/**
 * A file for the readers of a conversation.
 *
 * @throws FlooError InvalidFileObjectType or InvalidFileUploadToType
 */
export function chatTarget(fileType: string, chatType: string, to_id: IdInput): UploadTarget {
  const file_type = numberOf(FILE_TYPES, fileType);
  if (!file_type) throw new FlooError('InvalidFileObjectType', 'fileType is none');
  const to_type = numberOf(READER_TYPES, chatType);
  if (!to_type) throw new FlooError('InvalidFileUploadToType', 'chatType is neither roster nor group');
  return {
    endpoint: CHAT_FILE_UPLOAD,
    params: { file_type, to_id, to_type },
    isPicture: fileType === 'image' || fileType === 'shareImage',
  };
}

/** Apps in JavaScript pass anything, also a name that every object inherits. */
function numberOf(numbers: Readonly<Record<string, number>>, name: string): number | undefined {
  return typeof name === 'string' && Object.prototype.hasOwnProperty.call(numbers, name) ? numbers[name] : undefined;
}

/** An avatar: the user's own, or with `group_id` that of the group. */
export const avatarTarget = (group_id?: IdInput): UploadTarget => ({
  ...(group_id === undefined
    ? { endpoint: USER_AVATAR_UPLOAD, params: {} }
    : { endpoint: GROUP_AVATAR_UPLOAD, params: { group_id } }),
  isPicture: true,
});

/** The kind of a message's file. @param mime - MIME type, `''` when it is not known */
export function fileTypeOf(type: MessageType | undefined, mime: string): FileType {
  if (type === 'audio') return /mpeg|mp3/.test(mime) ? 'audio-mp3' : 'audio';
  return type === 'image' || type === 'video' ? type : 'file';
}
