import { el } from './dom.ts';

const NEAR_TOP_PX = 200;
const NEAR_END_PX = 40;

/** A line, and how far below the upper edge it is. */
interface Anchor {
  line: HTMLElement;
  belowPx: number;
}

/** The scrolled box of a chat: stays at the end when it is there, and else where the reader is, whatever comes above or below. */
export class Scroller {
  readonly element: HTMLElement;
  readonly #box: HTMLElement;
  readonly #lines: HTMLElement;
  readonly #down: HTMLElement;
  readonly #resizes: ResizeObserver;
  #atEnd = true;
  /** What the reader sees, topmost first, and where the box was scrolled to then. */
  #seen: Anchor[] = [];
  #seenAtPx = 0;

  constructor(lines: HTMLElement, top: HTMLElement, onNearTop: () => void) {
    this.#lines = lines;
    this.#box = el(
      'div',
      {
        class: 'scroll',
        role: 'log',
        'aria-label': 'Messages',
        tabindex: 0,
        onscroll: () => {
          this.#look();
          if (this.isNearTop()) onNearTop();
        },
      },
      top,
      lines,
    );
    this.#down = el(
      'button',
      {
        type: 'button',
        class: 'down',
        hidden: true,
        'aria-label': 'To the newest message',
        onclick: () => this.toEnd(),
      },
      '↓',
    );
    this.element = el('div', { class: 'scroller' }, this.#box, this.#down);
    // The window, the keyboard of a phone and a composer of several lines change the height; so does a picture that came.
    this.#resizes = new ResizeObserver(() => {
      this.#notice();
      this.#settle();
    });
    this.#resizes.observe(this.#box);
    this.#resizes.observe(lines);
  }

  isNearTop(): boolean {
    return this.#box.scrollTop < NEAR_TOP_PX;
  }

  toEnd(): void {
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#look();
  }

  keepPlace(change: () => void): void {
    this.#notice();
    change();
    this.#settle();
  }

  close(): void {
    this.#resizes.disconnect();
  }

  #look(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    this.#down.hidden = this.#atEnd;
    this.#seen = this.#atEnd ? [] : this.#visibleAndBelow(scrollTop);
    this.#seenAtPx = scrollTop;
  }

  /** The reader may have scrolled a moment ago; the event comes later. */
  #notice(): void {
    if (this.#box.scrollTop !== this.#seenAtPx) this.#look();
  }

  #settle(): void {
    if (this.#atEnd) return this.toEnd();
    // The very first one may have been built again: it no longer begins its day, or its run of one sender.
    const kept = this.#seen.find(({ line }) => line.isConnected);
    if (!kept) return;
    this.#box.scrollTop = kept.line.offsetTop - kept.belowPx;
    this.#seenAtPx = this.#box.scrollTop;
  }

  #visibleAndBelow(scrollTop: number): Anchor[] {
    const lines = [...this.#lines.children] as HTMLElement[];
    return lines
      .filter((line) => line.offsetTop + line.offsetHeight > scrollTop)
      .map((line) => ({ line, belowPx: line.offsetTop - scrollTop }));
  }
}
