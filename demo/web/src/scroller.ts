import { el } from './dom.ts';

const NEAR_TOP_PX = 200;
const NEAR_END_PX = 40;

/** A line and its distance from the upper edge. */
interface Anchor {
  line: HTMLElement;
  belowPx: number;
}

/**
 * The scrolled box of a chat. It stays at the end if it is there, or else at the reading position, when lines are
 * added.
 */
export class Scroller {
  readonly element: HTMLElement;
  readonly #box: HTMLElement;
  readonly #lines: HTMLElement;
  readonly #down: HTMLElement;
  readonly #resizes: ResizeObserver;
  #atEnd = true;
  /** The visible lines, topmost first, and the scroll position at that time. */
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
    // The window, a phone's keyboard, a composer of several lines and a loaded picture change the height.
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

  /** Updates the position, because the scroll event comes later than the scrolling. */
  #notice(): void {
    if (this.#box.scrollTop !== this.#seenAtPx) this.#look();
  }

  #settle(): void {
    if (this.#atEnd) return this.toEnd();
    // The first line may have been built again, because it no longer starts its day or its sender's messages.
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
