import type { TabLock, Tabs } from '../platform/ports.ts';
import type { TabId } from './messages.ts';

interface ElectionDeps {
  tabs: Tabs;
  /** Name of the lock that the leading tab has. */
  name: string;
  id: TabId;
  /** This tab leads from now on, some time after {@link Election.enter}. */
  onElected(): void;
  /** Another tab has taken the lead. */
  onDeposed(): void;
}

/** The name of the lock that a tab holds as long as it lives. */
export const presenceLock = (name: string, id: TabId): string => `${name}/${id}`;

/** Decides which tab leads, by a lock: whoever has it. The others wait for it, in the order in which they came. */
export class Election {
  private readonly deps: ElectionDeps;
  private presence: TabLock | undefined;
  private lead: TabLock | undefined;
  private turn: TabLock | undefined;

  constructor(deps: ElectionDeps) {
    this.deps = deps;
  }

  get isLeading(): boolean {
    return this.lead !== undefined;
  }

  /** Takes part from now on. @returns whether this tab leads at once */
  async enter(): Promise<boolean> {
    const { tabs, name, id } = this.deps;
    this.presence ??= tabs.lock(presenceLock(name, id), 'wait');
    await this.presence.isHeld;
    const lock = tabs.lock(name, 'try');
    if (await lock.isHeld) {
      this.hold(lock);
      return true;
    }
    this.wait();
    return false;
  }

  /** Takes the lead away from a tab that does nothing. */
  async seize(): Promise<void> {
    const { tabs, name } = this.deps;
    this.turn?.release();
    this.turn = undefined;
    const lock = tabs.lock(name, 'steal');
    if (!(await lock.isHeld)) return;
    this.hold(lock);
    this.deps.onElected();
  }

  /** Gives the lead back, or waits for it no more. */
  resign(): void {
    const { lead, turn } = this;
    this.lead = this.turn = undefined;
    lead?.release();
    turn?.release();
  }

  /** Waits for the lead. */
  wait(): void {
    const lock = this.deps.tabs.lock(this.deps.name, 'wait');
    this.turn = lock;
    void lock.isHeld.then((isHeld) => {
      if (!isHeld) return;
      if (this.turn !== lock) return lock.release();
      this.turn = undefined;
      this.hold(lock);
      this.deps.onElected();
    });
  }

  leave(): void {
    this.resign();
    this.presence?.release();
    this.presence = undefined;
  }

  private hold(lock: TabLock): void {
    this.lead = lock;
    void lock.lost.then(() => {
      if (this.lead !== lock) return;
      this.lead = undefined;
      this.deps.onDeposed();
    });
  }
}
