import type { FlooClient } from 'flooim';

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

/** A message's file in the chat. It stays the same element while its message is sent, so what plays goes on. */
export interface AttachmentView {
  readonly element: HTMLElement;
  /** @param url `''` until the file is uploaded. @param percent of an upload that is under way. */
  show(url: string, percent: number | undefined): void;
  showProgress(percent: number): void;
  pause?(): void;
  close?(): void;
}
