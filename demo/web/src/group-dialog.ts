import type { FlooClient, SharedFile, TransferProgress } from 'flooim';
import { AvatarButton } from './avatar.ts';
import { el, Rows } from './dom.ts';
import { explain, shortTime } from './format.ts';
import { icon } from './icons.ts';
import { percentOf } from './media/download-button.ts';
import { FileCard } from './media/file-card.ts';
import { buildUploadMeter } from './media/meter.ts';
import type { Names } from './names.ts';

export interface GroupDialogDeps {
  im: FlooClient;
  names: Names;
  groupId: string;
  /** Called when the picture was changed. */
  onChanged(): void;
  onClose(): void;
}

/** Shows a group's picture and the files that its members share. */
export class GroupDialog {
  readonly groupId: string;
  readonly #deps: GroupDialogDeps;
  readonly #avatar: AvatarButton;
  readonly #title = el('h2');
  readonly #problem = el('p', { class: 'problem', role: 'alert', hidden: true });
  readonly #uploads = el('ul', { class: 'shared-files' });
  readonly #none = el('p', { class: 'hint' }, 'Loading…');
  readonly #rows: Rows<SharedFile>;
  readonly #dialog: HTMLDialogElement;
  readonly #ending = new AbortController();

  constructor(deps: GroupDialogDeps) {
    this.#deps = deps;
    this.groupId = deps.groupId;
    const { im, names, groupId, onChanged } = deps;
    this.#avatar = new AvatarButton({
      im,
      names,
      target: { type: 'group', id: groupId },
      label: 'Change the group’s picture',
      onProblem: (text) => this.#showProblem(text),
      onChanged,
    });
    const list = el('ul', { class: 'shared-files', 'aria-label': 'Shared files' });
    this.#rows = new Rows(list, {
      key: ({ file_id }) => String(file_id),
      signature: (file) => JSON.stringify([file, names.user(String(file.uploader))]),
      build: (file) => this.#buildFile(file),
    });
    const picker = el('input', { type: 'file', multiple: true, hidden: true, 'aria-label': 'Files to share' });
    picker.addEventListener('change', () => {
      for (const file of picker.files ?? []) void this.#share(file);
      picker.value = '';
    });
    this.#dialog = el(
      'dialog',
      { class: 'group-dialog', 'aria-label': 'Group picture and files', onclose: () => this.#handleClose() },
      el(
        'header',
        {},
        this.#avatar.element,
        this.#title,
        el(
          'button',
          { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => this.#dialog.close() },
          icon('close'),
        ),
      ),
      this.#problem,
      el(
        'div',
        { class: 'shared-head' },
        el('h3', {}, 'Shared files'),
        el('button', { type: 'button', onclick: () => picker.click() }, 'Share a file'),
        picker,
      ),
      this.#uploads,
      list,
      this.#none,
    );
  }

  open(): void {
    document.body.append(this.#dialog);
    this.#dialog.showModal();
    this.redraw();
    void this.reload();
  }

  close(): void {
    this.#dialog.close();
  }

  /** Shows the name and the picture as they are now. */
  redraw(): void {
    const { names, groupId } = this.#deps;
    this.#title.textContent = names.of({ type: 'group', id: groupId });
    this.#avatar.redraw();
  }

  /** Reads the list of files again. */
  async reload(): Promise<void> {
    try {
      const { im, groupId } = this.#deps;
      const files = [...(await im.groupManage.asyncGetFileList({ group_id: groupId }))];
      this.#rows.render(files.sort((a, b) => b.created_at - a.created_at));
      this.#none.textContent = files.length > 0 ? '' : 'Nobody has shared a file yet.';
    } catch (error) {
      this.#none.textContent = '';
      this.#showProblem(explain(error));
    }
  }

  async #share(file: File): Promise<void> {
    const { im, groupId: group_id } = this.#deps;
    const { name, size, type } = file;
    const abort = new AbortController();
    this.#ending.signal.addEventListener('abort', () => abort.abort());
    const meter = buildUploadMeter(name, () => abort.abort());
    const card = new FileCard({ im, name, actions: [meter.element] });
    card.show({ url: '', sizeBytes: size });
    const row = el('li', {}, card.element);
    this.#uploads.append(row);
    this.#showProblem('');
    meter.show(0);
    try {
      const { url } = await im.sysManage.asyncFileUpload({
        file,
        toType: 'chat',
        fileType: sharedTypeOf(type),
        chatType: 'group',
        to_id: group_id,
        signal: abort.signal,
        processCallback: ({ loaded, total }: TransferProgress) => meter.show(percentOf(loaded, total)),
      });
      await im.groupManage.asyncFileUpload({ group_id, name, size, url, type });
      await this.reload();
    } catch (error) {
      if (!abort.signal.aborted) this.#showProblem(`${name} was not shared. ${explain(error)}`);
    }
    row.remove();
  }

  async #delete({ file_id, name, group_id }: SharedFile): Promise<void> {
    this.#showProblem('');
    try {
      const [answer] = await this.#deps.im.groupManage.asyncFileDelete({ group_id, file_list: [file_id] });
      if (answer?.result === 'fail')
        this.#showProblem(`${name} was not deleted: ${answer.reason ?? 'no reason given'}`);
    } catch (error) {
      this.#showProblem(`${name} was not deleted. ${explain(error)}`);
    }
    await this.reload();
  }

  #buildFile(file: SharedFile): HTMLElement {
    const { im, names } = this.#deps;
    const { name, size, url, uploader, created_at } = file;
    const label = `Delete ${name}`;
    const ask = el(
      'button',
      { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick: () => setAsking(true) },
      icon('trash'),
    );
    const keep = el('button', { type: 'button', onclick: () => setAsking(false) }, 'Keep');
    const really = el(
      'span',
      { class: 'really', hidden: true },
      'Delete it for everybody? ',
      el('button', { type: 'button', onclick: () => void this.#delete(file) }, 'Delete'),
      ' ',
      keep,
    );
    const detail = `${names.user(String(uploader))}, ${shortTime(created_at, Date.now())}`;
    const card = new FileCard({ im, name, detail, actions: [ask, really] });
    card.show({ url, sizeBytes: size });
    this.#ending.signal.addEventListener('abort', () => card.close());
    return el('li', {}, card.element);

    function setAsking(on: boolean): void {
      really.hidden = !on;
      ask.hidden = on;
      (on ? keep : ask).focus();
    }
  }

  #showProblem(text: string): void {
    this.#problem.textContent = text;
    this.#problem.hidden = !text;
  }

  #handleClose(): void {
    this.#ending.abort();
    this.#avatar.close();
    this.#dialog.remove();
    this.#deps.onClose();
  }
}

function sharedTypeOf(mime: string): 'shareFile' | 'shareAudio' | 'shareImage' | 'shareVideo' {
  if (mime.startsWith('audio/')) return 'shareAudio';
  if (mime.startsWith('image/')) return 'shareImage';
  return mime.startsWith('video/') ? 'shareVideo' : 'shareFile';
}
