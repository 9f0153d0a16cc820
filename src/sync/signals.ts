import { FlooError, statusError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import { Timers } from '../util/timers.ts';
import { failureOf } from '../wire/decode-messages.ts';
import { MetaNameSpace, RtcSignalType, StatusErrorCode } from '../wire/enums.ts';
import type { RtcSignalMeta, UpFrame } from '../wire/frame-types.ts';
import type { IRtcSignal } from '../wire/message-types.ts';
import type { Received, ReceivedMeta, ReceivedPage } from './message-mapper.ts';
import { syncFrame } from './outgoing.ts';
import type { Sender } from './outgoing.ts';
import type { SyncEvent } from './sync-events.ts';

/** A signal of a call, for the media server. */
export interface OutgoingSignal {
  /** JSON text. */
  readonly content: string;
  /** URL of the media server, as DNS named it. */
  readonly mediaServer: string;
}

interface SignalsDeps {
  clock: Clock;
  answerTimeoutMs: number;
  session: {
    /** @returns false when not online */
    send(frame: UpFrame): boolean;
  };
  sender(): Sender;
  emit(events: readonly SyncEvent[]): void;
}

interface Waiting {
  done(): void;
  fail(error: FlooError): void;
}

/**
 * The signals of calls between this device and the media server. They are not messages: they are never stored, they are sent once
 * or not at all, and they acknowledge nothing. So they leave a page before the rest of it is applied.
 */
export class Signals {
  private readonly deps: SignalsDeps;
  private readonly timers: Timers<Id>;
  /** Signals that the server has not answered, by their client mids. */
  private readonly waiting = new Map<Id, Waiting>();

  constructor(deps: SignalsDeps) {
    this.deps = deps;
    this.timers = new Timers(deps.clock);
  }

  /**
   * Resolves when the server has the signal.
   *
   * @throws FlooError ServerNotReachable when there is no connection, or when it ends before the answer
   * @throws FlooError ServerTimeOut when the answer does not come
   * @throws FlooError ServerRtcNotOpen when the server has no calls
   */
  async send(mid: Id, { content, mediaServer }: OutgoingSignal): Promise<void> {
    const { deps, timers, waiting } = this;
    const payload: IRtcSignal = { type: RtcSignalType.VIDEO_ROOM, content, media_server: mediaServer };
    const frame = syncFrame({ meta: { id: mid, from: deps.sender(), ns: MetaNameSpace.RTC_SIGNAL, payload } });
    if (!deps.session.send(frame)) throw offlineError();
    return new Promise((done, fail) => {
      waiting.set(mid, { done, fail });
      timers.set(mid, deps.answerTimeoutMs, () => {
        waiting.delete(mid);
        fail(new FlooError('ServerTimeOut', 'a signal was not answered'));
      });
    });
  }

  /** Takes the answer to a signal. @returns false when it answers something else */
  handleAnswer({ client_mid: mid, status }: ReceivedPage): boolean {
    const signal = this.waiting.get(mid);
    if (!signal) return false;
    this.end(mid);
    const failure = failureOf(status);
    if (!failure) signal.done();
    else if (failure.code === StatusErrorCode.FAIL) signal.fail(new FlooError('ServerRtcNotOpen', failure.reason));
    else signal.fail(statusError(failure.code, failure.reason, 'other'));
    return true;
  }

  /** Takes the signals out of a page and emits them. @returns the rest; undefined when the page was for signals only */
  take(page: ReceivedPage): ReceivedPage | undefined {
    const signals = page.metas.filter(isSignal);
    if (signals.length === 0) return page;
    this.deps.emit(
      signals
        .filter(({ payload }) => payload.type === RtcSignalType.VIDEO_ROOM)
        .map(({ payload }): SyncEvent => ({ type: 'signal', content: payload.content })),
    );
    // Not in a copy: fields that were absent on the wire are those of the prototype.
    page.metas = page.metas.filter((meta) => !isSignal(meta));
    // A page with a key is one of a queue: its sync goes on.
    return page.metas.length === 0 && page.next_key === '0' ? undefined : page;
  }

  /** The connection has ended. Nobody knows whether signals without an answer arrived. */
  offline(): void {
    for (const [mid, { fail }] of [...this.waiting]) {
      this.end(mid);
      fail(offlineError());
    }
  }

  private end(mid: Id): void {
    this.waiting.delete(mid);
    this.timers.clear(mid);
  }
}

type ReceivedSignal = Received<RtcSignalMeta> & { payload: Received<IRtcSignal> };

const isSignal = (meta: ReceivedMeta): meta is ReceivedSignal => meta.ns === MetaNameSpace.RTC_SIGNAL && !!meta.payload;

const offlineError = (): FlooError => new FlooError('ServerNotReachable', 'the connection has ended');
