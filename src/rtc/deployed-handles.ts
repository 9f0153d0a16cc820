import type { RtcCalls } from '../managers/rtc-manage.ts';
import type { LiveCall } from './live-call.ts';

/** What deployed apps may touch of the objects of a call: each is null when there is none. */
export function handlesOf(
  own: () => LiveCall | undefined,
  change: (run: (live: LiveCall) => Promise<void> | undefined) => void,
): Pick<RtcCalls, 'getJanusObject' | 'getPublishHandler' | 'getSubscribeHandler'> {
  const end = (): void => own()?.dispatch({ type: 'abandon' });
  /** Requests to the room are this library's. */
  const send = (): void => undefined;
  const session = { isConnected: () => own()?.media !== undefined, destroy: end };
  const publisher = {
    send,
    isAudioMuted: () => own()?.media?.local.isMicrophoneOn !== true,
    isVideoMuted: () => !own()?.media?.local.camera,
    muteAudio: () => change(({ media }) => media?.setMicrophone(false)),
    unmuteAudio: () => change(({ media }) => media?.setMicrophone(true)),
    muteVideo: () => change(({ media }) => media?.setCamera(false)),
    unmuteVideo: () => change(({ media }) => media?.setCamera(true)),
    hangup: end,
    detach: end,
  };
  const subscriber = { send, hangup: send, detach: send };
  return {
    getJanusObject: () => (own()?.media ? session : null),
    getPublishHandler: () => (own()?.media ? publisher : null),
    getSubscribeHandler: () => (own()?.model.connectedAt === undefined ? null : subscriber),
  };
}
