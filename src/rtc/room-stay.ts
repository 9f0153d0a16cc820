import type { CallPort } from '../call-port.ts';
import type { FlooError } from '../errors.ts';
import type { Timer } from '../platform/ports.ts';
import type { CallRoom } from './call-media.ts';
import { ID_EXISTS, janusCode, NO_ROOM } from './janus-errors.ts';
import { JanusSession } from './janus-session.ts';
import type { PluginData } from './janus-session.ts';
import { PeerLink } from './peer-link.ts';
import { Publisher } from './publisher.ts';
import type { Outgoing } from './publisher.ts';
import { createRoom, destroyRequest } from './room.ts';
import { Subscriber } from './subscriber.ts';
import type { FeedStream, RemoteTracks } from './subscriber.ts';

/** How long the device that took the call has to show itself, when the user's id is taken in the room. */
const ID_TAKEN_MS = 2000;

export interface RoomStayListener {
  /** A connection came up or broke. */
  onState(): void;
  /** Whether somebody else publishes, or is there at all, once that counts. */
  onPeer(isThere: boolean): void;
  onTracks(tracks: RemoteTracks): void;
  /** Janus has ended the session or a connection: another stay in the same room can follow. */
  onEnded(): void;
  /** The user was put out of the room. */
  onKicked(): void;
  onError(error: FlooError): void;
}

export interface RoomStayDeps {
  readonly port: CallPort;
  readonly mediaServer: string;
  readonly configuration: RTCConfiguration;
  readonly maxBitrate: number | undefined;
}

type FeedId = string | number;

interface Publishing {
  readonly id: FeedId;
  readonly streams?: readonly { readonly mid: string; readonly disabled?: boolean }[];
}

interface Participant {
  readonly id: FeedId;
  readonly publisher?: boolean;
}

/** One stay in a room of Janus: a session, a connection that sends, and one that receives. */
export class RoomStay {
  private readonly deps: RoomStayDeps;
  private configuration: RTCConfiguration;
  private readonly listener: RoomStayListener;
  private readonly session: JanusSession;
  private readonly sending: PeerLink;
  private readonly publisher: Publisher;
  private readonly feeds = new Set<string>();
  /** Others who are in the room and send nothing. They count from `countSilent` on. */
  private readonly silent = new Set<string>();
  private isCountingSilent = false;
  private subscriber: Promise<Subscriber> | undefined;
  private receiving: PeerLink | undefined;
  private room: CallRoom | undefined;
  private privateId: unknown;
  private ownFeed: string | undefined;
  private isRoomGone = false;
  private isClosed = false;
  private pause: Timer | undefined;

  constructor(deps: RoomStayDeps, listener: RoomStayListener) {
    const { port, mediaServer, configuration, maxBitrate } = deps;
    this.deps = deps;
    this.configuration = configuration;
    this.listener = listener;
    this.session = new JanusSession(port, mediaServer, () => this.end());
    this.sending = new PeerLink(port, configuration, {
      onState: () => listener.onState(),
      onEvent: (event) => this.handleRoomEvent(event),
      onEnded: () => this.end(),
      onClosed: () => this.ask(),
    });
    this.publisher = new Publisher(this.sending, maxBitrate);
  }

  /** Media flows in both directions; or only out, when nobody publishes. */
  get isUp(): boolean {
    return this.sending.isUp && (this.feeds.size === 0 || this.receiving?.isUp === true);
  }

  get isFailed(): boolean {
    return this.sending.isFailed || (this.feeds.size > 0 && this.receiving?.isFailed === true);
  }

  get connections(): readonly [RTCPeerConnection, RTCPeerConnection | undefined] {
    return [this.sending.connection, this.receiving?.connection];
  }

  async open(): Promise<void> {
    await this.session.create();
    await this.sending.attach(this.session);
  }

  /** Makes a room. It is destroyed when the stay is closed with it. @returns its number */
  async makeRoom(room: CallRoom): Promise<unknown> {
    return createRoom(this.sending, room);
  }

  /** Enters the room and sends. What others publish is subscribed to from then on. */
  async join(room: CallRoom, outgoing: Outgoing): Promise<void> {
    this.room = room;
    const { data } = await this.enter(room);
    this.privateId = data['private_id'];
    this.ownFeed = String(data['id']);
    await this.publisher.send(outgoing);
    this.addFeeds(data);
    if (this.feeds.size === 0) this.listener.onPeer(false);
  }

  async send(outgoing: Outgoing): Promise<void> {
    await this.publisher.send(outgoing);
  }

  /** Finds other ways to the media server for both connections. */
  async restart(configuration: RTCConfiguration): Promise<void> {
    this.configuration = configuration;
    for (const link of [this.sending, this.receiving]) link?.configure(configuration);
    const receiver = this.receiving && (await this.subscriber);
    await Promise.all([this.publisher.restart(), receiver?.restart()]);
  }

  async sendKeyFrame(): Promise<void> {
    await this.publisher.sendKeyFrame();
  }

  /** Asks whether the session is alive, and who is in the room: words of it may have been missed. */
  async check(): Promise<void> {
    await this.session.claim();
    if (!this.room || this.isRoomGone) return;
    const { data } = await this.sending
      .message({ request: 'listparticipants', room: this.room.room })
      .catch((error: unknown): Pick<PluginData, 'data'> => {
        if (janusCode(error) !== NO_ROOM) throw error;
        this.loseRoom();
        return { data: {} };
      });
    const list = (data['participants'] ?? []) as readonly Participant[];
    const others = list.filter(({ id }) => !this.isOwn(id));
    const publishing = others.filter(({ publisher }) => publisher === true);
    for (const feed of [...this.feeds]) if (!publishing.some(({ id }) => String(id) === feed)) this.removeFeed(feed);
    // Those that are known, too: the connection may have been lost in the middle of a subscription.
    this.subscribe(publishing.map(({ id: feed }) => ({ feed })));
    if (this.isCountingSilent) this.updateSilent(others);
  }

  /** From now on somebody who is in the room and sends nothing is the other side, too. */
  async countSilent(): Promise<void> {
    this.isCountingSilent = true;
    await this.check();
  }

  handleSignal(content: string): void {
    this.session.handle(content);
  }

  /**
   * Leaves, and releases everything.
   *
   * @param made - the room, when it was made here: it is destroyed
   * @returns whether Janus has destroyed it
   */
  async close(made?: CallRoom): Promise<boolean> {
    this.isClosed = true;
    if (this.pause !== undefined) this.deps.port.clock.clearTimeout(this.pause);
    this.sending.close();
    this.receiving?.close();
    const last = made && this.sending.lastRequest(destroyRequest(made));
    return this.session.destroy(last).then(
      () => last !== undefined,
      () => false,
    );
  }

  private async enter({ room, pin }: CallRoom): Promise<PluginData> {
    const body = { request: 'join', ptype: 'publisher', room, pin };
    try {
      return await this.sending.message({ ...body, id: this.deps.port.self() });
    } catch (error) {
      if (janusCode(error) !== ID_EXISTS || this.isClosed) throw error;
      // Another device of the user took the call, and the call ends here; or it is an earlier stay that Janus has not noticed the end of.
      // To wait for that end is not needed: the other side takes an id of chance for the only one who publishes beside it.
      await new Promise<void>((resolve) => {
        this.pause = this.deps.port.clock.setTimeout(resolve, ID_TAKEN_MS);
      });
      return this.sending.message(body);
    }
  }

  /** This stay, or an earlier one of the user. */
  private isOwn(id: FeedId): boolean {
    return [this.ownFeed, this.deps.port.self()].includes(String(id));
  }

  private end(): void {
    if (!this.isRoomGone && !this.isClosed) this.listener.onEnded();
  }

  private handleRoomEvent({ data }: PluginData): void {
    const { videoroom, unpublished, leaving, reason } = data;
    if (reason === 'kicked') return this.listener.onKicked();
    if (videoroom === 'destroyed') this.loseRoom();
    this.addFeeds(data);
    for (const feed of [unpublished, leaving]) if (feed !== undefined) this.removeFeed(String(feed));
    return undefined;
  }

  /** Its maker has left for good. The message that says why may be on its way. */
  private loseRoom(): void {
    this.isRoomGone = true;
    for (const feed of [...this.feeds, ...this.silent]) this.removeFeed(feed);
  }

  private addFeeds({ publishers }: PluginData['data']): void {
    if (!Array.isArray(publishers)) return;
    for (const { id: feed, streams = [] } of publishers as Publishing[]) {
      if (this.isOwn(feed)) continue;
      this.subscribe(streams.map((stream) => ({ ...stream, feed })));
    }
  }

  private subscribe(streams: readonly FeedStream[]): void {
    if (streams.length === 0) return;
    for (const { feed } of streams) {
      this.feeds.add(String(feed));
      this.silent.delete(String(feed));
    }
    this.listener.onPeer(true);
    this.subscriber ??= this.openSubscriber();
    this.subscriber
      .then(async (subscriber) => subscriber.subscribe(streams))
      .catch((error: unknown) => this.report(error));
  }

  private updateSilent(others: readonly Participant[]): void {
    const silent = others.filter(({ publisher }) => publisher !== true).map(({ id }) => String(id));
    for (const id of [...this.silent]) if (!silent.includes(id)) this.removeFeed(id);
    if (silent.length === 0) return;
    for (const id of silent) this.silent.add(id);
    this.listener.onPeer(true);
    this.listener.onState();
  }

  private removeFeed(feed: string): void {
    const wasThere = this.feeds.delete(feed) || this.silent.delete(feed);
    if (wasThere && this.feeds.size + this.silent.size === 0) this.listener.onPeer(false);
  }

  private async openSubscriber(): Promise<Subscriber> {
    const link = new PeerLink(this.deps.port, this.configuration, {
      onState: () => this.listener.onState(),
      onEvent: (event) => void subscriber.handle(event).catch((error: unknown) => this.report(error)),
      onEnded: () => this.endSubscriber(link),
      onClosed: () => this.ask(),
    });
    this.receiving = link;
    const subscriber = new Subscriber(link, this.room!, this.privateId, this.listener.onTracks);
    try {
      await link.attach(this.session);
    } catch (error) {
      this.dropSubscriber(link);
      throw error;
    }
    return subscriber;
  }

  /** Janus has ended the connection that receives. Without a publisher nothing is lost, and the next one gets a new one. */
  private endSubscriber(link: PeerLink): void {
    if (this.feeds.size > 0) this.end();
    else this.dropSubscriber(link);
  }

  private dropSubscriber(link: PeerLink): void {
    link.close();
    this.receiving = undefined;
    this.subscriber = undefined;
  }

  private ask(): void {
    if (!this.isClosed) this.check().catch((error: unknown) => this.report(error));
  }

  private report(error: unknown): void {
    if (!this.isClosed) this.listener.onError(error as FlooError);
  }
}
