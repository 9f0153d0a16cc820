import { el } from '../dom.ts';
import { playTime } from '../format.ts';
import { VoiceRecording } from './voice-recording.ts';
import type { Voice } from './voice-recording.ts';

const TICK_MS = 200;

export interface RecordingBarDeps {
  onVoice(voice: Voice): void;
  /** Called when a recording starts or ends. */
  onRecording(on: boolean): void;
  onProblem(text: string): void;
}

/** Replaces the text field during a recording: it shows the time, and buttons to send and to cancel. Escape cancels. */
export class RecordingBar {
  readonly element: HTMLElement;
  readonly #deps: RecordingBarDeps;
  readonly #time = el('span', { class: 'play-time', role: 'timer' });
  readonly #send: HTMLButtonElement;
  #recording: VoiceRecording | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #state: 'idle' | 'asking' | 'recording' | 'closed' = 'idle';

  constructor(deps: RecordingBarDeps) {
    this.#deps = deps;
    this.#send = el('button', { type: 'button', class: 'primary', onclick: () => void this.#finish() }, 'Send');
    this.element = el(
      'div',
      {
        class: 'recording-bar',
        role: 'group',
        'aria-label': 'Voice message',
        hidden: true,
        onkeydown: (event: KeyboardEvent) => event.key === 'Escape' && this.cancel(),
      },
      el('span', { class: 'recording-dot' }),
      this.#time,
      el('span', { class: 'hint' }, 'Recording…'),
      el('button', { type: 'button', onclick: () => this.cancel() }, 'Cancel'),
      this.#send,
    );
  }

  async start(): Promise<void> {
    if (this.#state !== 'idle') return;
    this.#state = 'asking';
    try {
      const recording = await VoiceRecording.start();
      // The chat was closed while the browser asked for permission.
      if (this.#isClosed()) {
        recording.cancel();
        return;
      }
      this.#recording = recording;
    } catch (error) {
      if (this.#isClosed()) return;
      this.#state = 'idle';
      this.#deps.onProblem(reasonOf(error));
      return;
    }
    this.#state = 'recording';
    this.#tick();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.element.hidden = false;
    this.#deps.onRecording(true);
    this.#send.focus();
  }

  cancel(): void {
    this.#recording?.cancel();
    this.#end();
  }

  close(): void {
    this.cancel();
    this.#state = 'closed';
  }

  async #finish(): Promise<void> {
    const recording = this.#recording;
    this.#end();
    if (recording) this.#deps.onVoice(await recording.stop());
  }

  #end(): void {
    if (!this.#recording) return;
    this.#recording = undefined;
    this.#state = 'idle';
    clearInterval(this.#timer);
    this.element.hidden = true;
    this.#deps.onRecording(false);
  }

  #tick(): void {
    this.#time.textContent = playTime(this.#recording!.elapsedS);
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }
}

function reasonOf(error: unknown): string {
  const { name, message } = error as DOMException;
  if (name === 'NotAllowedError')
    return 'This page may not use the microphone. Allow it in the settings of the browser.';
  if (name === 'NotFoundError') return 'There is no microphone.';
  return `The microphone cannot be used: ${message}`;
}
