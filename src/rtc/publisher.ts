import type { PeerLink } from './peer-link.ts';

/** What a stream of a call shows. */
export type Role = 'audio' | 'video' | 'screen';

/**
 * What the user sends. Null: nothing for now, and the way for it is kept. Undefined: nothing.
 */
export type Outgoing = Readonly<Record<Role, MediaStreamTrack | null | undefined>>;

const ROLES = ['audio', 'video', 'screen'] as const;

/** The own side's sound and pictures, on their way to the room. */
export class Publisher {
  private readonly link: PeerLink;
  private readonly maxBitrate: number | undefined;
  private readonly transceivers = new Map<Role, RTCRtpTransceiver>();
  private isNegotiated = true;

  constructor(link: PeerLink, maxBitrate: number | undefined) {
    this.link = link;
    this.maxBitrate = maxBitrate;
  }

  /** Sends this from now on. The room hears of it only when a stream comes or goes, not when a device is another. */
  async send(outgoing: Outgoing): Promise<void> {
    await this.link.run(async () => {
      for (const role of ROLES) await this.arrange(role, outgoing[role]);
      if (!this.isNegotiated) await this.negotiate();
    });
  }

  /** Finds another way to the media server. */
  async restart(): Promise<void> {
    await this.link.run(async () => this.negotiate({ iceRestart: true }));
  }

  /** Gives the others a whole picture: they have missed some. */
  async sendKeyFrame(): Promise<void> {
    await this.link.message({ request: 'configure', keyframe: true });
  }

  private async arrange(role: Role, track: MediaStreamTrack | null | undefined): Promise<void> {
    const transceiver = this.transceivers.get(role);
    if (!transceiver) {
      if (track !== undefined) this.add(role, track);
      return;
    }
    const { sender } = transceiver;
    if (sender.track !== (track ?? null)) await sender.replaceTrack(track ?? null);
    const direction = track === undefined ? 'inactive' : 'sendonly';
    if (transceiver.direction === direction) return;
    transceiver.direction = direction;
    this.isNegotiated = false;
  }

  private add(role: Role, track: MediaStreamTrack | null): void {
    const { maxBitrate } = this;
    const transceiver = this.link.connection.addTransceiver(track ?? (role === 'audio' ? 'audio' : 'video'), {
      direction: 'sendonly',
      ...(role === 'video' && maxBitrate !== undefined && { sendEncodings: [{ maxBitrate }] }),
    });
    this.transceivers.set(role, transceiver);
    this.isNegotiated = false;
  }

  private async negotiate(options?: RTCOfferOptions): Promise<void> {
    await this.link.offer(() => {
      const mid = this.transceivers.get('screen')?.mid;
      return { request: 'configure', ...(mid && { descriptions: [{ mid, description: 'screen' }] }) };
    }, options);
    this.isNegotiated = true;
  }
}
