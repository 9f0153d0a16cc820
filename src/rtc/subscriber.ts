import type { CallRoom } from './call-media.ts';
import type { PluginData } from './janus-session.ts';
import type { PeerLink } from './peer-link.ts';
import type { Role } from './publisher.ts';

/** A stream that somebody publishes. Without `mid`: all of them. */
export interface FeedStream {
  readonly feed: string | number;
  readonly mid?: string;
  /** It was published, and is no longer. */
  readonly disabled?: boolean;
}

/** What comes from the other side. */
export type RemoteTracks = { readonly [R in Role]?: MediaStreamTrack };

/** A stream of the subscription, as Janus describes it. */
interface SubscribedStream {
  readonly type: string;
  /** Names it in the own peer connection. */
  readonly mid: string;
  readonly active?: boolean;
  readonly feed_id?: string | number;
  readonly feed_mid?: string;
  readonly feed_description?: string;
}

/** The other side's sound and pictures, on their way from the room. */
export class Subscriber {
  readonly link: PeerLink;
  private readonly room: CallRoom;
  private readonly privateId: unknown;
  private readonly onTracks: (tracks: RemoteTracks) => void;
  private hasJoined = false;
  private subscribed: readonly SubscribedStream[] = [];

  /** @param privateId - what the room gave the publisher, so that it knows whose subscription it is */
  constructor(link: PeerLink, room: CallRoom, privateId: unknown, onTracks: Subscriber['onTracks']) {
    this.link = link;
    this.room = room;
    this.privateId = privateId;
    this.onTracks = onTracks;
  }

  /** Takes these streams. The room describes the same publisher again and again, so only what has changed is asked for. */
  async subscribe(streams: readonly FeedStream[]): Promise<void> {
    const { room, pin } = this.room;
    await this.link.run(async () => {
      await this.change(
        { request: 'unsubscribe' },
        streams.filter((stream) => stream.disabled && this.has(stream)),
      );
      const asSubscriber = { request: 'join', ptype: 'subscriber', room, pin, private_id: this.privateId };
      const wanted = streams.filter((stream) => !stream.disabled && !this.has(stream));
      await this.change(this.hasJoined ? { request: 'subscribe' } : asSubscriber, wanted);
    });
  }

  /** Finds another way to the media server. */
  async restart(): Promise<void> {
    await this.link.run(async () => this.take(await this.link.message({ request: 'configure', restart: true })));
  }

  /** The room says something unasked: streams came or went, mostly with an offer. */
  async handle(event: PluginData): Promise<void> {
    await this.link.run(async () => this.take(event));
  }

  private async change(body: object, streams: readonly FeedStream[]): Promise<void> {
    if (streams.length === 0) return;
    const named = streams.map(({ feed, mid }) => ({ feed, mid }));
    await this.take(await this.link.message({ ...body, streams: named }));
    this.hasJoined = true;
  }

  private has({ feed, mid }: FeedStream): boolean {
    return this.subscribed.some(
      ({ feed_id: id, feed_mid: feedMid }) => String(id) === String(feed) && (mid === undefined || feedMid === mid),
    );
  }

  private async take({ data, jsep }: PluginData): Promise<void> {
    if (jsep?.type === 'offer') await this.link.answer(jsep, { request: 'start', room: this.room.room });
    if (!Array.isArray(data['streams'])) return;
    this.subscribed = (data['streams'] as SubscribedStream[]).filter(({ active }) => active !== false);
    this.onTracks(this.tracks());
  }

  private tracks(): RemoteTracks {
    const transceivers = this.link.connection.getTransceivers();
    const tracks: { [R in Role]?: MediaStreamTrack } = {};
    for (const { type, mid, feed_description: description } of this.subscribed) {
      const track = transceivers.find((transceiver) => transceiver.mid === mid)?.receiver.track;
      const picture = description === 'screen' ? 'screen' : 'video';
      if (track) tracks[type === 'audio' ? 'audio' : picture] = track;
    }
    return tracks;
  }
}
