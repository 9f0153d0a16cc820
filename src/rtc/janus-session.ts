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
export type JanusId = string | number;

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
    this.creating = this.request({ janus: 'create' }).then(({ data }) => void (this.id = data?.id));
    await this.creating;
    this.mustOpen();
    this.keepAliveLater();
  }

  /** Makes a handle for a room: one peer connection. @returns its id */
  async attach(listener: HandleListener): Promise<JanusId> {
    const { data } = await this.request({ janus: 'attach', plugin: VIDEO_ROOM });
    const id = data?.id;
    if (id === undefined) throw this.port.createError('ServerResponseInvalid', 'a handle without an id');
    this.mustOpen();
    this.handles.set(String(id), listener);
    return id;
  }

  /**
   * Sends a request to the room of a handle.
   *
   * @throws FlooError as {@link janusError} names it
   */
  async message(handle: JanusId, body: object, jsep?: Jsep): Promise<PluginData> {
    const answer = await this.request({ janus: 'message', handle_id: handle, body, ...(jsep && { jsep }) });
    const { plugindata } = answer;
    if (!plugindata) throw this.port.createError('ServerResponseInvalid', `an answer without data on handle ${handle}`);
    return { data: plugindata.data, jsep: answer.jsep };
  }

  /** Sends candidates of the own side. What does not arrive is one way less: Janus finds most of them by itself. */
  trickle(handle: JanusId, candidates: readonly RTCIceCandidateInit[], isLast: boolean): void {
    const all = [...candidates, ...(isLast ? [{ completed: true }] : [])];
    if (!this.isClosed) this.say({ janus: 'trickle', handle_id: handle, candidates: all });
  }

  /** A signal arrived. What cannot be read is skipped. */
  handle(content: string): void {
    const incoming = this.read(content);
    if (!incoming) return;
    const waiting = incoming.transaction === undefined ? undefined : this.waiting.get(incoming.transaction);
    if (waiting) this.settle(waiting, incoming);
    // Another session of this device may be ending, or may have been lost.
    else if (String(incoming.session_id) === String(this.id)) this.dispatch(incoming);
  }

  /** Takes the session up again after the connection was lost: the server may have another one to Janus. It rejects when Janus has ended the session. */
  async claim(): Promise<void> {
    await this.request({ janus: 'claim' });
  }

  /**
   * Ends the session, at Janus, too, if it can be reached.
   *
   * @param last - a request to a room before it; Janus works on both at the same time, so its answer is awaited
   * @throws FlooError when the last request failed
   */
  async destroy(last?: { readonly handle: JanusId; readonly body: object }): Promise<void> {
    const hasBegun = this.id !== undefined;
    if (hasBegun) this.forget();
    const before = hasBegun ? last && this.message(last.handle, last.body) : this.creating;
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

  private async request(request: object): Promise<Incoming> {
    this.mustOpen();
    const transaction = randomText(TRANSACTION_LENGTH);
    const session = this.id === undefined ? {} : { session_id: this.id };
    const text = printJanus({ ...request, transaction, ...session });
    return new Promise((resolve, reject) => {
      this.waiting.set(transaction, { resolve, reject, timer: undefined });
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

  private settle({ resolve, reject }: Waiting, incoming: Incoming): void {
    // The answer of the room follows.
    if (incoming.janus === 'ack') return;
    this.end(incoming.transaction!);
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

/** The error of a room comes as an event. */
function pluginError({ plugindata }: Incoming): Incoming['error'] | undefined {
  const { error_code: code, error } = plugindata?.data ?? {};
  return typeof code === 'number' ? { code, reason: String(error ?? '') } : undefined;
}

const ignore = (): undefined => undefined;
