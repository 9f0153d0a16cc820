import type { FlooClient } from 'flooim';
import type { FileAttachment } from './attachment.ts';

/** The dependencies of the view of a message's file. */
export interface AttachmentDeps {
  im: FlooClient;
  /** A URL of the file itself if this page sent it. */
  local: string | undefined;
  /** Shows the image large. */
  onOpen(): void;
  /** Cancels the upload. */
  onCancel(): void;
  /** Called when it starts to play, so that everything else pauses. */
  onPlay(): void;
}

/** The current state of a message's file. */
export interface AttachmentState {
  file: FileAttachment;
  /** Progress of an upload in percent. */
  percent: number | undefined;
  /** URL of a small picture of a file that is not uploaded yet. */
  preview: string | undefined;
}

/** A message's file in the chat. It stays the same element while its message is sent, so that playing continues. */
export interface AttachmentView {
  readonly element: HTMLElement;
  show(state: AttachmentState): void;
  showProgress(percent: number): void;
  pause?(): void;
  close?(): void;
}
