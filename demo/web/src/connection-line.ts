import type { FlooError } from 'flooim';
import { el } from './dom.ts';
import { explain } from './format.ts';

export type ConnectionShown = 'connecting' | 'online' | 'reconnecting';

const TEXTS: { readonly [state in ConnectionShown]: string } = {
  connecting: 'Connecting…',
  online: '',
  reconnecting: 'Connection lost, reconnecting…',
};
/** Errors that the connection state already shows. */
const NETWORK = ['DNS_FAILED', 'CONNECT_ERROR'];
const PROBLEM_SHOWN_MS = 8000;

/** A line above the page while it is not online, and for some seconds each other error. */
export class ConnectionLine {
  readonly #state = el('p', { class: 'connection', role: 'status' });
  readonly #problem = el('p', { class: 'problem', role: 'alert', hidden: true });
  readonly element = el('div', { class: 'lines-above' }, this.#state, this.#problem);
  #hide: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.show('connecting');
  }

  show(state: ConnectionShown): void {
    this.#state.textContent = TEXTS[state];
    this.#state.hidden = state === 'online';
  }

  /**
   * Shows that the session has ended, for example because another window took over. It stays until the user logs in
   * again.
   */
  showEnd(error: FlooError): void {
    this.#state.replaceChildren(
      `${explain(error)} `,
      el('button', { type: 'button', onclick: () => location.reload() }, 'Log in here'),
    );
    this.#state.hidden = false;
  }

  showProblem(category: string, error: FlooError): void {
    if (!NETWORK.includes(category)) this.showText(explain(error));
  }

  /** Shows a text for some seconds; `''` hides it. */
  showText(text: string): void {
    clearTimeout(this.#hide);
    this.#problem.textContent = text;
    this.#problem.hidden = !text;
    this.#hide = setTimeout(() => (this.#problem.hidden = true), PROBLEM_SHOWN_MS);
  }
}
