import { isFlooError } from 'flooim';
import type { FlooClient, Message, UploadProgress } from 'flooim';
import { avatar } from './avatar.ts';
import type { CallDesk } from './call-desk.ts';
import { ChatHeader } from './chat-header.ts';
import { Composer } from './composer.ts';
import { coalesce, el, Rows } from './dom.ts';
import { explain } from './format.ts';
import { AttachmentViews } from './media/attachment-views.ts';
import { FileIntake } from './media/file-intake.ts';
import { imagesOf, showImageViewer } from './media/image-viewer.ts';
import type { Names } from './names.ts';
import { buildLine } from './message-view.ts';
import type { LineLook } from './message-view.ts';
import type { Outgoing } from './outgoing.ts';
import { Scroller } from './scroller.ts';
import type { Target } from './target.ts';
import { Timeline } from './timeline.ts';
import type { Line, MessageLine } from './timeline.ts';

const HISTORY_PAGE = 40;
const WARM_UP_MS = 100;

export interface ChatDeps {
  im: FlooClient;
  names: Names;
  outgoing: Outgoing;
  desk: CallDesk;
  self: string;
  draft: string;
  onDraft(text: string): void;
  onClose(): void;
  onShowGroup(): void;
  isTyping(userId: string): boolean;
}

/** One open conversation. */
export class ChatView {
  readonly element: HTMLElement;
  readonly target: Target;
  readonly redraw = coalesce(() => this.#draw());
  readonly #deps: ChatDeps;
  readonly #timeline: Timeline;
  readonly #header: ChatHeader;
  readonly #composer: Composer;
  readonly #scroller: Scroller;
  readonly #rows: Rows<Line>;
  readonly #attachments: AttachmentViews;
  readonly #intake: FileIntake;
  readonly #top = el('p', { class: 'history' });
  /** Voice messages whose author knows that they were played. */
  readonly #played = new Set<string>();
  #viewer: HTMLDialogElement | undefined;
  #loading = false;
  #atBeginning = false;
  #closed = false;

  constructor(target: Target, deps: ChatDeps) {
    this.target = target;
    this.#deps = deps;
    this.#timeline = new Timeline(deps.self, (message) => deps.desk.isShown(message));
    const { im, names, outgoing } = deps;
    this.#header = new ChatHeader({
      ...deps,
      target,
      onCall: (video) => void deps.desk.call(target.id, video),
    });
    this.#composer = new Composer({
      draft: deps.draft,
      placeholder: `Message ${names.of(target)}`,
      onDraft: (text) => deps.onDraft(text),
      onSend: (content) => this.#send(() => outgoing.send(target, content)),
      onFiles: (files) => this.#sendFiles(files),
      onVoice: (voice) => this.#send(() => outgoing.sendVoice(target, voice)),
      onTyping: (status) => {
        if (target.type !== 'roster' || !im.isLogin()) return;
        try {
          im.sysManage.sendInputStatusMessage(target.id, status);
        } catch (error) {
          // Another window took over. The user may write on; nobody is shown it.
          if (!isFlooError(error, 'UserNotLogin')) throw error;
        }
      },
    });
    this.#attachments = new AttachmentViews({
      im,
      localUrl: (key) => outgoing.localUrl(key),
      onOpenImage: (key) => this.#openImage(key),
      onCancel: (key) => void this.#discard(Number(key)),
      onPlayed: (message) => this.#markPlayed(message),
    });
    const lines = el('ol', { class: target.type === 'group' ? 'lines in-group' : 'lines' });
    this.#rows = new Rows(lines, {
      key: (line) => line.key,
      signature: (line) => this.#signature(line),
      build: (line) => buildLine(line, this.#lookOf(line)),
    });
    this.#scroller = new Scroller(lines, this.#top, () => this.#loadOlder());
    this.element = el('main', { class: 'chat' }, this.#header.element, this.#scroller.element, this.#composer.element);
    this.#intake = new FileIntake({
      zone: this.element,
      invitation: `Drop files here to send them to ${names.of(target)}`,
      onFiles: (files) => this.#sendFiles(files),
    });
  }

  /** Called once the element is in the page. */
  open(): void {
    this.#readStored();
    // The first call for a conversation reads it into memory; later calls return its messages.
    if (this.#timeline.size === 0) setTimeout(() => !this.#closed && this.#readStored(), WARM_UP_MS);
    this.#draw();
    this.#scroller.toEnd();
    if (this.#scroller.isNearTop()) this.#loadOlder();
    // On a phone the keyboard would cover half of the messages.
    if (matchMedia('(hover: hover)').matches) this.#composer.focus();
  }

  close(): void {
    this.#closed = true;
    this.#viewer?.close();
    this.#composer.close();
    this.#scroller.close();
    this.#attachments.close();
    this.#intake.close();
  }

  handleMessage(message: Message): void {
    // Commands and forwards are emitted but are not part of the conversation.
    if (message.type === 'command' || message.type === 'forward') return;
    this.#timeline.add(message);
    this.redraw();
  }

  handleStatusChange(mid: string): void {
    if (!this.#timeline.has(mid)) return;
    const message = this.#stored().find(({ id }) => id === mid);
    if (message) this.handleMessage(message);
  }

  /** Text was added to a message, or it was replaced. */
  handleEdit(message: Message): void {
    if (this.#timeline.has(message.id)) this.handleMessage(message);
  }

  /** A message was recalled or deleted. */
  handleRemoval(mid: string): void {
    this.#timeline.remove(mid);
    this.redraw();
  }

  /** The conversation may have been cleared or deleted, here or on another device. */
  async handleListChange(): Promise<void> {
    if (this.#timeline.size === 0 || this.#stored().length > 0 || !this.#deps.im.isLogin()) return;
    const { messages } = await this.#deps.im.sysManage.getMessages({ ...this.target, limit: 1 });
    if (messages.length > 0) return;
    this.#timeline.clear();
    this.redraw();
  }

  handleProgress({ mid, percent }: UploadProgress): void {
    this.#attachments.showProgress(String(mid), percent);
    // The message may know more about its file now: the size, a small picture.
    this.redraw();
  }

  handleHistory(next: string): void {
    this.#loading = false;
    this.#atBeginning = next === '0';
    this.redraw();
    // A page may hold only messages that are not shown, or may not fill the window.
    queueMicrotask(() => this.#scroller.isNearTop() && this.#loadOlder());
  }

  /** Allows another request after one that may have failed. */
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

  #send(send: () => void): void {
    this.#composer.showProblem('');
    try {
      send();
    } catch (error) {
      this.#composer.showProblem(explain(error));
    }
    this.#scroller.toEnd();
  }

  #sendFiles(files: readonly File[]): void {
    for (const file of files) this.#send(() => this.#deps.outgoing.sendFile(this.target, file));
  }

  async #discard(mid: number): Promise<void> {
    await this.#deps.outgoing.discard(mid);
    this.#draw();
    // The focus was on the removed element.
    if (document.activeElement === document.body) this.#composer.focus();
  }

  /** Tells the author once that the message was played. */
  #markPlayed({ id, from, isPlayed }: Message): void {
    const { im, self } = this.#deps;
    if (from === self || isPlayed || this.#played.has(id)) return;
    this.#played.add(id);
    const { rosterManage, groupManage } = im;
    (this.target.type === 'group' ? groupManage : rosterManage).markPlayed(this.target.id, id);
  }

  #lines(): Line[] {
    return this.#timeline.lines(this.#deps.outgoing.of(this.target));
  }

  #openImage(key: string): void {
    const { im, names, outgoing } = this.#deps;
    const images = (): ReturnType<typeof imagesOf> => imagesOf(this.#lines(), { im, names, outgoing });
    this.#viewer = showImageViewer({ im, images }, key);
  }

  #draw(): void {
    if (this.#closed) return;
    this.#header.draw(this.target.type === 'roster' && this.#deps.isTyping(this.target.id));
    const lines = this.#lines();
    this.#top.textContent = this.#atBeginning
      ? lines.length > 0
        ? 'This is the beginning of the conversation.'
        : 'No messages yet. Say hello!'
      : this.#loading
        ? 'Loading earlier messages…'
        : '';
    this.#scroller.keepPlace(() => this.#rows.render(lines));
  }

  #lookOf(line: Line): LineLook {
    const { names, outgoing } = this.#deps;
    const sender = this.#senderOf(line);
    return {
      sender: sender && { name: names.of(sender), avatar: avatar(names, sender) },
      nowMs: Date.now(),
      attachment: line.kind === 'message' ? this.#attachmentOf(line) : undefined,
      call: line.kind === 'message' ? this.#deps.desk.lineOf(line.message) : undefined,
      onRetry: (mid) => {
        outgoing.retry(mid);
        this.redraw();
      },
      onDiscard: (mid) => void this.#discard(mid),
    };
  }

  #attachmentOf({ key, message, percent, preview }: MessageLine): HTMLElement | undefined {
    return this.#attachments.of(key, message, { percent, preview })?.element;
  }

  /** The name above a line. */
  #senderOf(line: Line): Target | undefined {
    const shown = line.kind === 'message' && this.target.type === 'group' && !line.own && line.first;
    return shown ? { type: 'roster', id: line.message.from } : undefined;
  }

  #signature(line: Line): string {
    if (line.kind === 'day') return new Date().toDateString();
    const { names } = this.#deps;
    const { message, tick, failure, percent, preview, first } = line;
    const { content, timestamp, type, attach } = message;
    const sender = this.#senderOf(line);
    return JSON.stringify([
      ...[content, timestamp, type, attach, tick, failure, first],
      // Progress is shown in the same element.
      percent === undefined,
      preview === undefined,
      sender && [names.of(sender), names.picture(sender)],
    ]);
  }
}
