import type { ConnectionStatus } from './connection-status.ts';
import type { Step } from './step.ts';

/** Why something waits. `waitingText` of `flooim/error-texts` has a sentence for each one. */
export type WaitingReason =
  /** Sends that leave when there is a connection. */
  | 'sendsWithoutConnection'
  /** Sends that have left, or are about to, and whose answers have not come. */
  | 'sendsUnanswered'
  /** Operations on messages that the server has not confirmed yet. */
  | 'operationsOnUnsentMessages'
  /** Messages whose files are being uploaded, or wait for their turn. */
  | 'uploads'
  /** Messages that arrived and whose ids are looked for in the history. */
  | 'idsUnknown'
  /** Messages that failed. They wait for the app to send them again or discard them. */
  | 'failedSends'
  /** Conversations that are being synced. */
  | 'conversationsSyncing'
  /** Conversations of which messages are missing here. They are fetched from the history. */
  | 'conversationsIncomplete'
  /** Changes that are not stored yet. */
  | 'writes'
  /** The stored data is still being read. */
  | 'storageLoading';

/** Something that waits. */
export interface WaitingItem {
  /** What waits, and for what. */
  readonly reason: WaitingReason;
  /** How many. */
  readonly count: number;
  /** Since when the oldest of them waits, in milliseconds since 1970. Absent where that is not known. */
  readonly since?: number;
}

/** The stored data of the user, and the storage of this device. */
export interface StorageExplanation {
  /**
   * `database`: in the platform's database; in Node without `dataDir` that lasts as long as the process. `memory`: storage failed or
   * is missing, so the data lasts as long as this run. `none`: nobody's data is open.
   */
  readonly kept: 'database' | 'memory' | 'none';
  /** Records that are in memory. */
  readonly records: {
    /** Conversations. */
    readonly conversations: number;
    /** Messages: the newest ones of the conversations used last. */
    readonly messages: number;
    /** Users of whom something is known. */
    readonly users: number;
    /** Groups of which something is known. */
    readonly groups: number;
    /** Rows that are being sent or failed. */
    readonly outbox: number;
  };
  /** Bytes that the app uses on this device, all databases together. Absent where the platform does not say. */
  readonly usedBytes?: number;
  /** Bytes that the app may use. Absent where the platform does not say. */
  readonly quotaBytes?: number;
}

/** What `explain()` resolves with. Plain data without tokens, passwords and messages, fit for a report. */
export interface Explanation {
  /** When this was made, in milliseconds since 1970 by the clock of this device. */
  readonly at: number;
  /** The state of the connection now. */
  readonly state: ConnectionStatus;
  /** The newest steps, at most 200, the oldest first. */
  readonly steps: readonly Step[];
  /** What waits, and why. Empty when nothing does. */
  readonly waiting: readonly WaitingItem[];
  /** How far the clock of the server is ahead of that of this device, in milliseconds. Absent until a live message came. */
  readonly clockSkewMs?: number;
  /** The stored data. */
  readonly storage: StorageExplanation;
  /** The servers in use, each as `protocol://host`. Absent before DNS named them. */
  readonly hosts: {
    /** REST host. */
    readonly rest?: string;
    /** Socket host. */
    readonly socket?: string;
  };
  /** Versions, for a report. */
  readonly versions: {
    /** This SDK. */
    readonly sdk: string;
    /** The form of the stored data. */
    readonly database: number;
    /** How frames travel over the socket. */
    readonly transport: 'socket.io' | 'raw';
  };
}
