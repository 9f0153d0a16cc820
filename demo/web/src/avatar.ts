import type { FlooClient, TransferProgress } from 'flooim';
import { el } from './dom.ts';
import { explain } from './format.ts';
import { icon } from './icons.ts';
import { percentOf } from './media/download-button.ts';
import { Meter } from './media/meter.ts';
import { buildRemoteImage } from './media/picture.ts';
import type { Names } from './names.ts';
import { keyOf } from './target.ts';
import type { Target } from './target.ts';

const HUES = [12, 38, 90, 160, 190, 215, 262, 320];

/** The picture of a user or group over a coloured disc with the first letter of the name. */
export function avatar(names: Names, target: Target): HTMLElement {
  const { type, id } = target;
  const name = names.of(target);
  // The dev server's ids are 16 apart, and group ids start like user ids.
  const hue = HUES[(Math.floor(Number(id) / 16) + (type === 'group' ? 3 : 0)) % HUES.length]!;
  const element = el(
    'span',
    { class: `avatar ${type}`, 'aria-hidden': 'true', 'data-of': keyOf(target) },
    String.fromCodePoint(name.codePointAt(0) ?? 0x3f).toUpperCase(),
  );
  element.style.setProperty('--hue', String(hue));
  if (names.picture(target)) element.append(buildRemoteImage('', () => names.picture(target)));
  return element;
}

export interface AvatarButtonDeps {
  im: FlooClient;
  names: Names;
  /** The logged-in user, or a group. */
  target: Target;
  label: string;
  /** Called with `''` when another try starts. */
  onProblem(text: string): void;
  /** Called when the server has the picture and the names are up to date. */
  onChanged(): void;
}

/** The picture of the user or of a group. A click picks another picture and uploads it. */
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
        // The server does not notify the device that made the change.
        await im.rosterManage.asyncGetRosterInfo(id, true);
      }
      onChanged();
    } catch (error) {
      if (!signal.aborted) onProblem(`The picture was not changed. ${explain(error)}`);
    }
    this.#meter.show(undefined);
  }
}
