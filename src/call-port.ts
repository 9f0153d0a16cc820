import type { FlooError, FlooErrorCode } from './errors.ts';
import type { RtcCalls } from './managers/rtc-manage.ts';
import type { Id } from './model/ids.ts';
import type { ArrivedMessage, Message } from './model/message.ts';
import type { Clock, Logger, TabChannel, TabLock } from './platform/ports.ts';

/** A message of a call that is on its way. */
export interface SentCallMessage {
  /** The client's id of the message. */
  readonly mid: number;
  /** Resolves with the message when the server has it; rejects with why it was refused. */
  readonly acknowledged: Promise<Message>;
}

/** The fields of a message of a call. */
export interface CallMessage {
  /** What a record shows, or why a call ended. */
  readonly content: string;
  /** The signal of the call. */
  readonly config?: object;
  /** The app's own part, as deployed clients read it. */
  readonly ext?: object;
}

/** What the client gives to the calls. Its functions need no `this`. */
export interface CallPort {
  /** The time and timers. */
  readonly clock: Clock;
  /** Log lines. No pin, secret, SDP or address may get there. */
  readonly logger: Logger;
  /** Now by the server's clock, ms since 1970. */
  serverNow(): number;
  /** The user who is logged in; undefined when nobody is. */
  self(): Id | undefined;
  /** URL of the media server; undefined when the app's servers name none. */
  mediaServer(): string | undefined;
  /**
   * Sends a signal to the media server, once or not at all.
   *
   * @param content - JSON text
   * @param mediaServer - what `mediaServer()` returned
   * @returns a promise that resolves when the server has it
   * @throws FlooError `ServerRtcNotOpen` when the server has no calls
   * @throws FlooError `ServerNotReachable` when there is no connection
   */
  sendSignal(content: string, mediaServer: string): Promise<void>;
  /**
   * Sends a message of a call, which is stored and sent like every other one.
   *
   * @param to - the user
   * @param message - its fields
   * @throws FlooError `UserNotLogin` when nobody is logged in
   */
  sendMessage(to: Id, message: CallMessage): SentCallMessage;
  /**
   * The page is left: messages that the server has not answered are sent at once, because the page may store nothing any more. The
   * server accepts each once.
   */
  flush(): void;
  /**
   * Parses JSON; integers of more than 15 digits become text.
   *
   * @param text - the JSON
   */
  parseJson(text: string): unknown;
  /**
   * The form of an id: decimal text; undefined for what is none.
   *
   * @param input - decimal text or a number
   */
  parseId(input: unknown): Id | undefined;
  /**
   * Makes an error of a documented code.
   *
   * @param reason - its code
   * @param message - what happened, without a secret
   * @param options.cause - the error behind it
   * @param options.details - more about it, without a secret
   */
  createError(
    reason: FlooErrorCode,
    message: string,
    options?: { cause?: unknown; details?: Readonly<Record<string, unknown>> },
  ): FlooError;
  /** Emits `flooError`. */
  reportError(error: FlooError): void;
  /**
   * Opens a channel to the other tabs of the user; undefined where there is none.
   *
   * @param onMessage - is called with each message of another tab
   */
  openChannel(onMessage: (message: unknown) => void): TabChannel | undefined;
  /**
   * Asks for a lock that the tabs of the user compete for; undefined where there are no tabs.
   *
   * @param name - name of the lock
   * @param how - `try`: only if nobody has it; `wait`: after those who have it and asked before
   */
  lock(name: string, how: 'try' | 'wait'): TabLock | undefined;
}

/** The calls of one client, as the client sees them. */
export interface CallsEngine<Calls> {
  /** `im.calls`. */
  readonly calls: Calls;
  /** `im.rtcManage`. */
  readonly rtcManage: RtcCalls;
  /**
   * A signal of the media server arrived.
   *
   * @param content - JSON text
   */
  handleSignal(content: string): void;
  /** A message of a call arrived, or the server has one of the user's own, from any device. */
  handleMessage(message: ArrivedMessage): void;
  /**
   * The session is online, or its connection is lost.
   *
   * @param isOnline - whether it is online
   */
  handleOnline(isOnline: boolean): void;
  /** The session has ended, or that of another user begins: the call is over. It is also called before a logout, while the client is online. */
  handleSessionEnd(): void;
  /** The client is disposed of: everything is released. */
  dispose(): void;
}

/** What the option `rtc` takes: `calls()` of `flooim/rtc` makes it. */
export interface CallsPlugin<Calls> {
  /** Is called once for each client. */
  create(port: CallPort): CallsEngine<Calls>;
}
