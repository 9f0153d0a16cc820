import type { CallPort } from '../call-port.ts';
import type { HandleListener, JanusId, JanusSession, Jsep, PluginData } from './janus-session.ts';
import { CandidateInbox, CandidateOutbox } from './trickle.ts';

export interface PeerLinkListener {
  /** It came up, broke, or is back. */
  onState(): void;
  /** The room says something unasked. */
  onEvent(event: PluginData): void;
  /** Janus has ended the peer connection: nothing repairs it. */
  onEnded(): void;
  /** Janus has closed its side, and may have had no way to say why. */
  onClosed(): void;
}

/** A peer connection, and its handle at Janus. It negotiates one thing at a time. */
export class PeerLink {
  readonly connection: RTCPeerConnection;
  private readonly port: CallPort;
  private readonly listener: PeerLinkListener;
  private readonly outbox: CandidateOutbox;
  private readonly inbox: CandidateInbox;
  /** Where it is at Janus; undefined before `attach`. */
  private place: { readonly session: JanusSession; readonly handle: JanusId } | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private hasMedia = false;
  /** Ways from here, which the browser looks for. */
  private ways: 'sought' | 'found' | 'none' = 'sought';

  constructor(port: CallPort, configuration: RTCConfiguration, listener: PeerLinkListener) {
    this.port = port;
    this.listener = listener;
    this.connection = configured(port, () => new RTCPeerConnection(configuration));
    this.inbox = new CandidateInbox(this.connection);
    this.outbox = new CandidateOutbox(port.clock, (candidates, isLast) => {
      this.place?.session.trickle(this.place.handle, candidates, isLast);
    });
    this.connection.onicecandidate = ({ candidate }) => this.addOwn(candidate);
    this.connection.oniceconnectionstatechange = () => listener.onState();
  }

  /** Media can flow. */
  get isUp(): boolean {
    return this.hasMedia && ['connected', 'completed'].includes(this.connection.iceConnectionState);
  }

  /** It does not come back by itself. */
  get isFailed(): boolean {
    return this.ways === 'none' || this.connection.iceConnectionState === 'failed';
  }

  /** Looks for ways by these servers from the next restart on. */
  configure(configuration: RTCConfiguration): void {
    configured(this.port, () => this.connection.setConfiguration(configuration));
  }

  async attach(session: JanusSession): Promise<void> {
    this.place = { session, handle: await session.attach(this.handleListener()) };
  }

  /** Runs a task when those before it have ended. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.last.then(task);
    this.last = result.catch(() => undefined); // whoever asked for it hears of it
    return result;
  }

  /** Sends a request to the room. */
  async message(body: object, jsep?: Jsep): Promise<PluginData> {
    const { place, port } = this;
    if (!place) throw port.createError('ServerNeedReconnected', 'there is no handle at the media server');
    return place.session.message(place.handle, body, jsep);
  }

  /** Sends an offer, and takes the answer. Within `run`. */
  async offer(createBody: () => object, options?: RTCOfferOptions): Promise<void> {
    const { connection } = this;
    const sdp = await this.guarded(async () => {
      const offer = await connection.createOffer(options);
      await connection.setLocalDescription(offer);
      return offer.sdp ?? '';
    });
    const { jsep } = await this.message(createBody(), { type: 'offer', sdp });
    if (jsep) await this.takeRemote(jsep);
  }

  /** Takes an offer, and sends the answer. Within `run`. */
  async answer(offer: Jsep, body: object): Promise<void> {
    const { connection } = this;
    await this.takeRemote(offer);
    const sdp = await this.guarded(async () => {
      const answer = await connection.createAnswer();
      await connection.setLocalDescription(answer);
      return answer.sdp ?? '';
    });
    await this.message(body, { type: 'answer', sdp });
  }

  /** A last request, for the end of the session. */
  lastRequest(body: object): Parameters<JanusSession['destroy']>[0] {
    return this.place && { handle: this.place.handle, body };
  }

  close(): void {
    this.outbox.close();
    this.connection.onicecandidate = null;
    this.connection.oniceconnectionstatechange = null;
    this.connection.close();
  }

  private addOwn(candidate: RTCIceCandidate | null): void {
    this.outbox.add(candidate?.toJSON() ?? null);
    if (candidate?.candidate) this.ways = 'found';
    if (this.ways !== 'sought') return;
    // Without a way the browser does not even try, so it never fails.
    this.ways = 'none';
    this.listener.onState();
  }

  private handleListener(): HandleListener {
    return {
      onEvent: (event) => this.listener.onEvent(event),
      onCandidate: (candidate) => this.inbox.add(candidate),
      onUp: (isUp) => {
        this.hasMedia = isUp;
        if (isUp) this.listener.onState();
        else this.listener.onEnded();
      },
    };
  }

  private async takeRemote(jsep: Jsep): Promise<void> {
    await this.guarded(async () => this.connection.setRemoteDescription(jsep));
    this.inbox.release();
    const transport = this.connection.getSenders()[0]?.transport;
    if (transport)
      transport.onstatechange = () => (transport.state === 'closed' ? this.listener.onClosed() : undefined);
  }

  /** What a browser says about a description may quote it, and addresses are in it. So its words end here. */
  private async guarded<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch {
      throw this.port.createError('ServerConnectFailed', 'the browser refused a description');
    }
  }
}

function configured<T>(port: CallPort, task: () => T): T {
  try {
    return task();
  } catch {
    // Its words have the addresses in them.
    throw port.createError('InvalidParam', 'iceServers: the browser refuses them');
  }
}
