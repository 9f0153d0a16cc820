import type { IdInput } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { Call } from './call-types.ts';
import type { MediaDevice, MediaOptions } from './media-types.ts';

/** What a message of a call says about it: one is in the chat of both users. */
export interface CallRecord {
  /** Names the call. */
  callId: string;
  /** User id of the caller, decimal text. */
  initiator: string;
  /** Whether the user called. */
  isOwn: boolean;
  /** How it ended. `interrupted`: it was connected, and the connection was lost. */
  outcome: 'answered' | 'timeout' | 'canceled' | 'declined' | 'busy' | 'interrupted';
  /** How long it was connected, in ms. Undefined when it was not. */
  durationMs: number | undefined;
}

/** The events of {@link Calls}. */
export interface CallsEvents {
  /** Somebody calls. It comes in all tabs of the user. */
  incomingCall: Call;
  /** A call has ended: also one that was missed while nobody was online, and never rang. */
  callEnded: Call;
  /** `current` is another call, or none. It may be a call that another tab has: see {@link Call.isInOtherTab}. */
  current: Call | null;
  /** Devices came or went. */
  devicesChanged: readonly MediaDevice[];
}

/** Calls between two users. */
export interface Calls {
  /** Whether this browser, on this page, can make calls. Where it cannot, calls still ring and can be declined. */
  readonly isSupported: boolean;
  /** The call that rings or goes on; null when there is none. */
  readonly current: Call | null;
  /**
   * Calls a user. It asks for the devices first. It resolves when the call rings. When a call of that user rings here, it accepts
   * that one and resolves as `accept` does. See {@link Call} for two users who call each other at once.
   *
   * @param options.uid - the user
   * @param options.video - a video call, or a call with sound only
   * @param options.media - the devices
   * @throws FlooError `ServerRtcNotOpen` when the server has no calls, or the browser cannot make any
   * @throws FlooError `UserPermissionDenied` when the user refuses the devices; nothing was sent
   * @throws FlooError `NotFound` when there is no such device
   * @throws FlooError `ServerBusy` when the user is in a call, in this tab or another one
   * @throws FlooError `UserNotLogin` when nobody is logged in
   * @throws FlooError `InvalidParam` when `uid` is no id, or the user's own
   * @throws FlooError the reason for which the server refuses the call message
   */
  start(options: { uid: IdInput; video?: boolean; media?: MediaOptions }): Promise<Call>;
  /**
   * Resolves with the devices. Their labels are empty before the user has allowed one.
   *
   * @param kind - only devices of this kind
   */
  devices(kind?: MediaDevice['kind']): Promise<MediaDevice[]>;
  /**
   * What a message says about a call; null when it is no record of one. It reads what deployed clients wrote, too.
   *
   * @param message - a message
   */
  readRecord(message: Pick<Message, 'type' | 'content' | 'config' | 'isOwn'>): CallRecord | null;
  /**
   * Adds a handler for an event.
   *
   * @param event - name of the event
   * @param handler - is called with the event's payload
   * @returns a function that removes the handler
   */
  on<Name extends keyof CallsEvents>(event: Name, handler: (payload: CallsEvents[Name]) => unknown): () => void;
}
