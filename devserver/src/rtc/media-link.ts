/** A connection to the media server (Janus), for one device. */
export interface MediaLink {
  /** Sends a text; does nothing while it is not open. */
  send(text: string): void;
  /** Closes it. No call of the listener follows. */
  close(): void;
}

export interface MediaLinkListener {
  /** `send` works from now on. */
  onOpen(): void;
  onText(text: string): void;
  /** It could not be opened, or it is closed. */
  onClose(): void;
}

/** Opens a connection to the media server, whose address only the server knows. */
export type OpenMediaLink = (listener: MediaLinkListener) => MediaLink;
