import type { FlooError } from 'flooim';
import { el } from './dom.ts';
import { explain } from './explain.ts';

export type ConnectionShown = 'connecting' | 'online' | 'reconnecting';

const TEXTS: { readonly [state in ConnectionShown]: string } = {
  connecting: 'Connecting…',
  online: '',
  reconnecting: 'Connection lost, reconnecting…',
};
/** Said by the state already. */
const NETWORK = ['DNS_FAILED', 'CONNECT_ERROR'];
const PROBLEM_SHOWN_MS = 8000;

/** One line over everything while not online, and for a while what else went wrong. */
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

  /** No session is kept any more: another window with this user took it over, say. Stays until the user wants it back. */
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

  /** For a while; `''` hides it. */
  showText(text: string): void {
    clearTimeout(this.#hide);
    this.#problem.textContent = text;
    this.#problem.hidden = !text;
    this.#hide = setTimeout(() => (this.#problem.hidden = true), PROBLEM_SHOWN_MS);
  }
}
