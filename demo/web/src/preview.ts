import type { FlooClient, MessageType } from 'flooim';
import { fileOf } from './media/attachment.ts';
import type { Target } from './target.ts';

const LABELS: { readonly [type in MessageType]?: string } = {
  image: 'Photo',
  audio: 'Voice message',
  video: 'Video',
  file: 'File',
  location: 'Location',
};

/** What the conversation list says of the newest message. @param content as the list of the SDK has it: the type, of what is no text. */
export function previewOf(im: FlooClient, { type, id }: Target, content: string): string {
  const label = LABELS[content as MessageType];
  if (!label) return content;
  const { rosterManage, groupManage } = im;
  const message = (type === 'group' ? groupManage.getGroupMessage(id) : rosterManage.getRosterMessageByRid(id)).at(-1);
  // Somebody may have said just that.
  if (message?.type === 'text') return content;
  return message?.type === 'file' ? (fileOf(message)?.name ?? label) : label;
}
