import type { Hosts } from '../bootstrap/hosts.ts';
import type { WriteStep } from '../chronicle/chronicle.ts';
import { FlooError, sessionEnd } from '../errors.ts';
import type { WakeCause } from '../chronicle/step.ts';
import type { Clock, Lifecycle, Random, SocketFactory } from '../platform/ports.ts';
import { HEARTBEAT } from '../transport/open-transport.ts';
import type { Transport } from '../transport/transport.ts';
import type { Pace } from '../util/pace.ts';
import { Timers } from '../util/timers.ts';
import type { DownFrame, UpFrame } from '../wire/frame-types.ts';
import type { WireError } from '../wire/wire-error.ts';
import { FrameCommand } from '../wire/enums.ts';
import { isEager, isOver, step } from './connection-state.ts';
import { eagerPace, restartPace } from './connection-settings.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import type { ConnectionEvent, ConnectionState } from './connection-state.ts';
import { DeviceWatch } from './device-watch.ts';
import { HostTries } from './host-tries.ts';
import type { Identity } from './identity.ts';
import { Provisioning } from './provisioning.ts';
import { ReconnectPace } from './reconnect-pace.ts';
import { RetryWait } from './retry-wait.ts';
import type { SessionOwner } from './session-owner.ts';
import { SessionSockets } from './session-sockets.ts';
import { badFrame, closeError, lossStep, skippedItems } from './socket-errors.ts';
import type { Loss } from './socket-errors.ts';

interface ConnectionDeps {
  hosts: Hosts;
  sockets: SocketFactory;
  clock: Clock;
  random: Random;
  lifecycle: Lifecycle;
  settings: ConnectionSettings;
  write: WriteStep;
}

export interface ConnectionListener {
  onState(state: ConnectionState, previous: ConnectionState): void;
  /** One frame, or one item of a page, could not be read; the session goes on. */
  onProblem(error: FlooError): void;
}

/** Keeps one identity online. It holds the state, changes it by {@link step} alone, and does the work of each state. */
export class Connection {
  readonly device: DeviceWatch;
  private readonly wait: RetryWait;
  private readonly deps: ConnectionDeps;
  private readonly listener: ConnectionListener;
  private currentState: ConnectionState = { name: 'idle' };
  private owner: SessionOwner | undefined;
  private identity: Identity | undefined;
  private transport: Transport | undefined;
  /** Counts sockets and lookups, so that a late result of an earlier one is ignored. */
  private generation = 0;
  private readonly tries: HostTries;
  private readonly provisioning: Provisioning;
  private readonly timers: Timers<'heartbeat'>;
  private readonly eagerPace: Pace;
  private readonly restarts: Pace;
  private readonly reconnectPace: ReconnectPace;
  private readonly sockets: SessionSockets;

  constructor(given: ConnectionDeps, listener: ConnectionListener) {
    this.device = new DeviceWatch(given, { onWake: (cause) => this.wake(cause), onFreeze: () => this.freeze() });
    const deps = (this.deps = { ...given, clock: this.device.clock });
    this.listener = listener;
    this.tries = new HostTries(deps);
    this.timers = new Timers(deps.clock);
    this.eagerPace = eagerPace(deps.clock);
    this.restarts = restartPace(deps.clock);
    this.reconnectPace = new ReconnectPace({ ...deps, backoff: deps.settings.backoff });
    this.wait = new RetryWait({ ...deps, pace: this.reconnectPace, onOver: () => this.dispatch({ type: 'retry' }) });
    this.sockets = new SessionSockets({ ...deps, isHidden: () => this.device.isHidden });
    this.provisioning = this.createProvisioning();
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
    this.provisioning.reset();
    this.tries.reset();
    this.deps.write('started', { isLogin: eager });
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
    this.tries.moved();
    this.restarts.run(() => this.dispatch({ type: 'start', eager: false }));
  }

  /** The names of the device changed: the session begins again under the new ones. */
  changeDevice(): void {
    if (!isOver(this.currentState)) this.dispatch({ type: 'start', eager: isEager(this.currentState) });
  }

  /** The socket is open but the server does not answer: leave the socket and connect again. */
  unresponsive(detail: string): void {
    if (this.currentState.name === 'online') this.fail(new FlooError('ServerTimeOut', detail), 'no-answer');
  }

  /** What could not work may work now, and a socket that looks open may be dead. */
  wake(cause: WakeCause): void {
    const isNewNetwork = cause !== 'show' && cause !== 'answer';
    this.reconnectPace.woke(isNewNetwork);
    if (isNewNetwork) this.dispatch({ type: 'network' });
    this.wait.end(cause);
    if (this.currentState.name !== 'online') return;
    this.deps.write('probed', { cause, withinMs: this.sockets.wakeProbeMs });
    this.transport?.probe(this.sockets.wakeProbeMs);
  }

  /** What the server held when the session began is here. */
  caughtUp(): void {
    this.dispatch({ type: 'caughtUp' });
  }

  /** @returns false when not online; the frame is not kept */
  send(frame: UpFrame): boolean {
    if (this.currentState.name !== 'online' || !this.transport) return false;
    this.transport.send(frame);
    return true;
  }

  dispose(): void {
    this.device.close();
    this.stop();
  }

  /** A socket would keep the page out of the back-forward cache, and be dead when the page comes back. */
  private freeze(): void {
    this.wait.freeze();
    this.dispatch({ type: 'freeze', cause: new FlooError('ServerNeedReconnected', 'the page was frozen') });
  }

  private createProvisioning(): Provisioning {
    return new Provisioning(this.deps, {
      onAccepted: (ms) => {
        this.tries.worked();
        this.sockets.answeredIn(ms);
        this.reconnectPace.accepted();
        this.dispatch({ type: 'accepted' });
      },
      onRefused: (cause) => {
        if (isEager(this.currentState) || sessionEnd(cause)) this.dispatch({ type: 'end', cause });
        else this.fail(cause, 'refused');
      },
      onUnanswered: (cause) => this.fail(cause, 'no-answer'),
      onRenewed: (cause) => this.dispatch({ type: 'failed', cause, anotherHost: true }),
      onProblem: (error) => this.listener.onProblem(error),
    });
  }

  private dispatch(event: ConnectionEvent): void {
    const previous = this.currentState;
    const next = step(previous, event);
    if (next === previous) return;
    const state = next.name === 'waiting' ? this.waiting(next, previous) : next;
    this.currentState = state;
    this.enter(state, previous);
    this.listener.onState(state, previous);
  }

  private enter(state: ConnectionState, previous: ConnectionState): void {
    if (state.name === 'authenticating')
      return this.provisioning.begin(this.transport!, this.tries.host, this.identity!, this.owner!.device);
    if (state.name === 'online' && previous.name !== 'online') this.heartbeat();
    if (state.name === 'online' || state.name === 'waiting') return;
    this.disconnect();
    if (state.name === 'resolving') this.resolve();
    if (state.name === 'connecting') {
      // Other tries have their pauses before them.
      if (isEager(state)) this.eagerPace.run(() => this.connect());
      else this.connect();
    }
    if (state.name === 'rejected') this.deps.write('ended', { reason: state.cause.reason });
    if (state.name === 'closed' && !isOver(previous)) this.deps.write('stopped');
  }

  private waiting(state: ConnectionState & { name: 'waiting' }, { name }: ConnectionState): ConnectionState {
    this.disconnect();
    const isAway = name === 'resolving' || name === 'connecting';
    return { ...state, retryAt: this.wait.begin({ ...state, isAway }) };
  }

  private resolve(): void {
    this.reconnectPace.tried();
    const { generation } = this;
    // A frame that the old socket brought last may end the session, so it is handled before a new socket opens.
    Promise.all([this.tries.ready(), this.owner?.sync.settled()]).then(
      () => generation === this.generation && this.dispatch({ type: 'resolved' }),
      (error: unknown) => {
        if (generation !== this.generation) return;
        this.dispatch({ type: 'failed', cause: FlooError.from(error, 'ServerDNSFailed'), anotherHost: false });
      },
    );
  }

  private connect(): void {
    const generation = this.generation;
    const host = this.tries.next();
    if (host === undefined) {
      // A DNS answer that came meanwhile refused the app.
      const cause = new FlooError('ServerDNSFailed', 'no socket host is known');
      return this.dispatch({ type: 'failed', cause, anotherHost: false });
    }
    this.deps.write('connecting', { host });
    const ifCurrent = (run: () => void): void => {
      if (generation === this.generation) run();
    };
    this.transport = this.sockets.open(host, {
      onOpen: () => ifCurrent(() => this.dispatch({ type: 'opened' })),
      onFrame: (frame) => ifCurrent(() => this.handleFrame(frame)),
      onBadFrame: (error) => ifCurrent(() => this.handleBadFrame(error)),
      onClose: (reason) => ifCurrent(() => this.fail(closeError(reason), reason.kind)),
    });
  }

  private handleFrame(frame: DownFrame): void {
    if (frame.skipped) this.listener.onProblem(skippedItems(frame.skipped));
    if (frame.command === FrameCommand.PROVISION) {
      if (this.currentState.name === 'authenticating') this.provisioning.handle(frame.payload ?? {});
    } else if (this.currentState.name === 'online') {
      if (this.reconnectPace.answered()) this.dispatch({ type: 'proved' });
      this.owner?.sync.handleFrame(frame);
    }
  }

  private handleBadFrame(error: WireError): void {
    this.listener.onProblem(badFrame(error));
    if (this.currentState.name === 'online') this.owner?.sync.handleBadFrame();
  }

  /** Gives up the socket and chooses the next host. */
  private fail(cause: FlooError, how: Loss): void {
    this.deps.write(lossStep(this.currentState, how), { host: this.tries.host, reason: cause.reason, how });
    if (this.currentState.name === 'online') {
      const { wasSteady } = this.reconnectPace;
      if (wasSteady) this.dispatch({ type: 'proved' });
      if (cause.reason === 'ServerTimeOut') this.sockets.fellSilent(wasSteady);
    }
    const anotherHost = this.tries.failed(isEager(this.currentState));
    this.dispatch({ type: 'failed', cause, anotherHost });
  }

  private disconnect(): void {
    this.generation++;
    this.timers.clearAll();
    this.wait.cancel();
    this.provisioning.cancel();
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
