import type { FlooError } from '../errors.ts';
import type { CallQuality, CallStats, LocalMedia, MediaOptions, RemoteMedia } from './media-types.ts';

/**
 * Where a call is.
 *
 * - `ringing`: it was offered, and nobody has accepted it.
 * - `connecting`: it was accepted, and picture and sound do not come yet.
 * - `connected`: the two sides hear or see each other.
 * - `reconnecting`: they did; the client repairs the connection.
 * - `ended`: it is over, see {@link CallEndReason}. Nothing follows.
 */
export type CallState = 'ringing' | 'connecting' | 'connected' | 'reconnecting' | 'ended';

/**
 * Why a call ended.
 *
 * - `hungUp`, `peerHungUp`: the user, or the other one, ended a call that was accepted.
 * - `canceled`, `peerCanceled`: the caller gave up before it was accepted.
 * - `declined`, `peerDeclined`: it was not accepted.
 * - `busy`: the other one is in another call.
 * - `timeout`: nobody answered. `missed`: the user did not answer, or was away.
 * - `answeredElsewhere`, `declinedElsewhere`: another device or tab of the user did it.
 * - `peerDropped`: the other side is gone. `connectionLost`: this side lost its connection for too long.
 * - `failed`: see `error`. `loggedOut`: the session ended.
 */
export type CallEndReason =
  | 'hungUp'
  | 'peerHungUp'
  | 'canceled'
  | 'peerCanceled'
  | 'declined'
  | 'peerDeclined'
  | 'busy'
  | 'timeout'
  | 'missed'
  | 'answeredElsewhere'
  | 'declinedElsewhere'
  | 'peerDropped'
  | 'connectionLost'
  | 'failed'
  | 'loggedOut';

/** The events of a {@link Call}. */
export interface CallEvents {
  /** The state has changed. */
  state: CallState;
  /** A stream of `local` or `remote` came, went or changed. */
  tracks: undefined;
  /** The other side switched its camera: whether it is on. */
  peerCamera: boolean;
  /** The quality has changed. */
  quality: CallQuality;
  /** The browser plays no sound before the user has done something: call `resumeAudio()` from a click. */
  audioBlocked: undefined;
  /** Something failed, and the call goes on without it. What failed before the first handler was bound is emitted to that. */
  error: FlooError;
}

/**
 * A call with one other user.
 *
 * When both users call each other at once, one of the two calls stays, and it is accepted on both sides without ringing. The object
 * that an app has from `start()` goes on as that call: its handlers and elements stay, and `id`, `direction`, `video` and
 * `startedAt` change when its `state` becomes `connecting`. The devices are those that `start()` asked for.
 */
export interface Call {
  /** Names the call on all devices. It can change, see {@link Call}. */
  readonly id: string;
  /** The other user's id, as decimal text. */
  readonly peer: string;
  /** Who called. */
  readonly direction: 'outgoing' | 'incoming';
  /** Whether it is a video call. */
  readonly video: boolean;
  /** Where it is. */
  readonly state: CallState;
  /** Why it ended. Undefined before. */
  readonly reason: CallEndReason | undefined;
  /** Why it failed. Undefined for every other end. */
  readonly error: FlooError | undefined;
  /** When it began to ring, ms since 1970 by the server's clock. */
  readonly startedAt: number;
  /** When it was connected first, ms since 1970 by the server's clock. Undefined before. */
  readonly connectedAt: number | undefined;
  /** How long it has been connected, or was, in ms. */
  readonly durationMs: number;
  /** How good the connection is. */
  readonly quality: CallQuality;
  /** Whether another tab of the user has it. It can be ended from here, and has no media here. */
  readonly isInOtherTab: boolean;
  /** What the user sends. */
  readonly local: LocalMedia;
  /** What the other side sends. */
  readonly remote: RemoteMedia;
  /**
   * Accepts an incoming call that rings. It resolves when the call was answered; the call is connected a moment later. It does
   * nothing for a call that has ended, and while another tab of the user has a call.
   *
   * @param options.video - whether to send a picture; the call's own kind when absent
   * @param options.media - the devices
   * @throws FlooError `UserPermissionDenied` when the user refuses all devices; the call has ended as `failed`
   * @throws FlooError `NotFound` when there is no such device; the call has ended as `failed`
   */
  accept(options?: { video?: boolean; media?: MediaOptions }): Promise<void>;
  /** Declines an incoming call. It does nothing for a call that does not ring. */
  decline(): void;
  /** Ends the call, or gives it up. It does nothing for a call that has ended. */
  hangUp(): void;
  /**
   * Shows a stream in an element and plays it. It can be called at any time before the end: what is not there yet shows when it
   * comes. At the end of the call the element is empty again.
   *
   * @param element - a `video` or `audio` element
   * @param what - `remote`: the other side's picture and sound; `local`: the user's picture; `screen`: the screen that the other side shares
   * @returns a function that removes it again
   */
  attach(element: HTMLMediaElement, what: 'remote' | 'local' | 'screen'): () => void;
  /**
   * Switches the microphone on or off, or to another device.
   *
   * @param to - on, off, or a device id
   * @throws FlooError `NotFound` when there is no such device
   */
  setMicrophone(to: boolean | string): Promise<void>;
  /**
   * Switches the camera on or off, or to another device. Off releases the device.
   *
   * @param to - on, off, a device id, or `'user'` or `'environment'` for the way it looks
   * @throws FlooError `NotFound` when there is no such device
   * @throws FlooError `UserPermissionDenied` when the user refuses it
   */
  setCamera(to: boolean | string): Promise<void>;
  /**
   * Plays the sound on another device.
   *
   * @param deviceId - device id of a speaker
   * @throws FlooError `NotFound` where the browser cannot choose, or when there is no such device
   */
  setSpeaker(deviceId: string): Promise<void>;
  /**
   * Shares a screen, window or tab, which the user picks.
   *
   * @throws FlooError `UserCancel` when the user picks none; nothing has changed
   * @throws FlooError `GeneralError` in a sound call with a client that shows no picture
   */
  shareScreen(): Promise<void>;
  /** Stops sharing. */
  stopSharing(): void;
  /** Plays sound that the browser has blocked. Call it from a click. */
  resumeAudio(): Promise<void>;
  /** Resolves with figures of now. */
  stats(): Promise<CallStats>;
  /**
   * Adds a handler for an event.
   *
   * @param event - name of the event
   * @param handler - is called with the event's payload
   * @returns a function that removes the handler
   */
  on<Name extends keyof CallEvents>(event: Name, handler: (payload: CallEvents[Name]) => unknown): () => void;
}
