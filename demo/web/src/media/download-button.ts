import type { FlooClient, TransferProgress } from 'flooim';
import { el } from '../dom.ts';
import { explain } from '../format.ts';
import { icon } from '../icons.ts';
import { Meter } from './meter.ts';

/** The browser follows the link after the click. The bytes are not needed later. */
const KEEP_SAVED_MS = 60_000;

export interface DownloadButtonDeps {
  im: FlooClient;
  name: string;
  url(): string;
  /** Called with `''` when another try starts. */
  onProblem(text: string): void;
}

/** Saves a file from the server under its name and shows the progress. */
export class DownloadButton {
  readonly element: HTMLElement;
  readonly #deps: DownloadButtonDeps;
  readonly #button: HTMLButtonElement;
  readonly #meter: Meter;
  #abort: AbortController | undefined;

  constructor(deps: DownloadButtonDeps) {
    this.#deps = deps;
    const { name } = deps;
    this.#button = el(
      'button',
      {
        type: 'button',
        class: 'icon-button',
        'aria-label': `Download ${name}`,
        title: `Download ${name}`,
        onclick: () => void this.#download(),
      },
      icon('download'),
    );
    this.#meter = new Meter({
      label: `Downloading ${name}`,
      cancelLabel: `Cancel downloading ${name}`,
      onCancel: () => this.cancel(),
    });
    this.element = el('span', { class: 'download' }, this.#button, this.#meter.element);
  }

  cancel(): void {
    this.#abort?.abort();
  }

  async #download(): Promise<void> {
    const { im, name, url, onProblem } = this.#deps;
    const { signal } = (this.#abort = new AbortController());
    onProblem('');
    this.#show(0);
    try {
      const processCallback = ({ loaded, total }: TransferProgress): void => this.#show(percentOf(loaded, total));
      save(await im.sysManage.asyncFileDownload({ url: url(), signal, processCallback }), name);
    } catch (error) {
      if (!signal.aborted) onProblem(explain(error));
    }
    this.#show(undefined);
  }

  /** Shows either the button or the meter, and keeps the focus on it. */
  #show(percent: number | undefined): void {
    const focused = this.element.contains(document.activeElement);
    this.#button.hidden = percent !== undefined;
    this.#meter.show(percent);
    if (focused && percent === undefined) this.#button.focus({ preventScroll: true });
    else if (focused) this.#meter.focus();
  }
}

export const percentOf = (loaded: number, total: number): number => Math.floor((loaded / total) * 100);

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  el('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_SAVED_MS);
}
