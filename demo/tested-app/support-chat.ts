import type { FlooClient, Message } from 'flooim';

/** How a message of the customer stands. */
export type Delivery = 'waits' | 'sent' | 'failed';

/** A line of the chat. */
export interface ChatLine {
  readonly id: string;
  readonly mine: boolean;
  readonly text: string;
  readonly delivery: Delivery;
}

/** The chat of a customer with the support, as a widget of a shop shows it. */
export class SupportChat {
  private readonly im: FlooClient;
  private readonly support: string;

  constructor(im: FlooClient, support: string) {
    this.im = im;
    this.support = support;
  }

  /** What was said, and then what is on its way. */
  get lines(): ChatLine[] {
    const said = this.im.rosterManage.getRosterMessageByRid(this.support).map((message) => toLine(message, 'sent'));
    const onTheWay = this.im.sysManage
      .getSendingMessages(this.support, 'roster')
      .map((message) => toLine(message, message.sendingStatus === 'failed' ? 'failed' : 'waits'));
    return [...said, ...onTheWay];
  }

  ask(text: string): void {
    this.im.sysManage.sendRosterMessage({ uid: this.support, content: text.trim() });
  }

  /** Sends again what failed. */
  retry(): void {
    for (const { id, delivery } of this.lines) if (delivery === 'failed') this.im.sysManage.resendMessage(id);
  }
}

const toLine = ({ id, isOwn, content }: Message, delivery: Delivery): ChatLine => ({
  id,
  mine: isOwn,
  text: content,
  delivery,
});
