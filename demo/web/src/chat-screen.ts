import type { EventHandlers, FlooClient, GroupNoticePayload, Message, MessageReference, NoticeMeta } from 'flooim';
import { AvatarButton } from './avatar.ts';
import { CallDesk } from './call-desk.ts';
import { ChatView } from './chat-view.ts';
import { ConnectionLine } from './connection-line.ts';
import { ConversationList } from './conversation-list.ts';
import { coalesce, el } from './dom.ts';
import { GroupDialog } from './group-dialog.ts';
import { retryImages } from './media/picture.ts';
import { Names } from './names.ts';
import { showNewChat, showNewGroup } from './new-chat-dialog.ts';
import { Outgoing, targetOf } from './outgoing.ts';
import { clearAddress, keyOf, openInAddress, targetInAddress } from './target.ts';
import type { Target } from './target.ts';
import { TypingUsers } from './typing.ts';

/** The page of a logged-in user: the list and the open conversation, updated by the client's events. */
export class ChatScreen {
  readonly element: HTMLElement;
  readonly #im: FlooClient;
  readonly #self: string;
  readonly #names: Names;
  readonly #outgoing: Outgoing;
  readonly #typing: TypingUsers;
  readonly #list: ConversationList;
  readonly #connection: ConnectionLine;
  readonly #avatar: AvatarButton;
  readonly #desk: CallDesk;
  readonly #name = el('strong', { class: 'name' });
  readonly #nothingOpen = el('main', { class: 'chat nothing' }, el('p', {}, 'Choose a conversation.'));
  readonly #drafts = new Map<string, string>();
  readonly #unbind: () => void;
  #chat: ChatView | undefined;
  #groupDialog: GroupDialog | undefined;

  constructor(im: FlooClient) {
    this.#im = im;
    this.#self = String(im.userManage.getUid());
    this.#names = new Names(im);
    this.#outgoing = new Outgoing(im);
    this.#typing = new TypingUsers(() => {
      this.#list.redraw();
      this.#chat?.redraw();
    });
    this.#connection = new ConnectionLine();
    this.#desk = new CallDesk({
      im,
      names: this.#names,
      onProblem: (text) => this.#connection.showText(text),
    });
    this.#list = new ConversationList({
      im,
      names: this.#names,
      isTyping: (id) => this.#typing.has(id),
      callLine: (message) => this.#desk.lineOf(message),
    });
    this.#avatar = new AvatarButton({
      im,
      names: this.#names,
      target: { type: 'roster', id: this.#self },
      label: 'Change your picture',
      onProblem: (text) => this.#connection.showText(text),
      onChanged: this.#contactsChanged,
    });
    const sidebar = el('aside', { class: 'sidebar' }, this.#buildMe(), this.#list.element);
    this.element = el('div', { class: 'screen' }, this.#connection.element, sidebar, this.#nothingOpen);
    this.#unbind = im.on(this.#handlers());
  }

  /** Called once the element is in the page. It shows stored data and needs no network. */
  start(): void {
    addEventListener('hashchange', this.#follow);
    document.addEventListener('visibilitychange', this.#markRead);
    this.#drawMe();
    void this.#list.reloadContacts();
    this.#follow();
  }

  /** Called after a login with a password, when the connection is open before the screen is shown. */
  setOnline(): void {
    this.#connection.show('online');
  }

  close(): void {
    removeEventListener('hashchange', this.#follow);
    document.removeEventListener('visibilitychange', this.#markRead);
    this.#unbind();
    this.#chat?.close();
    this.#groupDialog?.close();
    this.#avatar.close();
    this.#desk.close();
    this.#typing.clear();
    this.#outgoing.close();
    this.element.remove();
  }

  #handlers(): EventHandlers {
    const redrawList = coalesce(() => this.#list.redraw());
    const contactsChanged = this.#contactsChanged;
    const filesChanged = ({ payload }: NoticeMeta<GroupNoticePayload>): void => {
      if (this.#groupDialog?.groupId === payload.gid.uid) void this.#groupDialog.reload();
    };
    const im = this.#im;
    const handleMessage = (message: Message): void => this.#handleMessage(message);
    const handleRemoval = ({ uid, mid }: MessageReference): void => this.#chatWith(uid)?.handleRemoval(mid);
    const handleEdit = (message: Message): void => this.#chat?.handleEdit(message);
    return {
      onRosterMessage: handleMessage,
      onGroupMessage: handleMessage,
      onReceiveHistoryMsg: ({ conversationId, next }) => this.#chatWith(conversationId)?.handleHistory(next),
      onMessageRecalled: handleRemoval,
      onMessageDeleted: handleRemoval,
      onRosterMessageContentAppend: handleEdit,
      onGroupMessageContentAppend: handleEdit,
      onRosterMessageReplace: handleEdit,
      onGroupMessageReplace: handleEdit,
      onMessageStatusChanged: ({ uid, mid }) => this.#chatWith(uid)?.handleStatusChange(mid),
      onSendingMessageStatusChanged: (event) => {
        this.#outgoing.handleStatus(event);
        this.#chat?.redraw();
      },
      onUploadProgress: (progress) => this.#chat?.handleProgress(progress),
      onInputStatusMessage: ({ from, ext }) => this.#typing.handleInputStatus(from, ext),
      onUnreadChange: () => {
        redrawList();
        this.#markRead();
      },
      recentlistUpdate: () => {
        redrawList();
        void this.#chat?.handleListChange();
      },
      onRosterListUpdate: contactsChanged,
      onGroupListUpdate: contactsChanged,
      onGroupFileUploaded: filesChanged,
      onGroupFileDeleted: filesChanged,
      onGroupFileUpdated: filesChanged,
      reconnect: () => this.#connection.show('reconnecting'),
      loginSuccess: () => {
        this.#connection.show('online');
        contactsChanged();
        redrawList();
        // Pictures that failed to load may load now.
        retryImages(document);
      },
      flooError: ({ category, error }) => {
        if (im.isLogin()) this.#connection.showProblem(category, error);
        else this.#connection.showEnd(error);
        this.#chat?.handleProblem();
      },
    };
  }

  #handleMessage(message: Message): void {
    if (message.from !== this.#self && !message.isHistory) this.#typing.stopped(message.from);
    if (this.#chat && keyOf(this.#chat.target) === keyOf(targetOf(message, this.#self)))
      this.#chat.handleMessage(message);
  }

  /** Events name a conversation by its id alone, because users and groups never share one. */
  #chatWith(id: string): ChatView | undefined {
    return this.#chat?.target.id === id ? this.#chat : undefined;
  }

  /** Shows the conversation in the address. */
  readonly #follow = (): void => {
    const target = targetInAddress();
    if (target?.id === this.#self) return clearAddress();
    if (target && this.#chat && keyOf(target) === keyOf(this.#chat.target)) return;
    this.#chat?.close();
    this.#chat = target && this.#buildChat(target);
    this.element.querySelector('main')!.replaceWith(this.#chat?.element ?? this.#nothingOpen);
    this.element.classList.toggle('chat-open', target !== undefined);
    this.#list.setOpen(target);
    this.#chat?.open();
    this.#markRead();
  };

  #buildChat(target: Target): ChatView {
    return new ChatView(target, {
      im: this.#im,
      names: this.#names,
      outgoing: this.#outgoing,
      desk: this.#desk,
      self: this.#self,
      draft: this.#drafts.get(keyOf(target)) ?? '',
      onDraft: (text) => this.#drafts.set(keyOf(target), text),
      onClose: () => {
        clearAddress();
        this.#follow();
      },
      onShowGroup: () => this.#showGroup(target.id),
      isTyping: (id) => this.#typing.has(id),
    });
  }

  #showGroup(groupId: string): void {
    this.#groupDialog = new GroupDialog({
      im: this.#im,
      names: this.#names,
      groupId,
      onChanged: this.#contactsChanged,
      onClose: () => (this.#groupDialog = undefined),
    });
    this.#groupDialog.open();
  }

  /** Marks the open conversation as read while the page is visible. */
  readonly #markRead = (): void => {
    if (!this.#chat || document.visibilityState !== 'visible') return;
    const { type, id } = this.#chat.target;
    const { rosterManage, groupManage } = this.#im;
    if (type === 'group' && groupManage.getUnreadCount(id) > 0) groupManage.readGroupMessage(id);
    if (type === 'roster' && rosterManage.getUnreadCount(id) > 0) rosterManage.readRosterMessage(id);
  };

  /** Shows changed names and pictures. */
  readonly #contactsChanged = coalesce(() => {
    this.#names.refresh();
    this.#drawMe();
    this.#chat?.redraw();
    this.#groupDialog?.redraw();
    void this.#list.reloadContacts();
  });

  #drawMe(): void {
    this.#name.textContent = this.#names.user(this.#self);
    this.#avatar.redraw();
  }

  #buildMe(): HTMLElement {
    const deps = { im: this.#im, names: this.#names, onOpen: openInAddress };
    const another = new URL(location.href);
    another.searchParams.set('login', '');
    another.hash = '';
    return el(
      'header',
      { class: 'me' },
      this.#avatar.element,
      this.#name,
      el('button', { type: 'button', onclick: () => void this.#im.logout() }, 'Log out'),
      el('button', { type: 'button', onclick: () => showNewChat(deps) }, 'New chat'),
      el('button', { type: 'button', onclick: () => void showNewGroup(deps) }, 'New group'),
      // noopener: otherwise the new window would start with a copy of this window's session and user.
      el('a', { class: 'button', href: another.href, target: '_blank', rel: 'noopener' }, 'Another user'),
    );
  }
}
