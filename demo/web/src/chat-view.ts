import type { FlooClient, Message } from 'flooim';
import { Composer } from './composer.ts';
import { coalesce, el, Rows } from './dom.ts';
import { avatar } from './names.ts';
import type { Names } from './names.ts';
import { buildLine } from './message-view.ts';
import type { Outgoing } from './outgoing.ts';
import { Scroller } from './scroller.ts';
import type { Target } from './target.ts';
import { Timeline } from './timeline.ts';
import type { Line } from './timeline.ts';

const HISTORY_PAGE = 40;
const WARM_UP_MS = 100;

export interface ChatDeps {
  im: FlooClient;
  names: Names;
  outgoing: Outgoing;
  self: string;
  draft: string;
  onDraft(text: string): void;
  onClose(): void;
  isTyping(userId: string): boolean;
}

/** One open conversation. */
export class ChatView {
  readonly element: HTMLElement;
  readonly target: Target;
  readonly redraw = coalesce(() => this.#draw());
  readonly #deps: ChatDeps;
  readonly #timeline: Timeline;
  readonly #composer: Composer;
  readonly #scroller: Scroller;
  readonly #rows: Rows<Line>;
  readonly #title = el('h1');
  readonly #subtitle = el('p', { class: 'subtitle', role: 'status' });
  readonly #avatar = el('span');
  readonly #top = el('p', { class: 'history' });
  #loading = false;
  #atBeginning = false;
  #closed = false;

  constructor(target: Target, deps: ChatDeps) {
    this.target = target;
    this.#deps = deps;
    this.#timeline = new Timeline(deps.self);
    const { im } = deps;
    this.#composer = new Composer({
      draft: deps.draft,
      placeholder: `Message ${deps.names.of(target)}`,
      onDraft: (text) => deps.onDraft(text),
      onSend: (content) => {
        this.#scroller.toEnd();
        deps.outgoing.send(target, content);
      },
      onTyping: (status) => {
        if (target.type === 'roster' && im.isLogin()) im.sysManage.sendInputStatusMessage(target.id, status);
      },
    });
    const lines = el('ol', { class: 'lines' });
    this.#rows = new Rows(lines, {
      key: (line) => line.key,
      signature: (line) => this.#signature(line),
      build: (line) =>
        buildLine(line, {
          sender: this.#senderOf(line),
          nowMs: Date.now(),
          onRetry: (mid) => {
            deps.outgoing.retry(mid);
            this.redraw();
          },
        }),
    });
    this.#scroller = new Scroller(lines, this.#top, () => this.#loadOlder());
    this.element = el(
      'main',
      { class: 'chat' },
      el(
        'header',
        { class: 'chat-header' },
        el(
          'button',
          { type: 'button', class: 'back', 'aria-label': 'Back to the conversations', onclick: () => deps.onClose() },
          '‹',
        ),
        this.#avatar,
        el('div', { class: 'titles' }, this.#title, this.#subtitle),
      ),
      this.#scroller.element,
      this.#composer.element,
    );
  }

  /** To be called once the element is in the page. */
  open(): void {
    this.#readStored();
    // A conversation not used for long is read into memory first, and answered from the next call on.
    if (this.#timeline.size === 0) setTimeout(() => !this.#closed && this.#readStored(), WARM_UP_MS);
    this.#draw();
    this.#scroller.toEnd();
    if (this.#scroller.isNearTop()) this.#loadOlder();
    // On a phone the keyboard would hide half of what one came to read.
    if (matchMedia('(hover: hover)').matches) this.#composer.focus();
  }

  close(): void {
    this.#closed = true;
    this.#composer.close();
    this.#scroller.close();
  }

  handleMessage(message: Message): void {
    // Commands and forwards are told, not part of the conversation.
    if (message.type === 'command' || message.type === 'forward') return;
    this.#timeline.add(message);
    this.redraw();
  }

  handleStatusChange(mid: string): void {
    if (!this.#timeline.has(mid)) return;
    const message = this.#stored().find(({ id }) => id === mid);
    if (message) this.handleMessage(message);
  }

  handleHistory(next: string): void {
    this.#loading = false;
    this.#atBeginning = next === '0';
    this.redraw();
    // A page may be all of what is not shown, or not fill the window.
    queueMicrotask(() => this.#scroller.isNearTop() && this.#loadOlder());
  }

  /** A request may have failed; another one may be made. */
  handleProblem(): void {
    this.#loading = false;
    this.redraw();
  }

  #stored(): Message[] {
    const { rosterManage, groupManage } = this.#deps.im;
    const { type, id } = this.target;
    return type === 'group' ? groupManage.getGroupMessage(id) : rosterManage.getRosterMessageByRid(id);
  }

  #readStored(): void {
    for (const message of this.#stored()) this.handleMessage(message);
  }

  #loadOlder(): void {
    if (this.#loading || this.#atBeginning || this.#closed) return;
    this.#loading = true;
    this.#deps.im.sysManage.requireHistoryMessage(this.target.id, this.#timeline.oldest, HISTORY_PAGE);
    this.redraw();
  }

  #draw(): void {
    if (this.#closed) return;
    const { names, outgoing, isTyping } = this.#deps;
    const name = names.of(this.target);
    if (this.#title.textContent !== name) {
      this.#title.textContent = name;
      this.#avatar.replaceChildren(avatar(name, this.target));
    }
    const typing = this.target.type === 'roster' && isTyping(this.target.id);
    this.#subtitle.textContent = typing ? 'typing…' : this.target.type === 'group' ? 'Group' : '';
    this.#subtitle.classList.toggle('typing', typing);
    const lines = this.#timeline.lines(outgoing.of(this.target));
    this.#top.textContent = this.#atBeginning
      ? lines.length > 0
        ? 'This is the beginning of the conversation.'
        : 'No messages yet. Say hello!'
      : this.#loading
        ? 'Loading earlier messages…'
        : '';
    this.#scroller.keepPlace(() => this.#rows.render(lines));
  }

  #senderOf(line: Line): string | undefined {
    const shown = line.kind === 'message' && this.target.type === 'group' && !line.own && line.first;
    return shown ? this.#deps.names.user(line.message.from) : undefined;
  }

  #signature(line: Line): string {
    if (line.kind === 'day') return new Date().toDateString();
    const { message, tick, failure, first } = line;
    return JSON.stringify([
      message.content,
      message.timestamp,
      message.type,
      tick,
      failure,
      first,
      this.#senderOf(line),
    ]);
  }
}
