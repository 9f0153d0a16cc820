import type { Clock, SocketFactory } from '../platform/ports.ts';
import { openTransport } from '../transport/open-transport.ts';
import type { Transport, TransportListener } from '../transport/transport.ts';
import type { ConnectionSettings } from './connection-settings.ts';

/** Answers are waited for so many times as long at most. */
const MOST_PATIENCE = 8;

/** When the device woke, the server gets this many of its last round trips for a sign of life, and at least so long. */
const WAKE_ROUND_TRIPS = 4;
const SHORTEST_WAKE_PROBE_MS = 400;

interface SessionSocketsDeps {
  sockets: SocketFactory;
  clock: Clock;
  settings: ConnectionSettings;
  /** The page or app is in the background. */
  isHidden(): boolean;
}

interface EarlySocket {
  readonly host: string;
  readonly transport: Transport;
  /** What comes goes to this session from now on. */
  handTo(session: TransportListener): void;
}

/**
 * Opens the sockets of sessions. That of a login opens while its token is being fetched, because both take the same round trips. It
 * sends nothing before the session takes it.
 */
export class SessionSockets {
  private readonly deps: SessionSocketsDeps;
  private early: EarlySocket | undefined;
  private currentPatience = 1;
  private roundTripMs = Infinity;

  constructor(deps: SessionSocketsDeps) {
    this.deps = deps;
  }

  /**
   * By how much waits for answers are longer than usual. It doubles when a socket is left because nothing came: a line may be so
   * slow that a page takes longer than any usual limit, and asking for it again on a new socket would never end.
   */
  get patience(): number {
    return this.currentPatience;
  }

  /** A socket was left because nothing came. @param wasSteady - it worked for long before that */
  fellSilent(wasSteady: boolean): void {
    this.currentPatience = wasSteady ? 1 : Math.min(MOST_PATIENCE, this.currentPatience * 2);
  }

  /** The server answered a request as quickly as it can. @param ms - after so long */
  answeredIn(ms: number): void {
    this.roundTripMs = ms;
  }

  /**
   * How long the server may take for a sign of life when the device woke, in ms. A socket that slept is often dead, and leaving one
   * that is not costs a few round trips.
   */
  get wakeProbeMs(): number {
    const usualMs = this.deps.settings.probeTimeoutMs * this.currentPatience;
    return Math.min(usualMs, Math.max(SHORTEST_WAKE_PROBE_MS, WAKE_ROUND_TRIPS * this.roundTripMs));
  }

  /** Opens a socket, or takes the one to this host that was opened early. */
  open(host: string, session: TransportListener): Transport {
    const { early } = this;
    if (early?.host !== host) {
      this.dropEarly();
      return this.openNow(host, session);
    }
    this.early = undefined;
    early.handTo(session);
    return early.transport;
  }

  /** Opens a socket whose session comes later. When it fails before that, the session opens another one. */
  openEarly(host: string): void {
    this.dropEarly();
    let session: TransportListener | undefined;
    let phase = 'connecting' as 'connecting' | 'open' | 'over';
    const transport = this.openNow(host, {
      onOpen: () => {
        phase = 'open';
        session?.onOpen();
      },
      onFrame: (frame) => session?.onFrame(frame),
      onBadFrame: (error) => session?.onBadFrame(error),
      onClose: (reason) => {
        phase = 'over';
        if (session) session.onClose(reason);
        else this.early = undefined;
      },
    });
    if (phase === 'over') return;
    this.early = {
      host,
      transport,
      handTo: (taker) => {
        session = taker;
        // It opens for the session after that has it.
        if (phase === 'open') void Promise.resolve().then(() => phase === 'open' && taker.onOpen());
      },
    };
  }

  dropEarly(): void {
    this.early?.transport.close();
  }

  private openNow(host: string, listener: TransportListener): Transport {
    const { sockets, clock, settings, isHidden } = this.deps;
    const { transport: kind, engine, connectTimeoutMs } = settings;
    const silenceTimeoutMs = settings.silenceTimeoutMs * this.currentPatience;
    const probeTimeoutMs = settings.probeTimeoutMs * this.currentPatience;
    return openTransport(
      { kind, engine, url: host, connectTimeoutMs, silenceTimeoutMs, probeTimeoutMs, isHidden },
      { sockets, clock },
      listener,
    );
  }
}
