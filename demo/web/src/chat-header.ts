import { avatar } from './avatar.ts';
import { el } from './dom.ts';
import { icon } from './icons.ts';
import type { IconName } from './icons.ts';
import type { Names } from './names.ts';
import type { Target } from './target.ts';

export interface ChatHeaderDeps {
  names: Names;
  target: Target;
  onClose(): void;
  onShowGroup(): void;
  onCall(video: boolean): void;
}

/** The name of the open conversation, above its messages. */
export class ChatHeader {
  readonly element: HTMLElement;
  readonly #deps: ChatHeaderDeps;
  readonly #title = el('h1');
  readonly #subtitle = el('p', { class: 'subtitle', role: 'status' });
  readonly #avatar = el('span');
  #shown = '';

  constructor(deps: ChatHeaderDeps) {
    this.#deps = deps;
    const { target, onClose, onShowGroup, onCall } = deps;
    this.element = el(
      'header',
      { class: 'chat-header' },
      el(
        'button',
        { type: 'button', class: 'back', 'aria-label': 'Back to the conversations', onclick: () => onClose() },
        '‹',
      ),
      this.#avatar,
      el('div', { class: 'titles' }, this.#title, this.#subtitle),
      ...(target.type === 'group'
        ? [buildButton('files', 'Group picture and files', () => onShowGroup())]
        : [buildButton('phone', 'Call', () => onCall(false)), buildButton('film', 'Video call', () => onCall(true))]),
    );
  }

  draw(isTyping: boolean): void {
    const { names, target } = this.#deps;
    const name = names.of(target);
    const shown = name + names.picture(target);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#title.textContent = name;
      this.#avatar.replaceChildren(avatar(names, target));
    }
    this.#subtitle.textContent = isTyping ? 'typing…' : target.type === 'group' ? 'Group' : '';
    this.#subtitle.classList.toggle('typing', isTyping);
  }
}

const buildButton = (name: IconName, label: string, onclick: () => void): HTMLElement =>
  el('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick }, icon(name));
