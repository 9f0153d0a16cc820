import { MessageBodyContentType, MessageBodyQoS, MessageBodyType, MessageOperationType } from 'flooim/wire';
import type { IMessageBody } from 'flooim/wire';
import type { Messaging, SentListener } from '../messaging/messaging.ts';
import type { AppData } from '../model/app-data.ts';
import { toXid } from '../model/ids.ts';
import type { User } from '../model/users.ts';
import type { Clock, Timer } from '../ports.ts';
import { answerTo, piecesOf } from './answers.ts';

const THINKS_MS = 600;
const PIECE_MS = 120;
/** Apps read it to show the pieces at this pace. */
const STREAM_INTERVAL_S = PIECE_MS / 1000;
/** A bot is no device, so each device that logs in as the bot gets what it sent. */
const NO_DEVICE = 0;

/** An answer on its way. */
interface Work {
  readonly app: AppData;
  readonly bot: User;
  /** The asking user, or the group. */
  readonly toId: number;
  readonly pieces: string[];
  /** The message that grows; undefined while the bot thinks. */
  answerId?: bigint;
  timer: Timer;
}

/**
 * Answers for every user that is a chatbot. It reads a message, types, sends the beginning of its answer, and appends the rest
 * piece by piece. In a group it answers those who mention it.
 */
export class Assistant {
  readonly #messaging: Messaging;
  readonly #clock: Clock;
  /** By the id of the question. */
  readonly #works = new Map<bigint, Work>();

  constructor(messaging: Messaging, clock: Clock) {
    this.#messaging = messaging;
    this.#clock = clock;
    messaging.listen((app, sent) => this.#onSent(app, sent));
  }

  /** Ends all answers where they are. */
  stop(): void {
    for (const id of [...this.#works.keys()]) this.#end(id);
  }

  #onSent(app: AppData, { id, from, toId, body }: Parameters<SentListener>[1]): void {
    const { operation } = body;
    if (operation?.type === MessageOperationType.RECALL) this.#onRecall(BigInt(operation.mid ?? '0'));
    const sender = app.users.get(from.userId);
    // Two bots would never stop.
    if (!sender || sender.staff === 'chatbot' || !isQuestion(body)) return;
    const bot = addressee(app, toId, body);
    if (!bot) return;
    const isGroup = app.groups.isGroupId(toId);
    const work = { app, bot, toId: isGroup ? toId : sender.id, pieces: piecesOf(answerTo(body)) };
    this.#works.set(id, { ...work, timer: this.#clock.setTimeout(() => this.#begin(id), THINKS_MS) });
    // In a turn of its own, so that the question is everywhere before what follows from it.
    this.#clock.setTimeout(() => this.#works.has(id) && this.#onRead(id, isGroup), 0);
  }

  #onRead(id: bigint, isGroup: boolean): void {
    const { toId } = this.#works.get(id)!;
    if (isGroup) return;
    this.#send(id, operation(MessageOperationType.READ_ACK, id, toId));
    this.#type(id, 'typing');
  }

  #begin(id: bigint): void {
    const work = this.#works.get(id)!;
    const { pieces } = work;
    const isWhole = pieces.length === 1;
    const answerId = this.#send(id, { content: pieces.shift()!, ctype: MessageBodyContentType.TEXT, ext: ai(isWhole) });
    if (answerId === undefined) return;
    work.answerId = answerId;
    this.#goOn(id);
  }

  #append(id: bigint): void {
    const { answerId, pieces, toId } = this.#works.get(id)!;
    const content = pieces.shift()!;
    const more = { content, ext: ai(pieces.length === 0) };
    if (this.#send(id, { ...operation(MessageOperationType.APPEND, answerId!, toId), ...more }) !== undefined)
      this.#goOn(id);
  }

  #goOn(id: bigint): void {
    const work = this.#works.get(id);
    if (!work) return;
    if (work.pieces.length > 0) work.timer = this.#clock.setTimeout(() => this.#append(id), PIECE_MS);
    else this.#finish(id);
  }

  /** A question that was taken back needs no more answer, and an answer that was taken back does not grow. */
  #onRecall(mid: bigint): void {
    const asked = this.#works.get(mid);
    if (asked) {
      const { answerId, toId } = asked;
      // Apps show a growing message until its end is there.
      if (answerId !== undefined)
        this.#send(mid, { ...operation(MessageOperationType.APPEND, answerId, toId), content: ' …', ext: ai(true) });
      this.#finish(mid);
    }
    for (const [id, { answerId }] of this.#works) if (answerId === mid) this.#finish(id);
  }

  #finish(id: bigint): void {
    this.#type(id, 'nothing');
    this.#end(id);
  }

  #end(id: bigint): void {
    const work = this.#works.get(id);
    if (work) this.#clock.clearTimeout(work.timer);
    this.#works.delete(id);
  }

  #type(id: bigint, status: 'typing' | 'nothing'): void {
    const work = this.#works.get(id);
    if (!work || work.app.groups.isGroupId(work.toId)) return;
    const ext = JSON.stringify({ input_status: status });
    this.#send(id, { ctype: MessageBodyContentType.TEXT, content: '', qos: MessageBodyQoS.AT_MOST_ONCE, ext });
  }

  /** @returns the id; undefined if it is refused, and then the answer ends: the user or the message is gone */
  #send(id: bigint, body: IMessageBody): bigint | undefined {
    const { app, bot, toId } = this.#works.get(id)!;
    const result = this.#messaging.send(app, { from: { userId: bot.id, device: NO_DEVICE }, toId, body });
    if (result.ok) return result.id;
    this.#end(id);
    return undefined;
  }
}

/** Whether a message wants an answer: it is kept, and says something. */
function isQuestion({ type, ctype, qos, content, attachment }: IMessageBody): boolean {
  if (type === MessageBodyType.OPER || ctype === MessageBodyContentType.COMMAND || ctype === MessageBodyContentType.RTC)
    return false;
  return qos !== MessageBodyQoS.AT_MOST_ONCE && Boolean(content || attachment);
}

/** The bot that a message is for: its receiver, or the one that it mentions in a group. */
function addressee(app: AppData, toId: number, { config }: IMessageBody): User | undefined {
  const group = app.groups.get(toId);
  const candidates = group ? mentionedIn(config ?? '').filter((id) => group.members.has(id)) : [toId];
  return candidates.map((id) => app.users.get(id)).find((user) => user?.staff === 'chatbot');
}

function mentionedIn(config: string): number[] {
  try {
    const { mentionList } = (JSON.parse(config) ?? {}) as { mentionList?: unknown };
    return Array.isArray(mentionList) ? mentionList.map(Number) : [];
  } catch {
    // Any text is legal as a config.
    return [];
  }
}

function operation(type: number, mid: bigint, toId: number): IMessageBody {
  return {
    type: MessageBodyType.OPER,
    ctype: MessageBodyContentType.COMMAND,
    operation: { type, mid: String(mid), xid: toXid(toId) },
  };
}

function ai(finish: boolean): string {
  return JSON.stringify({ ai: { stream: true, stream_interval: STREAM_INTERVAL_S, finish } });
}
