import { el } from './dom.ts';
import { growWithText } from './growing-field.ts';
import { icon } from './icons.ts';
import { RecordingBar } from './media/recording-bar.ts';
import { canRecord } from './media/voice-recording.ts';
import type { Voice } from './media/voice-recording.ts';
import { TypingSender } from './typing.ts';

export interface ComposerDeps {
  /** The draft: text typed before and not sent. */
  draft: string;
  placeholder: string;
  onSend(content: string): void;
  onFiles(files: File[]): void;
  onVoice(voice: Voice): void;
  onDraft(text: string): void;
  onTyping(status: 'typing' | 'nothing'): void;
}

/** The field for text, files and voice. Enter sends, Shift+Enter starts a new line. */
export class Composer {
  readonly element: HTMLFormElement;
  readonly #input: HTMLTextAreaElement;
  readonly #deps: ComposerDeps;
  readonly #typing: TypingSender;
  readonly #recordingBar: RecordingBar;
  readonly #grow: () => void;
  readonly #problem = el('p', { class: 'problem', role: 'alert', hidden: true });

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
    this.#grow = growWithText(this.#input);
    const picker = el('input', { type: 'file', multiple: true, hidden: true, 'aria-label': 'Files to send' });
    picker.addEventListener('change', () => {
      deps.onFiles([...(picker.files ?? [])]);
      // Allows the same file to be picked again.
      picker.value = '';
    });
    const record = iconButton('mic', 'Record a voice message', () => {
      this.showProblem('');
      void this.#recordingBar.start();
    });
    record.hidden = !canRecord();
    const writing = el(
      'div',
      { class: 'writing' },
      iconButton('attach', 'Attach files', () => picker.click()),
      picker,
      this.#input,
      record,
      el('button', { type: 'submit', class: 'primary' }, 'Send'),
    );
    this.#recordingBar = new RecordingBar({
      onVoice: (voice) => deps.onVoice(voice),
      onRecording: (on) => {
        writing.hidden = on;
        if (!on) record.focus();
      },
      onProblem: (text) => this.showProblem(text),
    });
    this.element = el(
      'form',
      { class: 'composer', onsubmit: (event: Event) => this.#submit(event) },
      this.#problem,
      writing,
      this.#recordingBar.element,
    );
  }

  focus(): void {
    this.#input.focus();
  }

  /** Shows a problem above the text, until the next try. */
  showProblem(text: string): void {
    this.#problem.textContent = text;
    this.#problem.hidden = !text;
  }

  close(): void {
    this.#typing.stop();
    this.#recordingBar.close();
  }

  #typed(): void {
    const text = this.#input.value;
    this.#deps.onDraft(text);
    if (text.trim()) this.#typing.typed();
    else this.#typing.stop();
  }

  #handleKey(event: KeyboardEvent): void {
    // While an input method is open, Enter accepts its suggestion.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.element.requestSubmit();
  }

  #submit(event: Event): void {
    event.preventDefault();
    const content = this.#input.value.trim();
    if (!content) return;
    this.#input.value = '';
    this.#grow();
    this.#deps.onDraft('');
    this.#typing.stop();
    this.#deps.onSend(content);
    this.#input.focus();
  }
}

const iconButton = (name: 'attach' | 'mic', label: string, onclick: () => void): HTMLButtonElement =>
  el('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick }, icon(name));
