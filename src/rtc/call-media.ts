import type { FlooError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import type { CallQuality, CallStats, LocalMedia, MediaOptions, RemoteMedia } from './media-types.ts';

/** The room of a call at the media server. Pin and secret are in no log and in no error. */
export interface CallRoom {
  readonly room: Id;
  readonly pin: string;
  /** Undefined for a callee: whoever made the room may destroy it. */
  readonly secret: string | undefined;
}

/** What happens to the media of a call. */
export interface CallMediaListener {
  /** Media flows in both directions for the first time. */
  onUp(): void;
  /** The connection is broken; the media repairs itself. */
  onBroken(): void;
  /** It is repaired. */
  onHealed(): void;
  /** It could not be repaired, or the room is gone. */
  onLost(error: FlooError): void;
  /** The other side sends nothing any more: it left, or its connection ended. */
  onPeerLeft(): void;
  /** It is back. */
  onPeerBack(): void;
  /** A stream of `local` or `remote` has changed. */
  onTracks(): void;
  onQuality(quality: CallQuality): void;
  /** The browser plays no sound before a gesture. */
  onAudioBlocked(): void;
  /** Something failed, and the call goes on without it. */
  onError(error: FlooError): void;
}

/** The devices, rooms and peer connections of one call. Everything that it opens it closes. */
export interface CallMedia {
  readonly local: LocalMedia;
  /** `isCameraOff` is not known here: the other side says it in a message. */
  readonly remote: Omit<RemoteMedia, 'isCameraOff'>;
  /**
   * Asks for the devices. One of two that is refused or missing is reported by `onError`.
   *
   * @throws FlooError `UserPermissionDenied` or `NotFound` when there is none
   */
  takeDevices(options: { readonly video: boolean; readonly media: MediaOptions }): Promise<void>;
  /** Makes a session and a room at the media server. */
  makeRoom(): Promise<CallRoom>;
  /** Makes a session, unless there is one, joins the room, sends what the devices give and receives what the other side sends. */
  join(room: CallRoom): Promise<void>;
  setMicrophone(to: boolean | string): Promise<void>;
  setCamera(to: boolean | string): Promise<void>;
  setSpeaker(deviceId: string): Promise<void>;
  /** @param hasSecondPicture - the other side shows a screen beside the camera; else it takes the camera's place */
  shareScreen(hasSecondPicture: boolean): Promise<void>;
  stopSharing(): void;
  attach(element: HTMLMediaElement, what: 'remote' | 'local' | 'screen'): () => void;
  resumeAudio(): Promise<void>;
  stats(): Promise<CallStats>;
  /** Leaves the room, destroys it when it was made here, and releases everything. It waits for nothing. */
  close(): void;
}

/** The media of all calls of a client. */
export interface CallsMedia {
  /** Makes the media of a call. */
  open(listener: CallMediaListener): CallMedia;
  /** The client is online again, or its connection is lost. */
  handleOnline(isOnline: boolean): void;
  /** A signal of the media server arrived. */
  handleSignal(content: string): void;
}
