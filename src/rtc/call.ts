import type { CallPort } from '../call-port.ts';
import type { CallMedia } from './call-media.ts';
import type { Call } from './call-types.ts';
import type { LocalMedia, RemoteMedia } from './media-types.ts';
import type { LiveCall } from './live-call.ts';

const NO_LOCAL: LocalMedia = { camera: null, microphone: null, screen: null, isMicrophoneOn: false };
const NO_REMOTE: RemoteMedia = { video: null, audio: null, screen: null, isCameraOff: false };

/** A call as an app sees it. */
export function createCall(live: LiveCall, port: CallPort): Call {
  return {
    get id() {
      return live.model.id;
    },
    get peer() {
      return live.model.peer;
    },
    get direction() {
      return live.model.direction;
    },
    get video() {
      return live.model.video;
    },
    get state() {
      return live.model.state;
    },
    get reason() {
      return live.model.reason;
    },
    get error() {
      return live.model.error;
    },
    get startedAt() {
      return live.model.startedAt;
    },
    get connectedAt() {
      return live.model.connectedAt;
    },
    get durationMs() {
      return live.durationMs;
    },
    get quality() {
      return live.model.quality;
    },
    get isInOtherTab() {
      return live.model.isInOtherTab;
    },
    get local() {
      return live.media?.local ?? NO_LOCAL;
    },
    get remote() {
      return live.media ? { ...live.media.remote, isCameraOff: live.isPeerCameraOff } : NO_REMOTE;
    },
    ...mediaActions(live, port),
    accept: async ({ video = live.model.video, media = {} } = {}) => live.accept({ video, media }),
    decline: () => live.dispatch({ type: 'decline' }),
    hangUp: () => live.dispatch({ type: 'hangUp' }),
    on: live.events.on,
  };
}

type MediaActions = Pick<
  Call,
  'attach' | 'setMicrophone' | 'setCamera' | 'setSpeaker' | 'shareScreen' | 'stopSharing' | 'resumeAudio' | 'stats'
>;

function mediaActions(live: LiveCall, port: CallPort): MediaActions {
  const mustMedia = (): CallMedia => {
    if (live.media) return live.media;
    throw port.createError('NotFound', 'the call has no picture or sound here');
  };
  return {
    attach: (element, what) => live.elements.attach(element, what, live.media),
    setMicrophone: async (to) => mustMedia().setMicrophone(to),
    setCamera: async (to) => {
      const media = mustMedia();
      const wasOn = media.local.camera !== null;
      await media.setCamera(to);
      if (media === live.media && wasOn !== (media.local.camera !== null)) live.sayCamera();
    },
    setSpeaker: async (deviceId) => mustMedia().setSpeaker(deviceId),
    shareScreen: async () => {
      const media = mustMedia();
      // A deployed client shows one picture, and none in a call with sound only.
      if (!live.canShowScreen && !live.model.video)
        throw port.createError('GeneralError', 'the other side shows no picture');
      return media.shareScreen(live.canShowScreen);
    },
    stopSharing: () => live.media?.stopSharing(),
    resumeAudio: async () => mustMedia().resumeAudio(),
    stats: async () => (live.media ? live.media.stats() : {}),
  };
}
