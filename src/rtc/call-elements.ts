import type { CallMedia } from './call-media.ts';

type What = Parameters<CallMedia['attach']>[1];

interface Shown {
  readonly what: What;
  /** Undefined while the call has no media. */
  remove: (() => void) | undefined;
}

/** The elements that show a call, also before there is anything to show, and when the media are made anew. */
export class CallElements {
  private readonly shown = new Map<HTMLMediaElement, Shown>();

  /** @returns a function that removes it again, unless the element shows something else by then */
  attach(element: HTMLMediaElement, what: What, media: CallMedia | undefined): () => void {
    const own: Shown = { what, remove: media?.attach(element, what) };
    this.shown.set(element, own);
    return () => {
      if (this.shown.get(element) !== own) return;
      this.shown.delete(element);
      own.remove?.();
    };
  }

  /** The call has these media now. */
  show(media: CallMedia): void {
    for (const [element, own] of this.shown) own.remove = media.attach(element, own.what);
  }
}
