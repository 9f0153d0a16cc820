import { fileUploadShape } from './answer-shapes.ts';
import type { AppData } from '../model/app-data.ts';
import type { FileContent, FileLink } from '../model/files.ts';
import type { Answer } from './answer.ts';
import { mustBeEditor, mustBeMember, mustFindUser } from './guards.ts';
import { id, int, optional, text } from './params.ts';
import { RestError } from './rest-error.ts';
import { GET, route } from './route.ts';
import type { Call, Route } from './route.ts';
import { groupId } from './routes-group.ts';

const ToType = { USER: 1, GROUP: 2 } as const;
const AVATAR = 102;
/** Chat files, shared files, and the spellings deployed clients use for the latter. */
const FILE_TYPES: ReadonlySet<number> = new Set([99, 100, 101, AVATAR, 103, 104, 200, 201, 202, 203]);
const toType = int('1 a user, 2 a group.', { min: ToType.USER, max: ToType.GROUP });

const fileType = int(
  'Of a message: 100 file, 101 voice (AMR), 102 picture, 103 video, 104 voice (MP3). Of a shared file: 200 file, 201 voice, 202 picture, 203 video.',
);
const toId = id('Who the file is for: a user or a group.');

/** Where to upload to, and under which name a file can be downloaded. */
export const fileRoutes: readonly Route[] = [
  route({
    methods: GET,
    path: '/file/upload/chat',
    summary: 'Where to upload a file for a user or a group.',
    answers: fileUploadShape,
    refuses: [10000, 20001, 20002],
    query: { file_type: fileType, to_id: toId, to_type: optional(toType) },
    handle(call, { file_type, to_id, to_type }) {
      if (!FILE_TYPES.has(file_type)) throw new RestError(10002, 'file_type');
      mustReach(call, to_id, to_type);
      const content = call.app.files.create(file_type);
      return uploadOf(call, content, chatUrl(call, share(call, content, to_id)));
    },
  }),
  route({
    methods: GET,
    path: '/file/upload/avatar/user',
    summary: "Where to upload the caller's picture.",
    answers: fileUploadShape,
    query: { file_type: optional(int('Has no effect.')) },
    handle: (call) => avatarUpload(call),
  }),
  route({
    methods: GET,
    path: '/file/upload/avatar/group',
    summary: 'Where to upload the picture of a group.',
    answers: fileUploadShape,
    refuses: [20001, 20002, 20012],
    query: groupId,
    handle(call, { group_id }) {
      mustBeEditor(call, group_id);
      return avatarUpload(call);
    },
  }),
  route({
    methods: GET,
    path: '/file/upload/forward',
    summary: 'Another download URL of a file, for another receiver.',
    answers: text('The URL.'),
    refuses: [10000, 10010, 20001, 20002],
    query: { file_sign: text('The sign in the URL of the file.'), to_id: toId, to_type: toType },
    handle(call, { file_sign, to_id, to_type }) {
      const { content } = mustFindFile(call, file_sign, 'file_sign');
      mustReach(call, to_id, to_type);
      return { data: chatUrl(call, share(call, content, to_id)) };
    },
  }),
];

/** The file behind a name, which the caller may read. */
export function mustFindFile(call: Call, name: string, param: string): FileLink {
  const link = call.app.files.find(name);
  if (!link) throw new RestError(10002, param);
  if (!call.isAdmin && !mayRead(call.app, link, call.user.id)) throw new RestError(10010, 'the file is for others');
  return link;
}

function mayRead(app: AppData, { toId, uploaderId }: FileLink, userId: number): boolean {
  if (toId === undefined) return true;
  return [uploaderId, toId].includes(userId) || app.groups.get(toId)?.members.has(userId) === true;
}

function mustReach(call: Call, toId: number, toType?: number): void {
  const isGroup = toType === undefined ? call.app.groups.isGroupId(toId) : toType === ToType.GROUP;
  if (isGroup) mustBeMember(call, toId);
  else mustFindUser(call.app, toId);
}

function share({ app, user }: Call, content: FileContent, toId: number): FileLink {
  return app.files.link(content, { uploaderId: user.id, toId });
}

function avatarUpload(call: Call): Answer {
  const content = call.app.files.create(AVATAR);
  const { name } = call.app.files.link(content, { uploaderId: call.user.id });
  return uploadOf(call, content, `${call.baseUrl()}/file/download/avatar?object_name=${name}`);
}

/** The name comes last, because forwarding takes everything after `sign=` as the name. */
function chatUrl({ baseUrl }: Call, { name }: FileLink): string {
  return `${baseUrl()}/file/download/chat?file_sign=${name}`;
}

function uploadOf({ app, baseUrl, uploadStyle }: Call, content: FileContent, downloadUrl: string): Answer {
  const { key, style, params } = app.files.openTarget(content, uploadStyle());
  return {
    data: {
      upload_url: `${baseUrl()}/upload/${encodeURIComponent(app.appId)}/${key}`,
      upload_method: style === 'put' ? 'PUT' : 'POST',
      download_url: downloadUrl,
      oss_body_param: params,
    },
  };
}
