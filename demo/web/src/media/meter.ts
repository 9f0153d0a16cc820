import { el } from '../dom.ts';
import { icon } from '../icons.ts';

export interface MeterDeps {
  /** What it measures, e.g. `Sending cat.png`. */
  label: string;
  /** What its button does, e.g. `Cancel sending cat.png`. */
  cancelLabel: string;
  onCancel(): void;
}

/** Progress of a transfer, with a button that cancels it. Hidden while there is no percentage. */
export class Meter {
  readonly element: HTMLElement;
  readonly #ring: HTMLElement;
  readonly #text: HTMLElement;

  constructor({ label, cancelLabel, onCancel }: MeterDeps) {
    this.#ring = el(
      'button',
      { type: 'button', class: 'ring', 'aria-label': cancelLabel, title: cancelLabel, onclick: () => onCancel() },
      icon('close'),
    );
    this.#text = el('span', {
      class: 'percent',
      role: 'progressbar',
      'aria-label': label,
      'aria-valuemin': 0,
      'aria-valuemax': 100,
    });
    this.element = el('span', { class: 'meter', hidden: true }, this.#ring, this.#text);
  }

  show(percent: number | undefined): void {
    this.element.hidden = percent === undefined;
    if (percent === undefined) return;
    this.#ring.style.setProperty('--percent', `${percent}%`);
    this.#text.textContent = `${percent}%`;
    this.#text.setAttribute('aria-valuenow', String(percent));
  }

  focus(): void {
    this.#ring.focus({ preventScroll: true });
  }
}

export const buildUploadMeter = (name: string, onCancel: () => void): Meter =>
  new Meter({ label: `Sending ${name}`, cancelLabel: `Cancel sending ${name}`, onCancel });
