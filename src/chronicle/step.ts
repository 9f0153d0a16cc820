import type { FlooErrorCode } from '../errors.ts';

/** Why something was done now and not later: the timer of a wait was over, or one of these happened. */
export type WakeCause = 'timer' | 'online' | 'show' | 'resume' | 'sleep' | 'answer';

/** What one step of a client's history says beside its code. Plain data without secrets; hosts are `protocol://host`. */
export interface StepDetails {
  /** A session starts. `isLogin`: the app waits for its outcome; otherwise a stored session goes on. */
  started: {
    /** Whether the app waits for the outcome. */
    isLogin: boolean;
  };
  /** A socket is being opened. */
  connecting: {
    /** The host, `protocol://host`. */
    host: string;
  };
  /** The socket is open. The user and the device are named to the server. */
  opened: {
    /** The host, `protocol://host`. */
    host: string;
  };
  /** The server accepted the session, `ms` after that. */
  connected: {
    /** The host, `protocol://host`. */
    host: string;
    /** From the request to its answer, in milliseconds. */
    ms: number;
  };
  /** The server refused the session. `reason`: code of the error. */
  refused: {
    /** The host, `protocol://host`. */
    host: string;
    /** Code of the error. */
    reason: FlooErrorCode;
  };
  /** The socket ended, or could not be opened. `reason`: code of the error; `how`: what happened to the socket. */
  lost: {
    /** The host, `protocol://host`. */
    host: string;
    /** Code of the error. */
    reason: FlooErrorCode;
    /** What happened to the socket, e.g. `silent`. */
    how: string;
  };
  /** The socket looked open, and nothing came in any more. */
  halfOpen: {
    /** The host, `protocol://host`. */
    host: string;
    /** Code of the error. */
    reason: FlooErrorCode;
    /** What happened to the socket, e.g. `silent`. */
    how: string;
  };
  /** The server was asked for a sign of life, which it has to give within `withinMs`. */
  probed: {
    /** What made it happen now. */
    cause: WakeCause;
    /** Milliseconds. */
    withinMs: number;
  };
  /**
   * The next try comes after `delayMs`, unless something says earlier that it may work. `attempt`: tries that failed since a session
   * last worked; `reason`: code of the error of the last one.
   */
  waiting: {
    /** Milliseconds. */
    delayMs: number;
    /** Tries that failed since a session last worked. */
    attempt: number;
    /** Code of the error. */
    reason: FlooErrorCode;
  };
  /** The wait ends. */
  retrying: {
    /** What made it happen now. */
    cause: WakeCause;
  };
  /** The session ended and does not go on. `reason`: code of the error, e.g. `UserKickedByOtherDevices`. */
  ended: {
    /** Code of the error. */
    reason: FlooErrorCode;
  };
  /** The app closed the socket or logged out. */
  stopped: undefined;
  /** The server said that the servers moved. */
  serversMoved: undefined;

  /** A host failed, and the next one is used. `service`: `ratel` for REST, `fireplace` for sockets. */
  hostSwitched: {
    /** `ratel` for REST, `fireplace` for sockets. */
    service: string;
    /** The one before. */
    from: string;
    /** The one now. */
    to: string;
  };
  /** Every host of a service failed. The first one is used again, and DNS is asked. */
  hostsExhausted: {
    /** `ratel` for REST, `fireplace` for sockets. */
    service: string;
  };
  /** DNS named the hosts. */
  dnsAnswered: {
    /** How many. */
    hosts: number;
  };
  /** The hosts of an earlier answer of DNS are used. */
  dnsCached: {
    /** How many. */
    hosts: number;
  };
  /** DNS failed. `reason`: code of the error. `hasFallback`: the hosts of an earlier answer are used. */
  dnsFailed: {
    /** Code of the error. */
    reason: FlooErrorCode;
    /** Whether the hosts of an earlier answer are used. */
    hasFallback: boolean;
  };
  /** Something else than the app's server answered for this host: most likely a network that wants a login of its own. */
  portal: {
    /** The host, `protocol://host`. */
    host: string;
  };

  /** What the server held meanwhile is being fetched. */
  catchUpBegun: {
    /** How many conversations. */
    conversations: number;
    /** How many messages, operations and notices. */
    items: number;
  };
  /** Everything that the server held is here: so many messages, operations and notices, `ms` after the session was accepted. */
  caughtUp: {
    /** How many messages, operations and notices. */
    items: number;
    /** Milliseconds since the session was accepted. */
    ms: number;
  };
  /** Messages that were missing between stored ones came from the history. */
  healed: {
    /** How many conversations. */
    conversations: number;
    /** How many messages. */
    messages: number;
  };
  /** Parts of a page could not be read and were left out. */
  pageDamaged: {
    /** How many. */
    items: number;
  };
  /** A whole frame could not be read. `reason`: code of the error. */
  frameUnreadable: {
    /** Code of the error. */
    reason: FlooErrorCode;
  };

  /** Rows of the outbox that may have left on an earlier socket are sent again. */
  resent: {
    /** How many. */
    rows: number;
  };
  /** Rows had no connection for too long. */
  expired: {
    /** How many. */
    rows: number;
  };
  /** The server refused a send. `reason`: code of the error. */
  sendRefused: {
    /** Code of the error. */
    reason: FlooErrorCode;
  };

  /** The storage of a user is open. `isOnDisk`: false when it is only in memory. */
  storageOpened: {
    /** Whether it is stored in the database; otherwise it is only in memory. */
    isOnDisk: boolean;
    /** How long it took, in milliseconds. */
    ms: number;
  };
  /** Storage failed: from now on everything is in memory only. `reason`: code of the error. */
  storageDegraded: {
    /** Code of the error. */
    reason: FlooErrorCode;
  };
  /** Old messages of so many conversations were removed from this device to make room. */
  storageTrimmed: {
    /** How many conversations. */
    conversations: number;
  };
  /** Stored records were damaged. What they held comes from the server again. */
  storageDamaged: {
    /** How many. */
    records: number;
  };
  /** An earlier release stored the data in another form, and it was brought into the new one. */
  storageUpgraded: {
    /** The one before. */
    from: number;
    /** The one now. */
    to: number;
  };

  /** The page or app left the foreground. */
  hidden: undefined;
  /** The page or app came to the foreground. */
  shown: undefined;
  /** The page stands still from now on. */
  frozen: undefined;
  /** It runs again. */
  resumed: undefined;
  /** The device has a network, or another one. */
  online: undefined;
  /** The device has no network. */
  offline: undefined;
  /** Timers ran so much too late: the device or the process slept. */
  slept: {
    /** How long, in milliseconds. */
    ms: number;
  };

  /** This tab leads: it has the socket and writes the database. */
  leading: undefined;
  /** This tab follows another one, which has the socket and writes the database. */
  following: undefined;
  /** Another tab leads from now on. */
  leaderChanged: undefined;
  /** Tabs do not share one client here. `reason`: in a few words. */
  tabsNotShared: {
    /** In a few words. */
    reason: string;
  };
}

/** Code of a step in the history of a client. */
export type StepCode = keyof StepDetails;

/** What happened, and when. */
export type Step<Code extends StepCode = StepCode> = {
  readonly [One in Code]: {
    /** When it happened, in milliseconds since 1970 by the clock of this device. */
    readonly at: number;
    /** What happened. `stepText` of `flooim/error-texts` has a sentence for each code. */
    readonly code: One;
    /** How often it happened in a row; `at` is the first time. Absent for once. */
    readonly times?: number;
  } & (StepDetails[One] extends undefined
    ? unknown
    : {
        /** More about it, depending on the code. */
        readonly details: Readonly<StepDetails[One]>;
      });
}[Code];
