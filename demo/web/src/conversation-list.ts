import type { FlooClient, Message, MessageType } from 'flooim';
import { avatar } from './avatar.ts';
import { el, Rows } from './dom.ts';
import { shortTime } from './format.ts';
import { fileOf } from './media/attachment.ts';
import type { Names } from './names.ts';
import { keyOf } from './target.ts';
import type { Target } from './target.ts';

const LABELS: { readonly [type in MessageType]?: string } = {
  image: 'Photo',
  audio: 'Voice message',
  video: 'Video',
  file: 'File',
  location: 'Location',
};

/** What the record of a call has: how long it was, or why it was not answered. */
const CALL_CONTENT = /^(\d+|timeout|canceled|rejected|busy)$/;

interface PreviewDeps {
  im: FlooClient;
  /** The line of a chat for a call; undefined for every other message. */
  callLine(message: Message): string | undefined;
}

/**
 * The text that the conversation list shows for the newest message.
 *
 * @param content from the SDK's conversation list: the text, what a call's record has, or the type of any other message
 */
export function previewOf({ im, callLine }: PreviewDeps, { type, id }: Target, content: string): string {
  const label = LABELS[content as MessageType];
  if (!label && !CALL_CONTENT.test(content)) return content;
  const { rosterManage, groupManage } = im;
  const messages = type === 'group' ? groupManage.getGroupMessage(id) : rosterManage.getRosterMessageByRid(id);
  // Most messages of a call are for clients.
  const message = messages.filter((one) => one.type !== 'rtc' || callLine(one)).at(-1);
  if (message?.type === 'rtc') return callLine(message) ?? content;
  // A text message may consist of just that word.
  if (message?.type === 'text' || !label) return content;
  return message?.type === 'file' ? (fileOf(message)?.name ?? label) : label;
}

interface Row {
  target: Target;
  name: string;
  picture: string;
  preview: string;
  timestampMs: number;
  unread: number;
  typing: boolean;
  open: boolean;
}

export interface ConversationListDeps extends PreviewDeps {
  names: Names;
  isTyping(userId: string): boolean;
}

/** The conversations, newest first, followed by friends and groups without a conversation. */
export class ConversationList {
  readonly element: HTMLElement;
  readonly #deps: ConversationListDeps;
  readonly #conversations: Rows<Row>;
  readonly #others: Rows<Row>;
  readonly #othersHeading = el('h2', { hidden: true }, 'Friends and groups');
  readonly #empty = el('p', { class: 'empty', hidden: true }, 'No conversations yet.');
  /** Friends and joined groups; their getters are asynchronous. */
  #contacts: Target[] = [];
  #open: Target | undefined;

  constructor(deps: ConversationListDeps) {
    this.#deps = deps;
    const kind = {
      key: ({ target }: Row) => keyOf(target),
      signature: (row: Row) => JSON.stringify(row),
      build: (row: Row) => buildRow(row, deps.names),
    };
    const conversations = el('ul', { 'aria-label': 'Conversations' });
    const others = el('ul', { 'aria-label': 'Friends and groups' });
    this.#conversations = new Rows(conversations, kind);
    this.#others = new Rows(others, kind);
    this.element = el('nav', { class: 'conversations' }, conversations, this.#othersHeading, others, this.#empty);
  }

  /** Reads the stored friends and groups again. It needs no network. */
  async reloadContacts(): Promise<void> {
    const { rosterManage, groupManage } = this.#deps.im;
    const [friends, groups] = await Promise.all([
      rosterManage.asyncGetRosterIdList(),
      groupManage.asyncGetJoinedGroups(),
    ]);
    this.#contacts = [
      ...friends.map((id): Target => ({ type: 'roster', id: String(id) })),
      ...groups.map(({ group_id }): Target => ({ type: 'group', id: String(group_id) })),
    ];
    this.redraw();
  }

  setOpen(target: Target | undefined): void {
    this.#open = target;
    this.redraw();
  }

  redraw(): void {
    const { im, names, isTyping } = this.#deps;
    const row = (target: Target, shown: { content?: string; timestamp?: string; unread?: number }): Row => ({
      target,
      name: names.of(target),
      picture: names.picture(target),
      preview: previewOf(this.#deps, target, shown.content ?? ''),
      timestampMs: Number(shown.timestamp ?? 0),
      unread: shown.unread ?? 0,
      typing: target.type === 'roster' && isTyping(target.id),
      open: this.#open !== undefined && keyOf(this.#open) === keyOf(target),
    });
    const conversations = im.userManage
      .getConversationList()
      .map((item) => row({ type: item.type, id: String(item.id) }, item));
    const talked = new Set(conversations.map(({ target }) => keyOf(target)));
    const others = this.#contacts.filter((target) => !talked.has(keyOf(target))).map((target) => row(target, {}));
    this.#conversations.render(conversations);
    this.#others.render(others);
    this.#othersHeading.hidden = others.length === 0;
    this.#empty.hidden = conversations.length + others.length > 0;
    const unread = conversations.reduce((sum, item) => sum + item.unread, 0);
    document.title = unread > 0 ? `(${unread}) flooim demo` : 'flooim demo';
  }
}

function buildRow(row: Row, names: Names): HTMLElement {
  const { target, name, preview, timestampMs, unread, typing, open } = row;
  const time = timestampMs > 0 && el('time', {}, shortTime(timestampMs, Date.now()));
  const badge =
    unread > 0 &&
    el('span', { class: 'badge', 'aria-label': `${unread} unread` }, unread > 99 ? '99+' : String(unread));
  return el(
    'li',
    {},
    el(
      'a',
      { class: 'conversation', href: `#${keyOf(target)}`, 'aria-current': open && 'true' },
      avatar(names, target),
      el('span', { class: 'name' }, name),
      time,
      el('span', { class: typing ? 'preview typing' : 'preview' }, typing ? 'typing…' : preview),
      badge,
    ),
  );
}
