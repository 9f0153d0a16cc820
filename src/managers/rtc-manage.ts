import { FlooError } from '../errors.ts';
import type { IdInput } from '../model/ids.ts';
import { mustFields } from './arguments.ts';

/**
 * Calls as the deployed SDK has them, for apps that were written for it. New apps use `im.calls`. Both need the option `rtc`: without
 * it, methods that would start or change a call throw `ServerRtcNotOpen`, and methods that read one return that there is none.
 * Messages of type `rtc` can be sent and received in any case.
 */
export interface RtcManage {
  /**
   * Prepares the engine for calls.
   *
   * @param params - settings of the deployed SDK
   * @throws FlooError `ServerRtcNotOpen` without the option `rtc`
   */
  initRTCEngine(params: object): void;
  /**
   * Joins the room of a call.
   *
   * @param room - not used; deployed apps pass it
   * @throws FlooError `ServerRtcNotOpen` without the option `rtc`
   */
  joinRoom(room?: unknown): void;
  /**
   * Leaves the room of a call.
   *
   * @throws FlooError `ServerRtcNotOpen` without the option `rtc`
   */
  leaveRoom(): void;
  /**
   * Publishes audio and video.
   *
   * @param type - kind of stream
   * @param hasVideo - whether it has video
   * @param hasAudio - whether it has audio
   * @param width - width in pixels
   * @param height - height in pixels
   * @throws FlooError `ServerRtcNotOpen` without the option `rtc`
   */
  publish(type: unknown, hasVideo: boolean, hasAudio: boolean, width: number, height: number): void;
  /**
   * Stops publishing.
   *
   * @throws FlooError `ServerRtcNotOpen` without the option `rtc`
   */
  unPublish(): void;
  /**
   * Receives streams of others.
   *
   * @param sources - the streams
   * @throws FlooError `ServerRtcNotOpen` without the option `rtc`
   */
  subscribe(sources: readonly unknown[]): void;
  /**
   * Stops receiving a stream.
   *
   * @param id - the stream
   * @throws FlooError `ServerRtcNotOpen` without the option `rtc`
   */
  unSubscribe(id: unknown): void;
  /**
   * Mutes the user's microphone.
   *
   * @param mute - true mutes
   * @throws FlooError `ServerRtcNotOpen` without the option `rtc`
   */
  muteLocalAudio(mute: boolean): void;
  /**
   * Stops the user's camera.
   *
   * @param mute - true stops
   * @throws FlooError `ServerRtcNotOpen` without the option `rtc`
   */
  muteLocalVideo(mute: boolean): void;
  /**
   * Mutes a stream of another user.
   *
   * @param stream - the stream
   * @param mute - true mutes
   * @throws FlooError `ServerRtcNotOpen` without the option `rtc`
   */
  muteRemoteAudio(stream: unknown, mute: boolean): void;
  /**
   * Hides a stream of another user.
   *
   * @param stream - the stream
   * @param mute - true hides
   * @throws FlooError `ServerRtcNotOpen` without the option `rtc`
   */
  muteRemoteVideo(stream: unknown, mute: boolean): void;
  /** Ends the call and releases everything of it. Without a call it does nothing. */
  destroy(): void;
  /** Returns the connection to the media server; null when there is none. */
  getJanusObject(): object | null;
  /** Returns the handle of the user's own stream; null when there is none. */
  getPublishHandler(): object | null;
  /** Returns the handle of received streams; null when there is none. */
  getSubscribeHandler(): object | null;
  /** Returns whether the user is in a call. */
  getInCallStatus(): boolean;
  /**
   * Sends a message of type `rtc`, as `sysManage.sendRosterMessage` does.
   *
   * @param message.uid - the user
   * @param message.content - text
   * @param message.config - signal of the call, an object or JSON text
   * @param message.ext - the app's own text or JSON value
   * @returns the client id of the message
   * @throws FlooError `UserNotLogin` when nobody is logged in
   * @throws FlooError `InvalidParam` when `uid` is no id
   */
  sendRTCMessage(message: { uid: IdInput; content?: string; config?: string | object; ext?: string | object }): number;
}

/** The part of {@link RtcManage} that needs calls. */
export type RtcCalls = Omit<RtcManage, 'sendRTCMessage'>;

const refuse = (): never => {
  throw new FlooError('ServerRtcNotOpen', 'the option rtc is missing');
};

const WITHOUT_CALLS: RtcCalls = {
  initRTCEngine: refuse,
  joinRoom: refuse,
  leaveRoom: refuse,
  publish: refuse,
  unPublish: refuse,
  subscribe: refuse,
  unSubscribe: refuse,
  muteLocalAudio: refuse,
  muteLocalVideo: refuse,
  muteRemoteAudio: refuse,
  muteRemoteVideo: refuse,
  destroy: () => undefined,
  getJanusObject: () => null,
  getPublishHandler: () => null,
  getSubscribeHandler: () => null,
  getInCallStatus: () => false,
};

/** @param calls - the calls of the client; undefined when it has none */
export function createRtcManage(
  sendMessage: (message: { uid: IdInput; type: 'rtc' }) => number,
  calls: () => RtcCalls | undefined,
): RtcManage {
  const now = (): RtcCalls => calls() ?? WITHOUT_CALLS;
  return {
    initRTCEngine: (params) => now().initRTCEngine(params),
    joinRoom: (room) => now().joinRoom(room),
    leaveRoom: () => now().leaveRoom(),
    publish: (...stream) => now().publish(...stream),
    unPublish: () => now().unPublish(),
    subscribe: (sources) => now().subscribe(sources),
    unSubscribe: (id) => now().unSubscribe(id),
    muteLocalAudio: (mute) => now().muteLocalAudio(mute),
    muteLocalVideo: (mute) => now().muteLocalVideo(mute),
    muteRemoteAudio: (stream, mute) => now().muteRemoteAudio(stream, mute),
    muteRemoteVideo: (stream, mute) => now().muteRemoteVideo(stream, mute),
    destroy: () => now().destroy(),
    getJanusObject: () => now().getJanusObject(),
    getPublishHandler: () => now().getPublishHandler(),
    getSubscribeHandler: () => now().getSubscribeHandler(),
    getInCallStatus: () => now().getInCallStatus(),
    sendRTCMessage: (message) => sendMessage({ ...mustFields(message, 'message'), type: 'rtc' }),
  };
}
