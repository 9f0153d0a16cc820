import { el } from './dom.ts';
import { TypingSender } from './typing.ts';

export interface ComposerDeps {
  /** What was typed here before and not sent. */
  draft: string;
  placeholder: string;
  onSend(content: string): void;
  onDraft(text: string): void;
  onTyping(status: 'typing' | 'nothing'): void;
}

/** Where one writes: Enter sends, Shift+Enter begins a new line. */
export class Composer {
  readonly element: HTMLFormElement;
  readonly #input: HTMLTextAreaElement;
  readonly #deps: ComposerDeps;
  readonly #typing: TypingSender;

  constructor(deps: ComposerDeps) {
    this.#deps = deps;
    this.#typing = new TypingSender((status) => deps.onTyping(status));
    const { placeholder } = deps;
    this.#input = el('textarea', {
      rows: 1,
      placeholder,
      'aria-label': placeholder,
      enterkeyhint: 'send',
      oninput: () => this.#typed(),
      onblur: () => this.#typing.stop(),
      onkeydown: (event: KeyboardEvent) => this.#handleKey(event),
    });
    this.#input.value = deps.draft;
    this.element = el(
      'form',
      { class: 'composer', onsubmit: (event: Event) => this.#submit(event) },
      this.#input,
      el('button', { type: 'submit', class: 'primary' }, 'Send'),
    );
  }

  focus(): void {
    this.#input.focus();
  }

  close(): void {
    this.#typing.stop();
  }

  #typed(): void {
    const text = this.#input.value;
    this.#deps.onDraft(text);
    if (text.trim()) this.#typing.typed();
    else this.#typing.stop();
  }

  #handleKey(event: KeyboardEvent): void {
    // While an input method is open, Enter takes its suggestion.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.element.requestSubmit();
  }

  #submit(event: Event): void {
    event.preventDefault();
    const content = this.#input.value.trim();
    if (!content) return;
    this.#input.value = '';
    this.#deps.onDraft('');
    this.#typing.stop();
    this.#deps.onSend(content);
    this.#input.focus();
  }
}
