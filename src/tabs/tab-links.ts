import type { TabChannel, Tabs } from '../platform/ports.ts';
import type { DirectMessage, FollowerMessage, GroupMessage, LeaderMessage, TabId } from './messages.ts';

interface LinkListener {
  onGroup(message: GroupMessage): void;
  onDirect(message: LeaderMessage | FollowerMessage, from: TabId): void;
}

/**
 * The channels of a tab: one to all tabs of the account, and one to each that it talks to. All that a tab says to another goes over
 * the other's own channel, so it arrives in its order. Other tabs need not read it.
 */
export class TabLinks {
  readonly id: TabId;
  private readonly tabs: Tabs;
  private readonly name: string;
  private readonly group: TabChannel;
  private readonly inbox: TabChannel;
  private readonly others = new Map<TabId, TabChannel>();

  constructor({ tabs, name, id, listener }: { tabs: Tabs; name: string; id: TabId; listener: LinkListener }) {
    this.tabs = tabs;
    this.name = name;
    this.id = id;
    // Nobody else of the origin uses these names, so the messages are ours.
    this.group = tabs.open(name, (message) => listener.onGroup(message as GroupMessage));
    this.inbox = tabs.open(this.inboxOf(id), (data) => {
      const { from, message } = data as DirectMessage;
      listener.onDirect(message, from);
    });
  }

  /** Says something to all other tabs. */
  broadcast(message: GroupMessage): void {
    this.group.post(message);
  }

  /** Says something to one tab. */
  send(to: TabId, message: LeaderMessage | FollowerMessage): void {
    const channel = this.others.get(to) ?? this.tabs.open(this.inboxOf(to));
    this.others.set(to, channel);
    channel.post({ from: this.id, message } satisfies DirectMessage);
  }

  /** Talks to a tab no more. */
  forget(tab: TabId): void {
    this.others.get(tab)?.close();
    this.others.delete(tab);
  }

  close(): void {
    this.group.close();
    this.inbox.close();
    for (const tab of [...this.others.keys()]) this.forget(tab);
  }

  private inboxOf(tab: TabId): string {
    return `${this.name}/${tab}`;
  }
}
