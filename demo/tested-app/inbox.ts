import type { ClientEvents, FlooClient, Message } from 'flooim';

/** A line of the inbox. */
export interface InboxRow {
  readonly uid: string;
  /** The newest text; who writes at the moment has dots. */
  readonly text: string;
  readonly unread: number;
}

/** The list of chats of an app: the newest first, with the count of what is unread. */
export class Inbox {
  private readonly im: FlooClient;
  private readonly writing = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private readonly stops: (() => void)[] = [];

  constructor(im: FlooClient) {
    this.im = im;
    const changed = (): void => this.listeners.forEach((listener) => listener());
    const onMessage = ({ from }: Message): void => {
      this.writing.delete(from);
      changed();
    };
    const onTyping = ({ from, ext }: ClientEvents['onInputStatusMessage']): void => {
      if (ext.includes('"typing"')) this.writing.add(from);
      else this.writing.delete(from);
      changed();
    };
    im.on('recentlistUpdate', changed);
    im.on('onRosterMessage', onMessage);
    im.on('onInputStatusMessage', onTyping);
    this.stops.push(
      () => im.off('recentlistUpdate', changed),
      () => im.off('onRosterMessage', onMessage),
      () => im.off('onInputStatusMessage', onTyping),
    );
  }

  get rows(): InboxRow[] {
    return this.im.userManage.getConversationList().map(({ id, content, unread }) => {
      const uid = String(id);
      return { uid, text: this.writing.has(uid) ? '…' : content, unread };
    });
  }

  /** Opens a chat: its messages are read. */
  open(uid: string): void {
    this.im.rosterManage.readRosterMessage(uid);
  }

  /** Calls a function when the rows may have changed. @returns a function that ends it */
  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    for (const stop of this.stops) stop();
  }
}
