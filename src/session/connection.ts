import type { Hosts } from '../bootstrap/hosts.ts';
import { FlooError, sessionEnd } from '../errors.ts';
import type { Clock, Lifecycle, Random, SocketFactory } from '../platform/ports.ts';
import { HEARTBEAT } from '../transport/open-transport.ts';
import type { Transport } from '../transport/transport.ts';
import type { Pace } from '../util/pace.ts';
import { Timers } from '../util/timers.ts';
import type { DownFrame, UpFrame } from '../wire/frame-types.ts';
import type { IProvision } from '../wire/message-types.ts';
import type { WireError } from '../wire/wire-error.ts';
import { FrameCommand } from '../wire/enums.ts';
import { isEager, isOver, step, TRIES_PER_HOST } from './connection-state.ts';
import { eagerPace, restartPace } from './connection-settings.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import type { ConnectionEvent, ConnectionState } from './connection-state.ts';
import type { Identity } from './identity.ts';
import { provisionFrame, refusalOf } from './provision.ts';
import { ReconnectPace } from './reconnect-pace.ts';
import type { SessionOwner } from './session-owner.ts';
import { SessionSockets } from './session-sockets.ts';
import { badFrame, closeError, skippedItems } from './socket-errors.ts';

interface ConnectionDeps {
  hosts: Hosts;
  sockets: SocketFactory;
  clock: Clock;
  random: Random;
  lifecycle: Lifecycle;
  settings: ConnectionSettings;
}

export interface ConnectionListener {
  onState(state: ConnectionState, previous: ConnectionState): void;
  /** One frame, or one item of a page, could not be read; the session goes on. */
  onProblem(error: FlooError): void;
}

/** Keeps one identity online. It holds the state, changes it by {@link step} alone, and does the work of each state. */
export class Connection {
  private readonly deps: ConnectionDeps;
  private readonly listener: ConnectionListener;
  private currentState: ConnectionState = { name: 'idle' };
  private owner: SessionOwner | undefined;
  private identity: Identity | undefined;
  private transport: Transport | undefined;
  /** Counts sockets and lookups, so that a late result of an earlier one is ignored. */
  private generation = 0;
  private host = '';
  private triesAtHost = 0;
  /** DNS must be asked before the next socket, although hosts are known. */
  private moved = false;
  private guidRenewed = false;
  private readonly timers: Timers<'retry' | 'provision' | 'heartbeat'>;
  private readonly eagerPace: Pace;
  private readonly restarts: Pace;
  private readonly reconnectPace: ReconnectPace;
  private readonly sockets: SessionSockets;
  private readonly unsubscribe: () => void;

  constructor(deps: ConnectionDeps, listener: ConnectionListener) {
    this.deps = deps;
    this.listener = listener;
    this.timers = new Timers(deps.clock);
    this.eagerPace = eagerPace(deps.clock);
    this.restarts = restartPace(deps.clock);
    this.reconnectPace = new ReconnectPace({ ...deps, backoff: deps.settings.backoff });
    this.sockets = new SessionSockets(deps);
    this.unsubscribe = deps.lifecycle.subscribe((event) => {
      if (event === 'show' || event === 'hide') this.sockets.isHidden = event === 'hide';
      if (event !== 'online' && event !== 'show') return;
      if (event === 'online') this.dispatch({ type: 'network' });
      this.dispatch({ type: 'retry' });
      // A socket that slept may be half open: it looks fine and is dead.
      if (this.currentState.name === 'online') this.transport?.probe();
    });
  }

  get state(): ConnectionState {
    return this.currentState;
  }

  /** See {@link SessionSockets.patience}. */
  get patience(): number {
    return this.sockets.patience;
  }

  /** Sets the receiver of all later frames, without which they are dropped, and the device of all later sockets. */
  attach(owner: SessionOwner | undefined): void {
    this.owner = owner;
  }

  /** A login is about to start: opens its socket while its token is being fetched. */
  prepare(): void {
    const host = this.deps.hosts.current('fireplace');
    if (host !== undefined && isOver(this.currentState)) this.sockets.openEarly(host);
  }

  /** The login that was about to start does not. */
  unprepare(): void {
    this.sockets.dropEarly();
  }

  /** @param eager - the app waits for the outcome: fail after one try at each host instead of retrying for ever */
  start(identity: Identity, eager: boolean): void {
    this.identity = identity;
    this.guidRenewed = false;
    this.triesAtHost = 0;
    this.dispatch({ type: 'start', eager });
  }

  stop(): void {
    this.unprepare();
    this.dispatch({ type: 'stop' });
  }

  /** The session cannot go on: kicked, frozen, token refused. */
  end(cause: FlooError): void {
    this.dispatch({ type: 'end', cause });
  }

  /** The servers moved: ask DNS and connect again, at a pace. A session that is over stays over. */
  restart(): void {
    if (isOver(this.currentState)) return;
    this.moved = true;
    this.restarts.run(() => this.dispatch({ type: 'start', eager: false }));
  }

  /** The names of the device changed: the session begins again under the new ones. */
  changeDevice(): void {
    if (!isOver(this.currentState)) this.dispatch({ type: 'start', eager: isEager(this.currentState) });
  }

  /** The socket is open but the server does not answer: leave the socket and connect again. */
  unresponsive(detail: string): void {
    if (this.currentState.name === 'online') this.fail(new FlooError('ServerTimeOut', detail));
  }

  /** @returns false when not online; the frame is not kept */
  send(frame: UpFrame): boolean {
    if (this.currentState.name !== 'online' || !this.transport) return false;
    this.transport.send(frame);
    return true;
  }

  dispose(): void {
    this.unsubscribe();
    this.stop();
  }

  private dispatch(event: ConnectionEvent): void {
    const previous = this.currentState;
    const state = step(previous, event);
    if (state === previous) return;
    this.currentState = state;
    this.enter(state, previous);
    this.listener.onState(state, previous);
  }

  private enter(state: ConnectionState, previous: ConnectionState): void {
    if (state.name === 'authenticating') return this.provision();
    if (state.name === 'online') {
      if (previous.name !== 'online') this.heartbeat();
      return;
    }
    this.disconnect();
    if (state.name === 'resolving') this.resolve();
    if (state.name === 'connecting') {
      // Other tries have their pauses before them.
      if (isEager(state)) this.eagerPace.run(() => this.connect());
      else this.connect();
    }
    if (state.name === 'waiting') {
      const isAway = previous.name === 'resolving' || previous.name === 'connecting';
      const waitMs = this.reconnectPace.waitMs(state.attempt, isAway);
      this.timers.set('retry', waitMs, () => this.dispatch({ type: 'retry' }));
    }
  }

  private resolve(): void {
    this.reconnectPace.tried();
    const { generation } = this;
    const { hosts } = this.deps;
    const found = this.moved ? hosts.refresh().catch(() => hosts.ready()) : hosts.ready();
    // A frame that the old socket brought last may end the session, so it is handled before a new socket opens.
    Promise.all([found, this.owner?.sync.settled()]).then(
      () => {
        this.moved = false;
        if (generation === this.generation) this.dispatch({ type: 'resolved' });
      },
      (error: unknown) => {
        if (generation !== this.generation) return;
        this.dispatch({ type: 'failed', cause: FlooError.from(error, 'ServerDNSFailed'), anotherHost: false });
      },
    );
  }

  private connect(): void {
    const generation = this.generation;
    const host = this.deps.hosts.current('fireplace');
    if (host === undefined) {
      // A DNS answer that came meanwhile refused the app.
      const cause = new FlooError('ServerDNSFailed', 'no socket host is known');
      return this.dispatch({ type: 'failed', cause, anotherHost: false });
    }
    if (host !== this.host) this.triesAtHost = 0;
    this.host = host;
    const ifCurrent = (run: () => void): void => {
      if (generation === this.generation) run();
    };
    this.transport = this.sockets.open(host, {
      onOpen: () => ifCurrent(() => this.dispatch({ type: 'opened' })),
      onFrame: (frame) => ifCurrent(() => this.handleFrame(frame)),
      onBadFrame: (error) => ifCurrent(() => this.handleBadFrame(error)),
      onClose: (reason) => ifCurrent(() => this.fail(closeError(reason))),
    });
  }

  private provision(): void {
    const { settings } = this.deps;
    this.timers.set('provision', settings.provisionTimeoutMs, () =>
      this.fail(new FlooError('SignInTimeout', 'the server did not answer the provision')),
    );
    this.transport!.send(provisionFrame(this.identity!, this.owner!.device.names, settings.deviceInfo));
  }

  private handleFrame(frame: DownFrame): void {
    if (frame.skipped) this.listener.onProblem(skippedItems(frame.skipped));
    if (frame.command === FrameCommand.PROVISION) {
      if (this.currentState.name === 'authenticating') this.handleProvision(frame.payload ?? {});
    } else if (this.currentState.name === 'online') {
      if (this.reconnectPace.answered()) this.dispatch({ type: 'proved' });
      this.owner?.sync.handleFrame(frame);
    }
  }

  private handleBadFrame(error: WireError): void {
    this.listener.onProblem(badFrame(error));
    if (this.currentState.name === 'online') this.owner?.sync.handleBadFrame();
  }

  private handleProvision(answer: IProvision): void {
    this.timers.clear('provision');
    const { device } = this.owner!;
    const { hosts } = this.deps;
    const refusal = refusalOf(answer, this.identity!);
    if (!refusal) {
      if (answer.xid?.deviceSN) device.saveSerial(answer.xid.deviceSN);
      this.triesAtHost = 0;
      hosts.worked('fireplace');
      this.reconnectPace.accepted();
      this.dispatch({ type: 'accepted' });
      return;
    }
    const { cause, needsNewGuid } = refusal;
    if (needsNewGuid && !this.guidRenewed) {
      this.guidRenewed = true;
      const { generation } = this;
      const goOn = (): void => {
        if (generation === this.generation) this.dispatch({ type: 'failed', cause, anotherHost: true });
      };
      device.renew().then(goOn, (error: unknown) => {
        this.listener.onProblem(FlooError.from(error, 'DbOperationFailed'));
        goOn();
      });
      return;
    }
    if (isEager(this.currentState) || sessionEnd(cause)) this.dispatch({ type: 'end', cause });
    else this.fail(cause);
  }

  /** Gives up the socket and chooses the next host. */
  private fail(cause: FlooError): void {
    if (this.currentState.name === 'online') {
      const { wasSteady } = this.reconnectPace;
      if (wasSteady) this.dispatch({ type: 'proved' });
      if (cause.reason === 'ServerTimeOut') this.sockets.fellSilent(wasSteady);
    }
    this.triesAtHost++;
    let anotherHost = false;
    if (isEager(this.currentState) || this.triesAtHost >= TRIES_PER_HOST) {
      this.triesAtHost = 0;
      anotherHost = this.deps.hosts.failed('fireplace', this.host);
    }
    this.dispatch({ type: 'failed', cause, anotherHost });
  }

  private disconnect(): void {
    this.generation++;
    this.timers.clearAll();
    this.eagerPace.cancel();
    this.restarts.cancel();
    this.transport?.close();
    this.transport = undefined;
  }

  private heartbeat(): void {
    this.send(HEARTBEAT);
    this.timers.set('heartbeat', this.deps.settings.heartbeatMs, () => this.heartbeat());
  }
}
