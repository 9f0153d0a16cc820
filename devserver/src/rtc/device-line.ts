import type { OpenMediaLink, MediaLink } from './media-link.ts';

interface LineListener {
  onText(text: string): void;
  /** The media server is gone: the line is of no use any more. */
  onClose(): void;
}

/** The connection of one device to the media server. What is sent while it opens waits. */
export class DeviceLine {
  readonly #link: MediaLink;
  readonly #listener: LineListener;
  #isOpen = false;
  #opening: { text: string; done: (isSent: boolean) => void }[] = [];
  /** What the media server said while the device was away, or undefined while the device is here. */
  #held: string[] | undefined;

  constructor(open: OpenMediaLink, listener: LineListener) {
    this.#listener = listener;
    this.#link = open({
      onOpen: () => {
        this.#isOpen = true;
        const waiting = this.#opening;
        this.#opening = [];
        for (const { text, done } of waiting) this.#send(text, done);
      },
      onText: (text) => {
        if (this.#held) this.#held.push(text);
        else listener.onText(text);
      },
      onClose: () => {
        for (const { done } of this.#opening) done(false);
        this.#opening = [];
        listener.onClose();
      },
    });
  }

  /** @param done is called before the media server can answer; false: it cannot be reached */
  send(text: string, done: (isSent: boolean) => void): void {
    if (this.#isOpen) this.#send(text, done);
    else this.#opening.push({ text, done });
  }

  /** The device is away: what comes is held. */
  hold(): void {
    this.#held ??= [];
  }

  /** The device is back. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const text of held) this.#listener.onText(text);
  }

  close(): void {
    this.#opening = [];
    this.#link.close();
  }

  #send(text: string, done: (isSent: boolean) => void): void {
    done(true);
    this.#link.send(text);
  }
}
