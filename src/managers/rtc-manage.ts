import { FlooError } from '../errors.ts';
import type { IdInput } from '../model/ids.ts';
import { mustFields } from './arguments.ts';

/**
 * Calls. This release has none. Methods that would start or change a call throw `ServerRtcNotOpen`, and methods that
 * read one return that there is none. Messages of type `rtc` can be sent and received.
 */
export interface RtcManage {
  /**
   * Prepares the engine for calls.
   *
   * @param params - settings of the deployed SDK
   * @throws FlooError `ServerRtcNotOpen` always
   */
  initRTCEngine(params: object): void;
  /**
   * Joins the room of a call.
   *
   * @param room - not used; deployed apps pass it
   * @throws FlooError `ServerRtcNotOpen` always
   */
  joinRoom(room?: unknown): void;
  /**
   * Leaves the room of a call.
   *
   * @throws FlooError `ServerRtcNotOpen` always
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
   * @throws FlooError `ServerRtcNotOpen` always
   */
  publish(type: unknown, hasVideo: boolean, hasAudio: boolean, width: number, height: number): void;
  /**
   * Stops publishing.
   *
   * @throws FlooError `ServerRtcNotOpen` always
   */
  unPublish(): void;
  /**
   * Receives streams of others.
   *
   * @param sources - the streams
   * @throws FlooError `ServerRtcNotOpen` always
   */
  subscribe(sources: readonly unknown[]): void;
  /**
   * Stops receiving a stream.
   *
   * @param id - the stream
   * @throws FlooError `ServerRtcNotOpen` always
   */
  unSubscribe(id: unknown): void;
  /**
   * Mutes the user's microphone.
   *
   * @param mute - true mutes
   * @throws FlooError `ServerRtcNotOpen` always
   */
  muteLocalAudio(mute: boolean): void;
  /**
   * Stops the user's camera.
   *
   * @param mute - true stops
   * @throws FlooError `ServerRtcNotOpen` always
   */
  muteLocalVideo(mute: boolean): void;
  /**
   * Mutes a stream of another user.
   *
   * @param stream - the stream
   * @param mute - true mutes
   * @throws FlooError `ServerRtcNotOpen` always
   */
  muteRemoteAudio(stream: unknown, mute: boolean): void;
  /**
   * Hides a stream of another user.
   *
   * @param stream - the stream
   * @param mute - true hides
   * @throws FlooError `ServerRtcNotOpen` always
   */
  muteRemoteVideo(stream: unknown, mute: boolean): void;
  /** Ends the call. There is none, so it does nothing. */
  destroy(): void;
  /** Returns the connection to the media server: null, because there is none. */
  getJanusObject(): null;
  /** Returns the handle of the user's own stream: null, because there is none. */
  getPublishHandler(): null;
  /** Returns the handle of received streams: null, because there is none. */
  getSubscribeHandler(): null;
  /** Returns whether there is a call: always false. */
  getInCallStatus(): false;
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

export function createRtcManage(sendMessage: (message: { uid: IdInput; type: 'rtc' }) => number): RtcManage {
  const refuse = (): never => {
    throw new FlooError('ServerRtcNotOpen', 'no calls in this entry');
  };
  return {
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
    sendRTCMessage: (message) => sendMessage({ ...mustFields(message, 'message'), type: 'rtc' }),
  };
}
