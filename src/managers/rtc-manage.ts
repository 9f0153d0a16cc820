import { FlooError } from '../errors.ts';
import type { IdInput } from '../model/ids.ts';
import { fromEntries } from '../util/es2019.ts';

/**
 * Calls (api-surface 2.5). This entry cannot make any: what would begin or change one throws FlooError ServerRtcNotOpen,
 * what asks for one says that there is none. Their messages can be sent and received.
 */
export interface RtcManage {
  initRTCEngine(params: object): void;
  joinRoom(): void;
  leaveRoom(): void;
  publish(type: unknown, hasVideo: boolean, hasAudio: boolean, width: number, height: number): void;
  unPublish(): void;
  subscribe(sources: readonly unknown[]): void;
  unSubscribe(id: unknown): void;
  muteLocalAudio(mute: boolean): void;
  muteLocalVideo(mute: boolean): void;
  muteRemoteAudio(stream: unknown, mute: boolean): void;
  muteRemoteVideo(stream: unknown, mute: boolean): void;
  /** Ends the call: there is none. */
  destroy(): void;
  getJanusObject(): null;
  getPublishHandler(): null;
  getSubscribeHandler(): null;
  getInCallStatus(): false;
  /** Sends a message of type `rtc`, as `sysManage.sendRosterMessage` does. @returns its client id. */
  sendRTCMessage(message: { uid: IdInput; content?: string; config?: string | object; ext?: string | object }): number;
}

const REFUSED =
  'initRTCEngine joinRoom leaveRoom publish unPublish subscribe unSubscribe muteLocalAudio muteLocalVideo muteRemoteAudio muteRemoteVideo';

export function createRtcManage(sendMessage: (message: { uid: IdInput; type: 'rtc' }) => number): RtcManage {
  const refuse = (): never => {
    throw new FlooError('ServerRtcNotOpen', 'no calls in this entry');
  };
  const none = (): null => null;
  return {
    ...fromEntries(REFUSED.split(' ').map((name) => [name, refuse])),
    destroy: () => undefined,
    getJanusObject: none,
    getPublishHandler: none,
    getSubscribeHandler: none,
    getInCallStatus: () => false,
    sendRTCMessage: (message) => sendMessage({ ...message, type: 'rtc' }),
  } as RtcManage;
}
