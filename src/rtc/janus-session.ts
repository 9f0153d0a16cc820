import type { CallPort } from '../call-port.ts';
import type { FlooError } from '../errors.ts';
import type { Timer } from '../platform/ports.ts';
import { janusCode, janusError, NO_SESSION } from './janus-errors.ts';
import { printJanus } from './janus-json.ts';
import { randomText } from './random-text.ts';

/** Janus ends a session that is silent for a minute. */
const KEEP_ALIVE_MS = 25_000;
const ANSWER_TIMEOUT_MS = 15_000;
const TRANSACTION_LENGTH = 12;
/** After a signal that came too soon. */
const RATE_PAUSE_MS = 1000;

const VIDEO_ROOM = 'janus.plugin.videoroom';

/** An id of Janus: decimal text, or a number that is exact. */
type JanusId = string | number;

/** An offer or answer of a peer connection. */
export interface Jsep {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

/** What a plugin of Janus says: the answer to a request, or an event. */
export interface PluginData {
  readonly data: Readonly<Record<string, unknown>>;
  readonly jsep: Jsep | undefined;
}

/** What happens to a handle. */
export interface HandleListener {
  /** The plugin says something unasked. */
  onEvent(event: PluginData): void;
  /** A candidate of Janus; null: there are no more. */
  onCandidate(candidate: RTCIceCandidateInit | null): void;
  /** Media flows, or its peer connection has ended at Janus. */
  onUp(isUp: boolean): void;
}

interface Incoming {
  readonly janus: string;
  readonly session_id?: JanusId;
  readonly transaction?: string;
  readonly sender?: JanusId;
  readonly data?: { readonly id: JanusId };
  readonly plugindata?: { readonly data: Readonly<Record<string, unknown>> };
  readonly jsep?: Jsep;
  readonly candidate?: RTCIceCandidateInit & { completed?: boolean };
  readonly error?: { readonly code: number; readonly reason: string };
}

interface Waiting {
  /** What answers the request: Janus itself, at once, or the plugin, with an event. */
  readonly by: 'ack' | 'result';
  resolve(answer: Incoming): void;
  reject(error: FlooError): void;
  timer: Timer | undefined;
}

/**
 * A session at the Janus media server, whose texts travel as signals. Requests are answered by their transaction; what comes
 * unasked goes to the handle that it names.
 */
export class JanusSession {
  private readonly port: CallPort;
  private readonly mediaServer: string;
  private readonly onGone: () => void;
  private readonly waiting = new Map<string, Waiting>();
  private readonly handles = new Map<string, HandleListener>();
  private id: JanusId | undefined;
  private creating: Promise<void> | undefined;
  private keepAlive: Timer | undefined;
  private isClosed = false;

  /** @param onGone - Janus has ended the session */
  constructor(port: CallPort, mediaServer: string, onGone: () => void) {
    this.port = port;
    this.mediaServer = mediaServer;
    this.onGone = onGone;
  }

  /** Makes the session at Janus. */
  async create(): Promise<void> {
    this.creating = this.request({ janus: 'create' }, 'result').then(({ data }) => void (this.id = data?.id));
    await this.creating;
    this.mustOpen();
    this.keepAliveLater();
  }

  /** Makes a handle for a room. */
  async attach(listener: HandleListener): Promise<JanusHandle> {
    const { data } = await this.request({ janus: 'attach', plugin: VIDEO_ROOM }, 'result');
    const id = data?.id;
    if (id === undefined) throw this.port.createError('ServerResponseInvalid', 'a handle without an id');
    this.mustOpen();
    this.handles.set(String(id), listener);
    return new JanusHandle(id, async (request, by) => this.request({ ...request, handle_id: id }, by), this.port);
  }

  /** A signal arrived. What cannot be read is skipped. */
  handle(content: string): void {
    const incoming = this.read(content);
    if (!incoming) return;
    const waiting = incoming.transaction === undefined ? undefined : this.waiting.get(incoming.transaction);
    if (waiting && this.answers(waiting, incoming)) this.settle(incoming.transaction!, waiting, incoming);
    // Another session of this device may be ending, or may have been lost.
    else if (!waiting && String(incoming.session_id) === String(this.id)) this.dispatch(incoming);
  }

  /** Takes the session up again after the connection was lost: the server may have another one to Janus. It rejects when Janus has ended the session. */
  async claim(): Promise<void> {
    await this.request({ janus: 'claim' }, 'result');
  }

  /**
   * Ends the session, at Janus, too, if it can be reached.
   *
   * @param last - a request before it; Janus works on both at the same time, so its answer is awaited
   * @throws FlooError when the last request failed
   */
  async destroy(last?: object): Promise<void> {
    const hasBegun = this.id !== undefined;
    if (hasBegun) this.forget();
    const before = hasBegun ? last && this.request(last, 'result') : this.creating;
    this.isClosed = true;
    try {
      // Without anything to wait for it is said at once: the page may be going.
      if (before) await before;
    } finally {
      if (this.id !== undefined) this.say({ janus: 'destroy' });
    }
    // Janus has ended it before.
    if (last && !hasBegun) throw this.ended();
  }

  private forget(): void {
    this.stop(this.keepAlive);
    this.handles.clear();
    for (const [transaction, { reject }] of [...this.waiting]) {
      this.end(transaction);
      reject(this.ended());
    }
  }

  /** Sends a request whose answer nobody waits for. */
  private say(request: object): void {
    const text = printJanus({ ...request, session_id: this.id, transaction: randomText(TRANSACTION_LENGTH) });
    // Without a connection Janus ends the session by itself, after a minute.
    this.port.sendSignal(text, this.mediaServer).catch(ignore);
  }

  private stop(timer: Timer | undefined): void {
    if (timer !== undefined) this.port.clock.clearTimeout(timer);
  }

  private lose(): void {
    this.forget();
    this.isClosed = true;
    this.id = undefined;
    this.onGone();
  }

  private ended(): FlooError {
    return this.port.createError('ServerNeedReconnected', 'the session at the media server has ended');
  }

  private mustOpen(): void {
    if (this.isClosed) throw this.ended();
  }

  private async request(request: object, by: Waiting['by']): Promise<Incoming> {
    this.mustOpen();
    const transaction = randomText(TRANSACTION_LENGTH);
    const session = this.id === undefined ? {} : { session_id: this.id };
    const text = printJanus({ ...request, transaction, ...session });
    return new Promise((resolve, reject) => {
      this.waiting.set(transaction, { by, resolve, reject, timer: undefined });
      this.transmit(transaction, text, false);
    });
  }

  private transmit(transaction: string, text: string, isAgain: boolean): void {
    const { clock, sendSignal, createError } = this.port;
    const waiting = this.waiting.get(transaction)!;
    const fail = (error: FlooError): void => {
      if (this.end(transaction)) waiting.reject(error);
    };
    const wait = (delayMs: number, then: () => void): void => {
      this.stop(waiting.timer);
      waiting.timer = clock.setTimeout(then, delayMs);
    };
    wait(ANSWER_TIMEOUT_MS, () => fail(createError('ServerTimeOut', 'the media server did not answer')));
    sendSignal(text, this.mediaServer).catch((error: unknown) => {
      const isTooSoon = (error as Partial<FlooError>).reason === 'MessageRateLimitExceeded';
      if (!isTooSoon || isAgain || !this.waiting.has(transaction)) fail(error as FlooError);
      else wait(RATE_PAUSE_MS, () => this.transmit(transaction, text, true));
    });
  }

  private read(content: string): Incoming | undefined {
    try {
      const incoming = this.port.parseJson(content) as Partial<Incoming> | null;
      return typeof incoming?.janus === 'string' ? (incoming as Incoming) : undefined;
    } catch {
      this.port.reportError(this.port.createError('ServerResponseInvalid', 'a signal that is no JSON'));
      return undefined;
    }
  }

  /** Whether it is the answer that a request waits for. The plugin's answer follows an `ack`. */
  private answers({ by }: Waiting, { janus }: Incoming): boolean {
    return janus !== 'ack' || by === 'ack';
  }

  private settle(transaction: string, { resolve, reject }: Waiting, incoming: Incoming): void {
    this.end(transaction);
    const refusal = incoming.error ?? pluginError(incoming);
    if (refusal) reject(janusError(this.port, refusal.code, refusal.reason));
    else resolve(incoming);
  }

  /** @returns whether somebody waited */
  private end(transaction: string): boolean {
    const waiting = this.waiting.get(transaction);
    if (!waiting) return false;
    this.stop(waiting.timer);
    return this.waiting.delete(transaction);
  }

  private dispatch({ janus, sender, plugindata, jsep, candidate }: Incoming): void {
    if (janus === 'timeout') return this.lose();
    const listener = sender === undefined ? undefined : this.handles.get(String(sender));
    if (!listener) return undefined;
    if (janus === 'event' && plugindata) return listener.onEvent({ data: plugindata.data, jsep });
    if (janus === 'trickle' && candidate) return listener.onCandidate(candidate.completed ? null : candidate);
    if (janus === 'webrtcup') return listener.onUp(true);
    if (janus === 'hangup' || janus === 'detached') return listener.onUp(false);
    return undefined; // `media` and `slowlink` say nothing that the peer connection does not know
  }

  private keepAliveLater(): void {
    this.keepAlive = this.port.clock.setTimeout(() => {
      this.keepAliveLater();
      // More than a sign of life: the server may have another line to Janus.
      this.claim().catch((error: unknown) => {
        // Without a connection it fails, too, and the session lives a minute.
        if (janusCode(error) === NO_SESSION && !this.isClosed) this.lose();
      });
    }, KEEP_ALIVE_MS);
  }
}

/** A handle of a session: one peer connection in a room. */
export class JanusHandle {
  private readonly id: JanusId;
  private readonly request: (request: object, by: Waiting['by']) => Promise<Incoming>;
  private readonly port: CallPort;

  constructor(id: JanusId, request: JanusHandle['request'], port: CallPort) {
    this.id = id;
    this.request = request;
    this.port = port;
  }

  /**
   * Sends a request to the room.
   *
   * @throws FlooError as {@link janusError} names it
   */
  async message(body: object, jsep?: Jsep): Promise<PluginData> {
    const answer = await this.request({ janus: 'message', body, ...(jsep && { jsep }) }, 'result');
    const { plugindata } = answer;
    if (!plugindata)
      throw this.port.createError('ServerResponseInvalid', `an answer without data on handle ${this.id}`);
    return { data: plugindata.data, jsep: answer.jsep };
  }

  /** Sends candidates of the own side. */
  async trickle(candidates: readonly RTCIceCandidateInit[], isLast: boolean): Promise<void> {
    const all = [...candidates, ...(isLast ? [{ completed: true }] : [])];
    if (all.length > 0) await this.request({ janus: 'trickle', candidates: all }, 'ack');
  }

  /** A request to the room, for `JanusSession.destroy`. */
  toRequest(body: object): object {
    return { janus: 'message', handle_id: this.id, body };
  }
}

/** The error of a room comes as an event. */
function pluginError({ plugindata }: Incoming): Incoming['error'] | undefined {
  const { error_code: code, error } = plugindata?.data ?? {};
  return typeof code === 'number' ? { code, reason: String(error ?? '') } : undefined;
}

const ignore = (): undefined => undefined;
