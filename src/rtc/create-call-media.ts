import type { CallPort } from '../call-port.ts';
import type { CallMedia, CallMediaListener, CreateCallMedia } from './call-media.ts';
import type { IceOptions } from './ice-servers.ts';
import { LocalTracks } from './local-tracks.ts';
import { MediaConnection } from './media-connection.ts';
import { MediaStats } from './media-stats.ts';
import { Playback } from './playback.ts';
import { QualityWatch } from './quality-watch.ts';
import { RemoteStreams } from './remote-streams.ts';

/** Joins the parts of the media of calls: devices, the connection to a room, what comes from there, and how it is played. */
export const createCallMedia =
  (port: CallPort, ice: IceOptions): CreateCallMedia =>
  (listener) =>
    openCallMedia(port, ice, listener);

function openCallMedia(port: CallPort, ice: IceOptions, listener: CallMediaListener): CallMedia {
  const remote = new RemoteStreams();
  const stats = new MediaStats();
  const { onTracks, onError } = listener;
  const tracks: LocalTracks = new LocalTracks({ port, send: async () => connection.send(), onTracks, onError });
  const connection: MediaConnection = new MediaConnection({
    port,
    ice,
    listener: {
      ...listener,
      onUp: () => {
        quality.start();
        listener.onUp();
      },
      onRemoteTracks: (came) => {
        if (remote.set(came)) onTracks();
      },
    },
    outgoing: () => tracks.outgoing(),
    maxBitrate: () => tracks.maxBitrate,
  });
  const quality = new QualityWatch(port.clock, connection, listener.onQuality);
  const playback = new Playback(port, listener.onAudioBlocked);
  const streamOf = { remote: remote.both, screen: remote.screen, local: tracks.preview };
  return {
    get local() {
      return tracks.media;
    },
    get remote() {
      return remote.media;
    },
    takeDevices: async ({ video, media }) => tracks.take(video, media),
    makeRoom: async () => connection.makeRoom(),
    join: async (room) => connection.join(room),
    handleOnline: (isOnline) => connection.handleOnline(isOnline),
    handleSignal: (content) => connection.handleSignal(content),
    setMicrophone: async (to) => tracks.setMicrophone(to),
    setCamera: async (to) => tracks.setCamera(to),
    setSpeaker: async (deviceId) => playback.setSpeaker(deviceId),
    shareScreen: async (hasSecondPicture) => tracks.shareScreen(hasSecondPicture),
    stopSharing: () => tracks.stopSharing(),
    attach: (element, what) => playback.attach(element, streamOf[what], what === 'remote'),
    resumeAudio: async () => playback.resume(),
    stats: async () => (connection.connections ? (await stats.read(connection.connections)).stats : {}),
    close: () => {
      quality.close();
      playback.close();
      connection.close();
      tracks.close();
    },
  };
}
