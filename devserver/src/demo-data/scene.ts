import { MessageBodyContentType, MessageBodyType, MessageOperationType } from 'flooim/wire';
import type { IMessageBody } from 'flooim/wire';
import { toXid } from '../model/ids.ts';
import type { Stage } from './stage.ts';

/** A conversation while its lines are played. */
export class Scene {
  readonly #stage: Stage;
  /** The two people, or nobody in a group. */
  readonly #pair: readonly string[];
  readonly #groupId: number | undefined;
  /** Person → its last message. */
  readonly #last = new Map<string, { id: bigint; text: string }>();
  /** All messages in order, as long as nobody took them back. */
  #messages: { id: bigint; from: string }[] = [];
  /** Person → the newest message that it has read. */
  readonly #readTo = new Map<string, bigint>();

  constructor(stage: Stage, place: readonly [string, string] | string) {
    this.#stage = stage;
    this.#pair = typeof place === 'string' ? [] : place;
    this.#groupId = typeof place === 'string' ? stage.group(place).id : undefined;
  }

  say(who: string, text: string, more: IMessageBody = {}): void {
    this.#send(who, { ctype: MessageBodyContentType.TEXT, content: text, ...more });
  }

  reply(who: string, whom: string, text: string): void {
    const { id, text: quoted } = this.#lastOf(whom);
    const reference = { mid: String(id), from: this.#stage.idOf(whom), content: quoted };
    this.say(who, text, { ext: JSON.stringify({ reference }) });
  }

  mention(who: string, whom: readonly string[], text: string): void {
    const all = whom.includes('all');
    const config = {
      mentionAll: all,
      mentionList: all ? [] : whom.map((name) => this.#stage.idOf(name)),
      mentionedMessage: text,
      pushMessage: text,
      senderNickname: who,
    };
    const names = all ? '@all' : whom.map((name) => `@${name}`).join(' ');
    this.say(who, `${names} ${text}`, { config: JSON.stringify(config) });
  }

  sendFile(who: string, name: string): void {
    const { ctype, attachment } = this.#stage.upload(who, this.#targetOf(who), name);
    this.#send(who, { ctype, content: '', attachment: JSON.stringify(attachment) });
  }

  stand(who: string, lat: number, lon: number, addr: string): void {
    const attachment = JSON.stringify({ lat, lon, addr });
    this.#send(who, { ctype: MessageBodyContentType.LOCATION, content: '', attachment });
  }

  /** The record of a call. @param ending how long it took in ms, or why it did not */
  call(who: string, ending: string): void {
    const config = {
      action: 'record',
      callId: `call-${this.#stage.now}`,
      initiator: this.#stage.idOf(who),
      peerDrop: false,
      type: 'audio',
    };
    this.#send(who, { ctype: MessageBodyContentType.RTC, content: ending, config: JSON.stringify(config) });
  }

  /** A message that apps act on and do not show. */
  poke(who: string): void {
    this.#send(who, { ctype: MessageBodyContentType.COMMAND, content: 'poke', config: '{"action":"poke"}' });
  }

  append(who: string, text: string): void {
    this.#operate(who, MessageOperationType.APPEND, { content: text });
  }

  replace(who: string, text: string): void {
    this.#operate(who, MessageOperationType.REPLACE, { content: text });
  }

  takeBack(who: string): void {
    this.#operate(who, MessageOperationType.RECALL, {});
    const { id } = this.#lastOf(who);
    this.#messages = this.#messages.filter((message) => message.id !== id);
  }

  /** Reads everything so far. In a conversation of two the other one sees it. */
  read(who: string): void {
    const after = this.#readTo.get(who) ?? 0n;
    const unread = this.#messages.filter(({ id, from }) => from !== who && id > after);
    const newest = unread.at(-1);
    if (!newest) return;
    this.#readTo.set(who, newest.id);
    const isGroup = this.#groupId !== undefined;
    for (const { id, from } of unread) {
      this.#stage.markRead(who, this.#targetOf(who), id);
      if (!isGroup) this.#stage.markReceipt(from, this.#targetOf(from), id);
    }
  }

  #send(who: string, body: IMessageBody): void {
    const id = this.#stage.send(who, this.#targetOf(who), body);
    this.#messages.push({ id, from: who });
    this.#last.set(who, { id, text: body.content ?? '' });
  }

  #operate(who: string, type: number, body: IMessageBody): void {
    const { id } = this.#lastOf(who);
    const toId = this.#targetOf(who);
    this.#stage.send(who, toId, { ...operationBody({ type, mid: String(id), xid: toXid(toId) }), ...body });
  }

  #targetOf(who: string): number {
    return this.#groupId ?? this.#stage.idOf(this.#pair.find((name) => name !== who)!);
  }

  #lastOf(who: string): { id: bigint; text: string } {
    const last = this.#last.get(who);
    if (!last) throw new Error(`${who} has said nothing yet`);
    return last;
  }
}

function operationBody(operation: NonNullable<IMessageBody['operation']>): IMessageBody {
  return { type: MessageBodyType.OPER, ctype: MessageBodyContentType.COMMAND, operation };
}
