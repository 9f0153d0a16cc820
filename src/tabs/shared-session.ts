import { sessionEnd } from '../errors.ts';
import type { FlooError } from '../errors.ts';
import type { Connection } from '../session/connection.ts';
import { isOver } from '../session/connection-state.ts';
import type { ConnectionState } from '../session/connection-state.ts';
import type { Identity } from '../session/identity.ts';
import type { TabId } from './messages.ts';

interface SharedSessionDeps {
  connection: Connection;
  /** Shows a state of the connection to a tab. */
  show(tab: TabId, state: ConnectionState): void;
}

/** The socket of all tabs, in the leading one: it is open as long as a tab wants it. */
export class SharedSession {
  private readonly deps: SharedSessionDeps;
  /** The tabs that want to be online. `true`: the app waits for the outcome of a login. */
  private readonly wanting = new Map<TabId, boolean>();
  private identity: Identity | undefined;

  constructor(deps: SharedSessionDeps) {
    this.deps = deps;
  }

  /** A tab wants to be online, as `Connection.start`. */
  want(tab: TabId, identity: Identity, eager: boolean): void {
    const { connection, show } = this.deps;
    this.wanting.set(tab, eager);
    const isSame = this.identity?.uid === identity.uid && this.identity.token === identity.token;
    if (!isOver(connection.state) && isSame && (!eager || connection.state.name === 'online'))
      return show(tab, connection.state);
    this.identity = identity;
    connection.start(identity, eager);
  }

  /** A tab is offline from now on, or gone. */
  unwant(tab: TabId): void {
    if (this.wanting.delete(tab) && this.wanting.size === 0) this.deps.connection.stop();
  }

  end(cause: FlooError): void {
    this.deps.connection.end(cause);
  }

  /** The connection has another state. */
  changed(state: ConnectionState): void {
    if (state.name === 'rejected') return this.rejected(state);
    for (const tab of this.wanting.keys()) this.deps.show(tab, state);
    if (state.name === 'online') for (const tab of this.wanting.keys()) this.wanting.set(tab, false);
  }

  /** A login that found no server fails for the tab that waits for it. The others were logged in, and go on trying. */
  private rejected(state: Extract<ConnectionState, { name: 'rejected' }>): void {
    const isEnd = sessionEnd(state.cause) !== undefined;
    for (const [tab, eager] of [...this.wanting]) {
      if (!isEnd && !eager) continue;
      this.wanting.delete(tab);
      this.deps.show(tab, state);
    }
    const { identity } = this;
    // Not within the report of the state before.
    if (this.wanting.size > 0 && identity)
      void Promise.resolve().then(() => {
        if (this.wanting.size > 0 && isOver(this.deps.connection.state)) this.deps.connection.start(identity, false);
      });
  }

  close(): void {
    this.wanting.clear();
    this.deps.connection.stop();
  }
}
