/** A lock that the tabs of one origin compete for. */
export interface TabLock {
  /** Resolves with whether this tab has it; with `wait` only when it has it, or when `release` was called before. */
  readonly isHeld: Promise<boolean>;
  /** Resolves when another tab has taken it away. It stays pending otherwise. */
  readonly lost: Promise<void>;
  /** Gives it back, or ends the wait for it. */
  release(): void;
}

/** A channel to the other tabs of one origin. Messages of one sender arrive in their order. */
export interface TabChannel {
  /**
   * Sends a message to all other tabs that have this channel open. After `close` it sends nothing.
   *
   * @param message - anything that can be cloned
   */
  post(message: unknown): void;
  /** Closes it: no message arrives any more. */
  close(): void;
}

/** How the tabs, windows and workers of one origin know of each other. */
export interface Tabs {
  /**
   * Asks for a lock. It is given back by itself when the tab ends, in whatever way.
   *
   * @param name - name of the lock
   * @param how - `try`: only if nobody has it; `wait`: after those who have it and asked before; `steal`: take it away
   */
  lock(name: string, how: 'try' | 'wait' | 'steal'): TabLock;
  /**
   * Opens a channel.
   *
   * @param name - name of the channel
   * @param onMessage - is called with each message of another tab. Absent for a channel to send by only.
   */
  open(name: string, onMessage?: (message: unknown) => void): TabChannel;
}
