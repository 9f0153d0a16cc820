import type { CallMedia } from './call-media.ts';
import type { Role } from './publisher.ts';
import type { RemoteTracks } from './subscriber.ts';

const ROLES = ['audio', 'video', 'screen'] as const;

/** What comes from the other side. The streams stay the same objects while their tracks change, so that no picture flickers. */
export class RemoteStreams {
  /** Picture and sound together, for one element. */
  readonly both = new MediaStream();
  private readonly streams: Readonly<Record<Role, MediaStream>> = {
    audio: new MediaStream(),
    video: new MediaStream(),
    screen: new MediaStream(),
  };

  get screen(): MediaStream {
    return this.streams.screen;
  }

  /** As apps see it: null for what does not come. */
  get media(): CallMedia['remote'] {
    const { audio, video, screen } = this.streams;
    return { audio: present(audio), video: present(video), screen: present(screen) };
  }

  /** @returns whether a track is another one */
  set(tracks: RemoteTracks): boolean {
    const changes = ROLES.map((role) => {
      const isChanged = setTrack(this.streams[role], tracks[role]);
      if (isChanged && role !== 'screen') this.updateBoth();
      return isChanged;
    });
    return changes.includes(true);
  }

  private updateBoth(): void {
    const { both, streams } = this;
    const wanted = [...streams.audio.getTracks(), ...streams.video.getTracks()];
    for (const track of both.getTracks()) if (!wanted.includes(track)) both.removeTrack(track);
    for (const track of wanted) both.addTrack(track);
  }
}

const present = (stream: MediaStream): MediaStream | null => (stream.getTracks().length > 0 ? stream : null);

function setTrack(stream: MediaStream, track: MediaStreamTrack | undefined): boolean {
  const [before] = stream.getTracks();
  if (before === track) return false;
  if (before) stream.removeTrack(before);
  if (track) stream.addTrack(track);
  return true;
}
