/** What was uploaded; several links may lead to it. */
export interface FileContent {
  readonly key: string;
  readonly fileType: number;
  name: string;
  contentType: string;
  /** Absent until an upload arrived whole. */
  bytes?: () => Buffer;
}

/** A name by which some may download a file. */
export interface FileLink {
  readonly name: string;
  readonly content: FileContent;
  readonly uploaderId: number;
  /** The user or group it is for; absent for avatars, which anyone may see. */
  readonly toId?: number;
}
