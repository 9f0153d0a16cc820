import type { FlooClient } from 'flooim';
import { el } from '../dom.ts';
import { fileSize } from '../format.ts';
import type { AttachmentDeps, AttachmentView } from './attachment-view.ts';
import { DownloadButton } from './download-button.ts';
import { buildUploadMeter } from './meter.ts';

const LONGEST_BADGE = 4;

export interface FileCardDeps {
  im: FlooClient;
  name: string;
  /** More about the file, e.g. who shared it. */
  detail?: string;
  /** Shown after the download button. */
  actions?: Node[];
}

/** The name and size of a file, with a download button. */
export class FileCard {
  readonly element: HTMLElement;
  readonly #download: DownloadButton;
  readonly #detail: string | undefined;
  readonly #details = el('span', { class: 'file-detail' });
  readonly #problem = el('p', { class: 'problem', role: 'alert', hidden: true });
  #url = '';

  constructor({ im, name, detail, actions = [] }: FileCardDeps) {
    this.#detail = detail;
    this.#download = new DownloadButton({
      im,
      name,
      url: () => this.#url,
      onProblem: (text) => this.showProblem(text),
    });
    this.element = el(
      'div',
      { class: 'file-card' },
      el('span', { class: 'file-badge', 'aria-hidden': 'true' }, badgeOf(name)),
      el('span', { class: 'file-text' }, el('span', { class: 'file-name', title: name }, name), this.#details),
      this.#download.element,
      ...actions,
      this.#problem,
    );
  }

  /** @param file with the `url` `''` while there is nothing to download */
  show({ url, sizeBytes }: { url: string; sizeBytes: number | undefined }): void {
    this.#url = url;
    this.#download.element.hidden = !url;
    const size = sizeBytes === undefined ? undefined : fileSize(sizeBytes);
    this.#details.textContent = [size, this.#detail].filter(Boolean).join(' · ');
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

export function buildFileView(name: string, deps: AttachmentDeps): AttachmentView {
  const { im, onCancel } = deps;
  const meter = buildUploadMeter(name, onCancel);
  const card = new FileCard({ im, name, actions: [meter.element] });
  return {
    element: el('div', { class: 'file' }, card.element),
    show({ file, percent }) {
      meter.show(percent);
      card.show(file);
    },
    showProgress: (percent) => meter.show(percent),
    close: () => card.close(),
  };
}
