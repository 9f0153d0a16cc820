import type { CallPort } from '../call-port.ts';
import type { CallMedia, CallMediaListener, CallsMedia } from './call-media.ts';
import type { IceOptions } from './ice-servers.ts';
import { LeftRooms } from './left-rooms.ts';
import { LocalTracks } from './local-tracks.ts';
import { MediaConnection } from './media-connection.ts';
import { MediaStats } from './media-stats.ts';
import { Playback } from './playback.ts';
import { QualityWatch } from './quality-watch.ts';
import { RemoteStreams } from './remote-streams.ts';

/** Makes the media of calls. What a call leaves at the media server goes on after it. */
export function createCallsMedia(port: CallPort, ice: IceOptions): CallsMedia {
  const connections = new Set<MediaConnection>();
  const leftRooms = new LeftRooms(port);
  const close = async (connection: MediaConnection): Promise<void> => {
    const left = await connection.close();
    connections.delete(connection);
    if (left) leftRooms.add(left);
  };
  return {
    open: (listener) => {
      const { connection, media } = openCallMedia(port, ice, listener, close);
      connections.add(connection);
      return media;
    },
    handleOnline: (isOnline) => {
      for (const connection of connections) connection.handleOnline(isOnline);
      leftRooms.handleOnline(isOnline);
    },
    handleSignal: (content) => {
      for (const connection of connections) connection.handleSignal(content);
      leftRooms.handleSignal(content);
    },
  };
}

/** Joins the parts of the media of one call: devices, the connection to a room, what comes from there, and how it is played. */
function openCallMedia(
  port: CallPort,
  ice: IceOptions,
  listener: CallMediaListener,
  closeConnection: (connection: MediaConnection) => Promise<void>,
): { connection: MediaConnection; media: CallMedia } {
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
  const quality = new QualityWatch(port.clock, connection, () => remote.media.audio !== null, listener.onQuality);
  const playback = new Playback(port, listener.onAudioBlocked);
  const streamOf = { remote: remote.both, screen: remote.screen, local: tracks.preview };
  const media: CallMedia = {
    get local() {
      return tracks.media;
    },
    get remote() {
      return remote.media;
    },
    takeDevices: async ({ video, media }) => tracks.take(video, media),
    makeRoom: async () => connection.makeRoom(),
    join: async (room) => connection.join(room),
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
      tracks.close();
      void closeConnection(connection);
    },
  };
  return { connection, media };
}
