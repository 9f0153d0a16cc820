/** A deployed client with its app, as a peer: what it sends and when, and what it makes of what it gets. It is independent of `src/rtc`. */
import { createDeployedRoom } from './deployed-room.ts';
import type { DeployedRoom } from './deployed-room.ts';
import { openDeployedSocket } from './deployed-socket.ts';
import type { Account, DeployedSocket, RingMessage } from './deployed-socket.ts';

export type DeployedKind = 'web' | 'native';

/** In what the web client and the Android client differ. */
interface Traits {
  /** It joins with its user id as the id of its feed, and takes the id of the other feed for the other user. */
  readonly hasFeedId: boolean;
  /** It attaches both handles at once, and a caller is in the room before it rings. */
  readonly isEager: boolean;
  readonly roomType: 0 | 1;
  /** It says that it has read the message that rang. */
  readonly acknowledges: boolean;
  /** Ms from the call message until a subscription begins. */
  readonly ringMs: number;
  /** Ms for which a call waits for a message that ends it. */
  readonly holdMs: number;
  /** Ms after which the other side, which left the room, is gone. */
  readonly peerLeftMs: number;
}

const TRAITS: Readonly<Record<DeployedKind, Traits>> = {
  web: {
    ...{ hasFeedId: false, isEager: false, acknowledges: false, roomType: 0 },
    ...{ ringMs: 60_000, holdMs: 1000, peerLeftMs: 5000 },
  },
  native: {
    ...{ hasFeedId: true, isEager: true, acknowledges: true, roomType: 1 },
    ...{ ringMs: 30_000, holdMs: 500, peerLeftMs: 500 },
  },
};

interface Config {
  readonly action?: string;
  readonly callId?: string;
  readonly roomId?: number;
  readonly initiator?: number;
  readonly type?: number;
  readonly pin?: string;
  readonly peerDrop?: boolean;
}

/** A call on the screen. */
interface Screen {
  readonly callId: string;
  readonly peer: number;
  readonly initiator: number;
  readonly video: boolean;
  readonly pin: string;
  roomId: number;
  /** The message that rang. */
  message?: RingMessage;
  room?: DeployedRoom;
  /** The feed of the other side. */
  feed?: number;
  /** When media flowed in both directions. */
  since?: number;
}

/** Contents of hangups that native clients obey, whoever sent them. */
const ALWAYS_OBEYED = ['busy', 'rejected', 'canceled', 'timeout'];
const PUSH_KEYS: Readonly<Record<string, string>> = {
  timeout: 'callee_not_responding',
  canceled: 'call_canceled_by_caller',
  rejected: 'call_rejected_by_callee',
  busy: 'callee_busy',
};

const random = (): string => Math.random().toString(36).slice(2, 10).padEnd(8, '0');

export class DeployedPeer {
  /** What happened, in its words. */
  readonly heard: string[] = [];
  /** Records in its lists: the other user, and the content. */
  readonly records: { readonly peer: number; readonly content: string }[] = [];
  /** The flag of the SDK: it answers busy. */
  isInCall = false;
  private readonly traits: Traits;
  private socket!: DeployedSocket;
  private screen: Screen | undefined;
  private timers: ReturnType<typeof setTimeout>[] = [];
  /** Messages that are on their way to it. */
  private held: RingMessage[] | undefined;
  /** Calls of which it heard an end. */
  private readonly over = new Set<string>();

  constructor(kind: DeployedKind) {
    this.traits = TRAITS[kind];
  }

  async login(account: Account): Promise<number> {
    this.socket = await openDeployedSocket(account, {
      onMessage: (message) => (this.held ? void this.held.push(message) : this.handleMessage(message)),
      onSignal: (content) => this.screen?.room?.handleSignal(content),
    });
    return this.socket.uid;
  }

  get connections(): readonly RTCPeerConnection[] {
    return this.screen?.room?.connections ?? [];
  }

  get state(): 'idle' | 'shows' | 'talks' {
    return !this.screen ? 'idle' : this.screen.since === undefined ? 'shows' : 'talks';
  }

  /** What comes from now on stays on its way until `release`. */
  hold(): void {
    this.held = [];
  }

  release(): void {
    const messages = this.held ?? [];
    this.held = undefined;
    for (const message of messages) this.handleMessage(message);
  }

  async call(peer: number, video: boolean): Promise<void> {
    const { uid } = this.socket;
    const { isEager, hasFeedId, roomType } = this.traits;
    const callId = `${uid}_${Date.now()}`;
    const screen: Screen = { callId, peer, initiator: uid, video, pin: random(), roomId: 0 };
    const room = await this.open(screen);
    screen.roomId = await room.create({
      ...{ permanent: false, description: `videoroom_${uid}_${peer}`, secret: random(), pin: screen.pin },
      ...(hasFeedId && { room: 0 }),
    });
    if (isEager) await this.join(screen);
    const { roomId, pin } = screen;
    await this.say(
      {
        ...{ action: 'call', callId, roomId, initiator: uid, type: video ? 1 : 0, roomType, pin },
        ...{ pushMessageLocKey: 'call_in', ios: { mutable_content: true } },
      },
      { ext: JSON.stringify({ rtc: 'call' }) },
    );
    this.isInCall = true;
    if (screen.feed === undefined) this.wait(this.traits.ringMs, () => void this.hangUp('timeout'));
  }

  /** Accepts the call on the screen. */
  async accept(): Promise<void> {
    const screen = this.screen!;
    await this.open(screen);
    await this.say({ action: 'pickup', callId: screen.callId });
    if (this.traits.acknowledges) this.socket.acknowledge(screen.message!);
    this.isInCall = true;
    await this.join(screen);
  }

  async decline(): Promise<void> {
    await this.hangUp('rejected');
  }

  /** Ends the call on the screen, and writes the record that is this side's. */
  async hangUp(why?: string, peerDrop = false): Promise<void> {
    const { screen } = this;
    if (!screen) return;
    const { callId, initiator, since } = screen;
    const content = why ?? (since === undefined ? 'canceled' : String(Date.now() - since));
    this.close('closes');
    await this.sayEnd('hangup', { ...screen, peerDrop }, content);
    if (initiator !== this.socket.uid && !peerDrop) return;
    await this.sayEnd('record', { callId, initiator, peer: screen.peer, peerDrop }, content);
    this.isInCall = false;
  }

  /** Switches its camera, and says so. */
  async setCamera(isOn: boolean): Promise<void> {
    const { callId, room, peer } = this.screen!;
    room!.setPicture(isOn);
    await this.socket.send(peer, { content: '', ext: JSON.stringify({ callId, mute_video: !isOn }) });
  }

  /** Ends as an app that is killed does. */
  vanish(): void {
    this.stopTimers();
    for (const connection of this.connections) connection.close();
    this.hold();
  }

  private async open(screen: Screen): Promise<DeployedRoom> {
    const room = createDeployedRoom((content) => this.socket.signal(content), {
      onFeed: (feed) => {
        screen.feed = feed;
        this.stopTimers();
      },
      onFeedGone: () => this.wait(this.traits.peerLeftMs, () => void this.hangUp(undefined, true)),
      onThrough: () => {
        screen.since = Date.now();
        this.heard.push('through');
      },
      onError: (code) => this.heard.push(`janus ${code}`),
    });
    screen.room = room;
    this.screen = screen;
    await room.open(this.traits.isEager);
    return room;
  }

  private async join({ room, roomId, pin, video }: Screen): Promise<void> {
    const id = this.traits.hasFeedId ? { id: this.socket.uid } : {};
    await room!.join({ room: roomId, pin, ...id }, video);
  }

  private handleMessage(message: RingMessage): void {
    const { from, content, ext } = message;
    const config = JSON.parse(message.config || '{}') as Config;
    const { action, callId = '' } = config;
    if (action === undefined) {
      const { mute_video: isMuted } = JSON.parse(ext || '{}') as { mute_video?: boolean };
      if (isMuted !== undefined) this.heard.push(`camera ${isMuted ? 'off' : 'on'}`);
      return;
    }
    this.heard.push([action, content].filter(Boolean).join(' '));
    if (action === 'record') this.records.push({ peer: from, content });
    if (action !== 'call') this.over.add(callId);
    if (action === 'call') this.handleCall(message, config);
    if (action === 'pickup') this.handlePickup(from, callId);
    if (action === 'hangup') this.handleHangUp(from, content, config);
    if (action === 'record') this.isInCall = false;
  }

  private handleCall(message: RingMessage, { callId = '', roomId = 0, initiator = 0, type, pin = '' }: Config): void {
    const peer = message.from;
    if (this.isInCall) {
      void this.sayEnd('hangup', { callId, initiator, peer }, 'busy');
      return;
    }
    setTimeout(() => {
      if (!this.over.has(callId)) this.screen = { callId, peer, initiator, video: type === 1, pin, roomId, message };
    }, this.traits.holdMs);
  }

  private handlePickup(from: number, callId: string): void {
    const { screen } = this;
    if (from === this.socket.uid) this.close('answered elsewhere');
    else if (screen?.callId === callId && !this.traits.isEager) void this.join(screen);
  }

  private handleHangUp(from: number, content: string, { callId = '', initiator = 0, peerDrop = false }: Config): void {
    const isTheirs = from !== this.socket.uid;
    if (this.isInCall && isTheirs && initiator === this.socket.uid && !peerDrop)
      void this.sayEnd('record', { callId, initiator, peer: from, peerDrop }, content);
    const { screen, traits } = this;
    const isObeyed =
      !traits.hasFeedId || !this.isInCall || screen?.feed === from || ALWAYS_OBEYED.includes(content) || !isTheirs;
    this.isInCall = false;
    // Neither the call nor the sender is compared.
    if (isObeyed) this.close('is hung up');
  }

  private close(why: string): void {
    if (!this.screen) return;
    this.heard.push(why);
    this.stopTimers();
    this.screen.room?.close();
    this.screen = undefined;
  }

  private async sayEnd(
    action: 'hangup' | 'record',
    end: Pick<Screen, 'callId' | 'initiator' | 'peer'> & { readonly peerDrop?: boolean },
    content: string,
  ): Promise<void> {
    const { callId, initiator, peer, peerDrop } = end;
    if (action === 'record') this.records.push({ peer, content });
    const seconds = Math.floor(Number(content) / 1000);
    const time = content in PUSH_KEYS ? [] : [Math.floor(seconds / 60), seconds % 60];
    await this.say(
      {
        ...{ action, callId, initiator, pushMessageLocKey: PUSH_KEYS[content] ?? 'call_duration' },
        pushMessageLocArgs: this.traits.hasFeedId ? JSON.stringify(time) : time,
        ...(content !== 'busy' && content !== 'rejected' && { peerDrop: peerDrop === true }),
      },
      { content, peer },
    );
  }

  private async say(config: object, more: { content?: string; ext?: string; peer?: number } = {}): Promise<void> {
    const { peer = this.screen!.peer, ...rest } = more;
    await this.socket.send(peer, { content: '', ...rest, config: JSON.stringify(config) });
  }

  private wait(ms: number, then: () => void): void {
    this.timers.push(setTimeout(then, ms));
  }

  private stopTimers(): void {
    for (const timer of this.timers.splice(0)) clearTimeout(timer);
  }
}
