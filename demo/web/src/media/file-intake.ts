import { el } from '../dom.ts';

export interface FileIntakeDeps {
  /** The element where files may be dropped. It must be positioned. */
  zone: HTMLElement;
  /** The text shown above it while files are dragged over it. */
  invitation: string;
  onFiles(files: File[]): void;
}

/** Takes files that are dropped on a chat, or pasted anywhere in the page while the chat is open. */
export class FileIntake {
  readonly #deps: FileIntakeDeps;
  readonly #cover: HTMLElement;

  constructor(deps: FileIntakeDeps) {
    this.#deps = deps;
    const { zone, invitation } = deps;
    this.#cover = el(
      'div',
      // It covers the whole zone, so that leaving it is leaving the zone.
      { class: 'drop-cover', hidden: true, ondragleave: () => (this.#cover.hidden = true) },
      el('p', {}, invitation),
    );
    zone.append(this.#cover);
    zone.addEventListener('dragenter', (event) => {
      if (holdsFiles(event)) this.#cover.hidden = false;
    });
    zone.addEventListener('drop', (event) => {
      this.#cover.hidden = true;
      this.#take(event.dataTransfer);
    });
    document.addEventListener('dragover', this.#handleDrag);
    document.addEventListener('drop', this.#handleDrag);
    document.addEventListener('paste', this.#handlePaste);
  }

  close(): void {
    document.removeEventListener('dragover', this.#handleDrag);
    document.removeEventListener('drop', this.#handleDrag);
    document.removeEventListener('paste', this.#handlePaste);
  }

  /** A file that is dropped beside the chat must not replace the page. */
  readonly #handleDrag = (event: DragEvent): void => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    const isOver = this.#deps.zone.contains(event.target as Node);
    event.dataTransfer!.dropEffect = isOver ? 'copy' : 'none';
  };

  readonly #handlePaste = (event: ClipboardEvent): void => {
    const { clipboardData: data } = event;
    // A dialog has its own fields. Text copied from a document comes with a picture of the text.
    if (!data?.files.length || document.querySelector('dialog[open]') || isRichText(data)) return;
    event.preventDefault();
    this.#take(data);
  };

  #take(data: DataTransfer | null): void {
    const files = [...(data?.items ?? [])].flatMap((item) => {
      const isFile = item.kind === 'file' && !item.webkitGetAsEntry()?.isDirectory;
      return isFile ? (item.getAsFile() ?? []) : [];
    });
    if (files.length > 0) this.#deps.onFiles(files);
  }
}

const holdsFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;
const isRichText = ({ types }: DataTransfer): boolean => types.includes('text/plain') && types.includes('text/html');
