import type { FlooClient } from 'flooim';
import { el } from '../dom.ts';
import { fileSize } from '../format.ts';
import { DownloadButton } from './download-button.ts';

const LONGEST_BADGE = 4;

export interface FileCardDeps {
  im: FlooClient;
  name: string;
  sizeBytes: number | undefined;
  /** More about it, e.g. who shared it. */
  detail?: string;
  /** `''` while there is nothing to download. */
  url: string;
  /** Shown after the button that downloads. */
  actions?: Node[];
}

/** A file by its name and size, to be downloaded. */
export class FileCard {
  readonly element: HTMLElement;
  readonly #download: DownloadButton;
  readonly #problem = el('p', { class: 'problem', role: 'alert', hidden: true });
  #url = '';

  constructor({ im, name, sizeBytes, detail, url, actions = [] }: FileCardDeps) {
    this.#download = new DownloadButton({
      im,
      name,
      url: () => this.#url,
      onProblem: (text) => this.showProblem(text),
    });
    const details = [sizeBytes === undefined ? '' : fileSize(sizeBytes), detail ?? ''].filter(Boolean).join(' · ');
    this.element = el(
      'div',
      { class: 'file-card' },
      el('span', { class: 'file-badge', 'aria-hidden': 'true' }, badgeOf(name)),
      el(
        'span',
        { class: 'file-text' },
        el('span', { class: 'file-name', title: name }, name),
        el('span', { class: 'file-detail' }, details),
      ),
      this.#download.element,
      ...actions,
      this.#problem,
    );
    this.setUrl(url);
  }

  setUrl(url: string): void {
    this.#url = url;
    this.#download.element.hidden = !url;
  }

  showProblem(text: string): void {
    this.#problem.textContent = text;
    this.#problem.hidden = !text;
  }

  close(): void {
    this.#download.cancel();
  }
}

/** `PDF` of `report.pdf`. */
function badgeOf(name: string): string {
  const extension = /\.([^.\s]+)$/.exec(name)?.[1] ?? '';
  return extension.length <= LONGEST_BADGE ? extension.toUpperCase() : '';
}
