import type { FlooClient, TransferProgress } from 'flooim';
import { avatar } from './avatar.ts';
import { el } from './dom.ts';
import { explain } from './explain.ts';
import { icon } from './icons.ts';
import { percentOf } from './media/download-button.ts';
import { Meter } from './media/meter.ts';
import type { Names } from './names.ts';
import type { Target } from './target.ts';

export interface AvatarButtonDeps {
  im: FlooClient;
  names: Names;
  /** Oneself, or a group. */
  target: Target;
  label: string;
  /** `''`: a new try began. */
  onProblem(text: string): void;
  /** The server has it, and the names know it. */
  onChanged(): void;
}

/** The picture of oneself or of a group; a click picks another one and uploads it. */
export class AvatarButton {
  readonly element: HTMLElement;
  readonly #deps: AvatarButtonDeps;
  readonly #button: HTMLButtonElement;
  readonly #meter: Meter;
  #abort: AbortController | undefined;
  #shown = '';

  constructor(deps: AvatarButtonDeps) {
    this.#deps = deps;
    const { label } = deps;
    const picker = el('input', { type: 'file', accept: 'image/*', hidden: true, 'aria-label': label });
    picker.addEventListener('change', () => {
      const file = picker.files?.[0];
      picker.value = '';
      if (file) void this.#change(file);
    });
    this.#button = el('button', {
      type: 'button',
      class: 'avatar-button',
      'aria-label': label,
      title: label,
      onclick: () => picker.click(),
    });
    this.#meter = new Meter({
      label: 'Uploading the picture',
      cancelLabel: 'Cancel uploading the picture',
      onCancel: () => this.#abort?.abort(),
    });
    this.element = el('span', { class: 'avatar-place' }, this.#button, picker, this.#meter.element);
    this.redraw();
  }

  redraw(): void {
    const { names, target } = this.#deps;
    const shown = names.of(target) + names.picture(target);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#button.replaceChildren(avatar(names, target), icon('camera'));
  }

  close(): void {
    this.#abort?.abort();
  }

  async #change(file: File): Promise<void> {
    const { im, target, onProblem, onChanged } = this.#deps;
    const { id, type } = target;
    const { signal } = (this.#abort = new AbortController());
    const processCallback = ({ loaded, total }: TransferProgress): void => this.#meter.show(percentOf(loaded, total));
    onProblem('');
    this.#meter.show(0);
    try {
      const upload = { file, signal, processCallback };
      if (type === 'group') {
        const { url } = await im.sysManage.asyncFileUpload({ ...upload, toType: 'groupAvatar', group_id: id });
        await im.groupManage.asyncUpdateAvatar({ group_id: id, value: url });
        await im.groupManage.asyncGetGroupInfo(id, true);
      } else {
        const { url } = await im.sysManage.asyncFileUpload({ ...upload, toType: 'rosterAvatar' });
        await im.userManage.asyncUpdateAvatar({ avatar: url });
        // Nobody tells the device that did it.
        await im.rosterManage.asyncGetRosterInfo(id, true);
      }
      onChanged();
    } catch (error) {
      if (!signal.aborted) onProblem(`The picture was not changed. ${explain(error)}`);
    }
    this.#meter.show(undefined);
  }
}
