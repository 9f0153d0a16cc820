import type { FlooError } from '../errors.ts';
import type { IdInput } from '../model/ids.ts';
import type { Message } from '../model/message.ts';

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

/** A camera, microphone or loudspeaker. */
export interface MediaDevice {
  /** For `setCamera`, `setMicrophone` and `setSpeaker`. */
  deviceId: string;
  /** What it is. */
  kind: 'camera' | 'microphone' | 'speaker';
  /** Its name; `''` before the user has allowed a device. */
  label: string;
}

/** Devices and limits of a call. */
export interface MediaOptions {
  /** Device id of the microphone. Absent: the system's. */
  microphone?: string;
  /** Device id of the camera, or which way it looks. Absent: the one that looks at the user. */
  camera?: string;
  /**
   * Width of the picture in pixels, as the browser can.
   * @default 640
   */
  width?: number;
  /**
   * Height of the picture in pixels, as the browser can.
   * @default 360
   */
  height?: number;
  /** Most bits a second of the picture. Absent: no limit. */
  maxBitrate?: number;
}

/** What the user sends in a call. */
export interface LocalMedia {
  /** The user's own picture, for `call.attach`. Null while the camera is off. */
  camera: MediaStream | null;
  /** Null while there is no microphone. */
  microphone: MediaStream | null;
  /** The shared screen. Null while none is shared. */
  screen: MediaStream | null;
  /** Whether the microphone is on. */
  isMicrophoneOn: boolean;
}

/** What the other side sends in a call. The streams stay the same objects while tracks in them change. */
export interface RemoteMedia {
  /** Null while no picture comes. */
  video: MediaStream | null;
  /** Null while no sound comes. */
  audio: MediaStream | null;
  /** Null while no screen is shared. */
  screen: MediaStream | null;
  /** The other side said that its camera is off. */
  isCameraOff: boolean;
}

/** How good the connection of a call is. `lost`: nothing has come for ten seconds. */
export type CallQuality = 'good' | 'poor' | 'lost';

/** A few figures of a call. A figure is absent while the browser does not know it. */
export interface CallStats {
  /** Time to the media server and back, ms. */
  roundTripMs?: number;
  /** Share of packets that were lost on the way here, 0 to 1, since the last call of `stats`. */
  lossIn?: number;
  /** Share of packets that were lost on the way there, 0 to 1. */
  lossOut?: number;
  /** Pictures a second that come. */
  framesIn?: number;
  /** Pictures a second that go out. */
  framesOut?: number;
  /** Bits a second that come. */
  bitsIn?: number;
  /** Bits a second that go out. */
  bitsOut?: number;
}

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
  /** Something failed, and the call goes on without it. */
  error: FlooError;
}

/** A call with one other user. */
export interface Call {
  /** Names the call on all devices. It changes when both users call each other at once: they get one of the two calls. */
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
   * nothing for a call that has ended.
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
   * Shows a stream in an element and plays it. It throws `NotFound` while the call has no media here.
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
   * Calls a user. It asks for the devices first. It resolves when the call rings.
   *
   * @param options.uid - the user
   * @param options.video - a video call, or a call with sound only
   * @param options.media - the devices
   * @throws FlooError `ServerRtcNotOpen` when the server has no calls, or the browser cannot make any
   * @throws FlooError `UserPermissionDenied` when the user refuses the devices; nothing was sent
   * @throws FlooError `NotFound` when there is no such device
   * @throws FlooError `ServerBusy` when the user is in a call
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
