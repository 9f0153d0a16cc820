import { el } from './dom.ts';

const NEAR_TOP_PX = 200;
const NEAR_END_PX = 40;

/** The scrolled box of a chat: stays at the end when it is there, and else where the reader is, whatever comes above or below. */
export class Scroller {
  readonly element: HTMLElement;
  readonly #box: HTMLElement;
  readonly #lines: HTMLElement;
  readonly #down: HTMLElement;
  readonly #resizes: ResizeObserver;
  #atEnd = true;

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
    // The window, the keyboard of a phone and a composer of several lines change the height.
    this.#resizes = new ResizeObserver(() => this.#atEnd && this.toEnd());
    this.#resizes.observe(this.#box);
  }

  isNearTop(): boolean {
    return this.#box.scrollTop < NEAR_TOP_PX;
  }

  toEnd(): void {
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#look();
  }

  keepPlace(change: () => void): void {
    const atEnd = this.#atEnd;
    const before = atEnd ? [] : this.#visibleAndBelow().map((line) => ({ line, topPx: line.offsetTop }));
    change();
    if (atEnd) return this.toEnd();
    // The very first one may have been built again: it no longer begins its day, or its run of one sender.
    const kept = before.find(({ line }) => line.isConnected);
    if (kept) this.#box.scrollTop += kept.line.offsetTop - kept.topPx;
  }

  close(): void {
    this.#resizes.disconnect();
  }

  #look(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    this.#down.hidden = this.#atEnd;
  }

  #visibleAndBelow(): HTMLElement[] {
    const { scrollTop } = this.#box;
    const lines = [...this.#lines.children] as HTMLElement[];
    return lines.filter((line) => line.offsetTop + line.offsetHeight > scrollTop);
  }
}
