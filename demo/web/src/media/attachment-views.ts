import type { FlooClient, Message } from 'flooim';
import { fileOf } from './attachment.ts';
import type { FileAttachment } from './attachment.ts';
import type { AttachmentDeps, AttachmentState, AttachmentView } from './attachment-view.ts';
import { buildFileView } from './file-card.ts';
import { buildImageView } from './image-view.ts';
import { buildVideoView } from './video-view.ts';
import { buildVoiceView } from './voice-view.ts';

export interface AttachmentViewsDeps {
  im: FlooClient;
  /**
   * A URL of the file of a message that this page sent.
   *
   * @param key key of its line
   */
  localUrl(key: string): string | undefined;
  onOpenImage(key: string): void;
  onCancel(key: string): void;
  onPlayed(message: Message): void;
}

interface Built {
  file: FileAttachment;
  view: AttachmentView;
}

const BUILDERS: {
  readonly [kind in FileAttachment['kind']]: (name: string, deps: AttachmentDeps) => AttachmentView;
} = { image: buildImageView, audio: buildVoiceView, video: buildVideoView, file: buildFileView };

/** The views of the files of one chat, by the key of their line. */
export class AttachmentViews {
  readonly #deps: AttachmentViewsDeps;
  readonly #built = new Map<string, Built>();

  constructor(deps: AttachmentViewsDeps) {
    this.#deps = deps;
  }

  /** The view of a message's file in its current state; undefined if the message has no file. */
  of(key: string, message: Message, state: Omit<AttachmentState, 'file'>): AttachmentView | undefined {
    const file = fileOf(message);
    if (!file) return undefined;
    let built = this.#built.get(key);
    if (!built || !isSame(built.file, file)) {
      built?.view.close?.();
      built = { file, view: this.#build(key, message, file) };
    }
    this.#built.set(key, { ...built, file });
    built.view.show({ file, ...state });
    return built.view;
  }

  showProgress(key: string, percent: number): void {
    this.#built.get(key)?.view.showProgress(percent);
  }

  close(): void {
    for (const { view } of this.#built.values()) view.close?.();
  }

  #build(key: string, message: Message, file: FileAttachment): AttachmentView {
    const { im, localUrl, onOpenImage, onCancel, onPlayed } = this.#deps;
    const view = BUILDERS[file.kind](file.name, {
      im,
      local: localUrl(key),
      onOpen: () => onOpenImage(key),
      onCancel: () => onCancel(key),
      onPlay: () => {
        for (const other of this.#built.values()) if (other.view !== view) other.view.pause?.();
        onPlayed(message);
      },
    });
    return view;
  }
}

/** Whether the view can stay: it is the same file, which may have got its URL. */
const isSame = (before: FileAttachment, now: FileAttachment): boolean =>
  before.kind === now.kind && before.name === now.name && (before.url === '' || before.url === now.url);
