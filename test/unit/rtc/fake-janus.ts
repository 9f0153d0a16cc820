import type { CallPort } from '../../../src/call-port.ts';
import { FlooError } from '../../../src/errors.ts';
import { parseId } from '../../../src/model/ids.ts';
import { parseLosslessJson } from '../../../src/util/lossless-json.ts';
import { fake } from '../../support/fakes.ts';

/** A request as Janus gets it. */
export interface JanusRequest {
  readonly janus: string;
  readonly transaction: string;
  readonly session_id?: number;
  readonly handle_id?: number;
  readonly candidates?: readonly object[];
  readonly body?: Readonly<Record<string, unknown>> & { readonly request: string; readonly ptype?: string };
  readonly jsep?: { readonly type: string; readonly sdp: string };
}

const OFFER = { type: 'offer', sdp: 'v=0 offer' };
const ANSWER = { type: 'answer', sdp: 'v=0 answer' };
export const SELF = '9000000000000000123';
export const PEER = 42;

/** A media server in memory, for one client, and a port whose signals go there. */
export class FakeJanus {
  readonly port: CallPort;
  readonly requests: JanusRequest[] = [];
  /** The texts of the requests, whose ids are exact. */
  readonly texts: string[] = [];
  readonly sessions = new Set<number>();
  readonly rooms = new Set<string>();
  /** Who publishes when the client joins. */
  publishers: { readonly id: number | string }[] = [];
  /** Who is in the room and sends nothing. */
  silent: { readonly id: number | string }[] = [];
  /** The client itself, when it has joined. */
  private own: { readonly id: unknown }[] = [];
  /** Codes for the next requests, by the name of the request. */
  readonly refusals = new Map<string, number[]>();
  isOnline = true;
  /** Requests are not answered. */
  isSilent = false;
  deliver: (content: string) => void = () => undefined;
  private lastId = 100;
  private readonly handles: { readonly id: number; readonly session: number }[] = [];

  constructor() {
    this.port = fake<CallPort>({
      clock: {
        now: () => Date.now(),
        setTimeout: (run, delayMs) => setTimeout(run, delayMs),
        clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
      },
      self: () => SELF,
      mediaServer: () => 'wss://media.test',
      sendSignal: async (content) => this.receive(content),
      parseJson: parseLosslessJson,
      parseId,
      createError: (reason, message, options) => new FlooError(reason, message, options),
      reportError: () => undefined,
    });
  }

  /** The bodies of requests of this name. */
  bodies(name: string): Readonly<Record<string, unknown>>[] {
    return this.requests.flatMap(({ body }) => (body?.request === name ? [body] : []));
  }

  refuse(name: string, code: number): void {
    this.refusals.set(name, [...(this.refusals.get(name) ?? []), code]);
  }

  /** Janus says something unasked to a handle: 0 sends, 1 receives, as they were made. */
  say(handle: number, event: object): void {
    const { id, session } = this.handles.at(handle) ?? {};
    this.deliver(JSON.stringify({ sender: id, session_id: session, ...event }));
  }

  sayToRoom(handle: number, data: object, more: object = {}): void {
    this.say(handle, { janus: 'event', plugindata: { data: { videoroom: 'event', ...data } }, ...more });
  }

  /** Forgets the session, as after a restart. */
  forget(): void {
    this.sessions.clear();
  }

  private async receive(content: string): Promise<void> {
    if (!this.isOnline) throw new FlooError('ServerNotReachable', 'offline');
    this.texts.push(content);
    const request = JSON.parse(content) as JanusRequest;
    this.requests.push(request);
    if (!this.isSilent) void Promise.resolve().then(() => this.answer(request));
  }

  private answer(request: JanusRequest): void {
    const { transaction, janus, session_id: session, body } = request;
    const reply = (answer: object): void => this.deliver(JSON.stringify({ transaction, ...answer }));
    if (janus !== 'create' && !this.sessions.has(session!))
      return reply({ janus: 'error', error: { code: 458, reason: 'No such session' } });
    const code = this.refusals.get(body?.request ?? janus)?.shift();
    if (code !== undefined) {
      const error = { error_code: code, error: 'refused' };
      return body
        ? reply({ janus: 'event', plugindata: { data: error } })
        : reply({ janus: 'error', error: { code, reason: 'refused' } });
    }
    if (janus === 'create') {
      this.sessions.add(++this.lastId);
      return reply({ janus: 'success', data: { id: this.lastId } });
    }
    if (janus === 'attach') {
      this.handles.push({ id: ++this.lastId, session: session! });
      return reply({ janus: 'success', data: { id: this.lastId } });
    }
    if (janus === 'destroy') this.sessions.delete(session!);
    if (janus !== 'message') return reply({ janus: ['destroy', 'claim'].includes(janus) ? 'success' : 'ack' });
    reply({ janus: 'ack' });
    const { data, jsep } = this.answerOfRoom(body!, request.jsep !== undefined);
    return reply({ janus: 'event', plugindata: { data }, ...(jsep && { jsep }) });
  }

  private answerOfRoom(
    body: NonNullable<JanusRequest['body']>,
    hasOffer: boolean,
  ): { data: Record<string, unknown>; jsep?: object } {
    const room = String(body['room']);
    switch (body.request) {
      case 'create':
        this.rooms.add(room);
        return { data: { videoroom: 'created', room: body['room'] } };
      case 'destroy':
        this.rooms.delete(room);
        return { data: { videoroom: 'destroyed' } };
      case 'join':
        return body.ptype === 'subscriber'
          ? { data: { videoroom: 'attached', streams: this.streamsOf(body['streams']) }, jsep: OFFER }
          : { data: { videoroom: 'joined', id: this.enter(body['id']), private_id: 7, publishers: this.publishers } };
      case 'subscribe':
        return { data: { videoroom: 'updated', streams: this.streamsOf(body['streams']) }, jsep: OFFER };
      case 'configure':
        if (body['restart']) return { data: { videoroom: 'event', configured: 'ok' }, jsep: OFFER };
        return { data: { videoroom: 'event', configured: 'ok' }, ...(hasOffer && { jsep: ANSWER }) };
      case 'listparticipants':
        return {
          data: {
            participants: [
              ...[...this.own, ...this.publishers].map(({ id }) => ({ id, publisher: true })),
              ...this.silent.map(({ id }) => ({ id, publisher: false })),
            ],
          },
        };
      default:
        return { data: { videoroom: 'event' } };
    }
  }

  /** Janus draws an id when the client names none. */
  private enter(id: unknown = ++this.lastId): unknown {
    this.own = [{ id }];
    return id;
  }

  private streamsOf(wanted: unknown): object[] {
    return (wanted as { feed: number; mid: string }[]).map(({ feed, mid }) => ({
      ...{ type: mid === '0' ? 'audio' : 'video', mid, active: true, feed_id: feed, feed_mid: mid },
    }));
  }
}
