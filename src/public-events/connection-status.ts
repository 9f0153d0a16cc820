import type { ConnectionReason, ConnectionStateName, ConnectionStatus } from '../chronicle/connection-status.ts';
import type { FlooErrorCode } from '../errors.ts';
import type { Clock } from '../platform/ports.ts';
import type { ConnectionState } from '../session/connection-state.ts';

/** What the state is made of. */
export interface StatusFacts {
  readonly connection: ConnectionState;
  /** The device says that it has no network. */
  readonly isOffline: boolean;
  /** Something else answers in the place of the servers. */
  readonly isPortal: boolean;
  readonly isLoggedIn: boolean;
  /** The app waits for the outcome of a login. */
  readonly isLoggingIn: boolean;
}

interface StatusDeps {
  clock: Clock;
  facts(): StatusFacts;
  emit(status: ConnectionStatus): void;
}

type Named = Omit<ConnectionStatus, 'since'>;

const UNREACHABLE: readonly FlooErrorCode[] = ['ServerConnectFailed', 'ServerDNSFailed', 'ServerNotReachable'];

/** Keeps the public state of the connection, and emits it when it became another one. At first nobody is logged in. */
export class StatusLine {
  private readonly deps: StatusDeps;
  private status: ConnectionStatus;
  private isScheduled = false;
  private isClosed = false;

  constructor(deps: StatusDeps) {
    this.deps = deps;
    this.status = { state: 'offline', reason: 'notLoggedIn', since: deps.clock.now() };
  }

  get current(): ConnectionStatus {
    const before = this.status;
    const named = nameFacts(this.deps.facts(), before);
    const since = before.state === named.state ? before.since : this.deps.clock.now();
    return { ...named, since };
  }

  /**
   * Something may have changed. What changes at the same time counts as one change, and handlers of the app run when everybody
   * else has done their part.
   */
  update(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    void Promise.resolve().then(() => {
      this.isScheduled = false;
      if (this.isClosed) return;
      const status = this.current;
      if (isSame(this.status, status)) return;
      this.status = status;
      this.deps.emit(status);
    });
  }

  /** Emits nothing more. */
  close(): void {
    this.isClosed = true;
  }
}

function nameFacts(facts: StatusFacts, before: ConnectionStatus): Named {
  const { connection, isLoggedIn, isLoggingIn } = facts;
  switch (connection.name) {
    case 'idle':
      return isLoggedIn || isLoggingIn ? named('connecting', 'starting') : named('offline', 'notLoggedIn');
    case 'closed':
      if (isLoggingIn) return named('connecting', 'starting');
      return named('offline', isLoggedIn ? 'disconnected' : 'notLoggedIn');
    case 'rejected':
      if (isLoggingIn) return named('connecting', 'starting');
      return { ...named('offline', 'ended'), error: connection.cause.reason };
    case 'resolving':
    case 'connecting':
    case 'authenticating':
      return named('connecting', isFirstTry(before) ? 'starting' : 'reconnecting');
    case 'online':
      return connection.isCaughtUp ? named('online', 'upToDate') : named('syncing', 'catchingUp');
    case 'waiting': {
      const { cause, retryAt } = connection;
      const waiting = named('waiting', waitingReason(facts, cause.reason));
      return { ...waiting, ...(retryAt !== undefined && { retryAt }), error: cause.reason };
    }
    default:
      return connection satisfies never;
  }
}

const named = (state: ConnectionStateName, reason: ConnectionReason): Named => ({ state, reason });

const isFirstTry = ({ state, reason }: ConnectionStatus): boolean => state === 'offline' || reason === 'starting';

function waitingReason({ isOffline, isPortal }: StatusFacts, error: FlooErrorCode): ConnectionReason {
  if (isOffline) return 'noNetwork';
  if (isPortal) return 'portal';
  return UNREACHABLE.includes(error) ? 'unreachable' : 'lost';
}

const isSame = (one: ConnectionStatus, other: ConnectionStatus): boolean =>
  one.state === other.state &&
  one.reason === other.reason &&
  one.error === other.error &&
  one.retryAt === other.retryAt;
