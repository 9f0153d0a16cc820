import type { Id } from '../model/ids.ts';
import type { TabChannel, Tabs } from '../platform/ports.ts';

type PeerMessage = { readonly type: 'login' } | { readonly type: 'logout'; readonly uid: Id };

interface SessionPeersDeps {
  tabs: Tabs;
  /** Of the channel: tabs of one app, one DNS server and one slot. */
  name: string;
  /** A user logged in, in another tab. */
  onLogin(): void;
  /** A user logged out, in another tab. */
  onLogout(uid: Id): void;
}

/** Tabs hear of each other's logins and logouts, whoever is logged in there. */
export class SessionPeers {
  private readonly channel: TabChannel;

  constructor({ tabs, name, onLogin, onLogout }: SessionPeersDeps) {
    this.channel = tabs.open(name, (data) => {
      const message = data as PeerMessage;
      if (message.type === 'login') onLogin();
      else onLogout(message.uid);
    });
  }

  loggedIn(): void {
    this.channel.post({ type: 'login' } satisfies PeerMessage);
  }

  loggedOut(uid: Id): void {
    this.channel.post({ type: 'logout', uid } satisfies PeerMessage);
  }

  close(): void {
    this.channel.close();
  }
}
