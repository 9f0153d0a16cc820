import type { SessionConnection } from '../account/session-deps.ts';
import type { FlooError } from '../errors.ts';
import type { Connection } from '../session/connection.ts';
import type { ConnectionState } from '../session/connection-state.ts';
import type { Identity } from '../session/identity.ts';

/** Who has the socket: the shared account, in whichever tab. */
export interface SocketOwner {
  want(identity: Identity, eager: boolean): void;
  unwant(): void;
  end(cause: FlooError): void;
}

interface SharedConnectionDeps {
  connection: Connection;
  onState(state: ConnectionState, previous: ConnectionState): void;
}

/** The connection as one tab sees it, whichever tab has the socket. A tab that has disconnected sees it closed. */
export class SharedConnection implements SessionConnection {
  private readonly deps: SharedConnectionDeps;
  private current: ConnectionState = { name: 'idle' };
  private owner: SocketOwner | undefined;
  /** Set while this tab wants to be online. */
  private wanted: Identity | undefined;

  constructor(deps: SharedConnectionDeps) {
    this.deps = deps;
  }

  get state(): ConnectionState {
    return this.current;
  }

  /** With whom this tab wants to be online; undefined when it does not. */
  get identity(): Identity | undefined {
    return this.wanted;
  }

  /** @param owner - of the account that is open in this tab; undefined when there is none */
  attach(owner: SocketOwner | undefined): void {
    this.owner = owner;
  }

  // A tab whose user another tab leads opens a socket in vain; nobody knows that before the user is known.
  prepare(): void {
    if (!this.owner) this.deps.connection.prepare();
  }

  unprepare(): void {
    this.deps.connection.unprepare();
  }

  start(identity: Identity, eager: boolean): void {
    this.wanted = identity;
    this.show({ name: 'resolving', attempt: 0, eager });
    this.owner?.want(identity, eager);
  }

  stop(): void {
    this.unprepare();
    this.wanted = undefined;
    this.owner?.unwant();
    this.show({ name: 'closed' });
  }

  end(cause: FlooError): void {
    if (this.owner) this.owner.end(cause);
    else this.show({ name: 'rejected', cause });
  }

  /** Shows a state of the socket. */
  view(state: ConnectionState): void {
    if (!this.wanted) return;
    if (state.name === 'rejected') this.wanted = undefined;
    this.show(state);
  }

  /** The session of this tab ends, whatever the socket does. */
  reject(cause: FlooError): void {
    this.wanted = undefined;
    this.show({ name: 'rejected', cause });
  }

  private show(state: ConnectionState): void {
    const previous = this.current;
    if (previous.name === state.name && (state.name === 'closed' || state.name === 'idle')) return;
    this.current = state;
    this.deps.onState(state, previous);
  }
}
