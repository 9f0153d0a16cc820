import type { FlooClient } from 'flooim';
import type { FileAttachment } from './attachment.ts';

/** What a view of one message's file is built with. */
export interface AttachmentDeps {
  im: FlooClient;
  /** A URL of the file itself, when this page sent it. */
  local: string | undefined;
  /** Shows the image large. */
  onOpen(): void;
  /** Ends the upload. */
  onCancel(): void;
  /** It begins to play: nothing else goes on. */
  onPlay(): void;
}

/** A file as its message has it now. */
export interface AttachmentState {
  file: FileAttachment;
  /** Of an upload that is under way. */
  percent: number | undefined;
  /** URL of a small picture, of what is not uploaded yet. */
  preview: string | undefined;
}

/** A message's file in the chat. It stays the same element while its message is sent, so what plays goes on. */
export interface AttachmentView {
  readonly element: HTMLElement;
  show(state: AttachmentState): void;
  showProgress(percent: number): void;
  pause?(): void;
  close?(): void;
}
