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
  /**
   * Whether the device is released while the microphone is off, so that the browser shows that nobody listens. A headset may change
   * its mode then, and the first word after it is cut off.
   * @default false
   */
  releaseMicrophone?: boolean;
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
