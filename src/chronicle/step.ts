import type { FlooErrorCode } from '../errors.ts';

/** Why something was done now and not later: the timer of a wait was over, or one of these happened. */
export type WakeCause = 'timer' | 'online' | 'show' | 'resume' | 'sleep' | 'answer';

/** What one step of a client's history says beside its code. Plain data without secrets; hosts are `protocol://host`. */
export interface StepDetails {
  /** A session starts. `isLogin`: the app waits for its outcome; otherwise a stored session goes on. */
  started: { isLogin: boolean };
  /** A socket is being opened. */
  connecting: { host: string };
  /** The socket is open. The user and the device are named to the server. */
  opened: { host: string };
  /** The server accepted the session, `ms` after that. */
  connected: { host: string; ms: number };
  /** The server refused the session. `reason`: code of the error. */
  refused: { host: string; reason: FlooErrorCode };
  /** The socket ended, or could not be opened. `reason`: code of the error; `how`: what happened to the socket. */
  lost: { host: string; reason: FlooErrorCode; how: string };
  /** The socket looked open, and nothing came in any more. */
  halfOpen: { host: string; reason: FlooErrorCode; how: string };
  /** The server was asked for a sign of life, which it has to give within `withinMs`. */
  probed: { cause: WakeCause; withinMs: number };
  /**
   * The next try comes after `delayMs`, unless something says earlier that it may work. `attempt`: tries that failed since a session
   * last worked; `reason`: code of the error of the last one.
   */
  waiting: { delayMs: number; attempt: number; reason: FlooErrorCode };
  /** The wait ends. */
  retrying: { cause: WakeCause };
  /** The session ended and does not go on. `reason`: code of the error, e.g. `UserKickedByOtherDevices`. */
  ended: { reason: FlooErrorCode };
  /** The app closed the socket or logged out. */
  stopped: undefined;
  /** The server said that the servers moved. */
  serversMoved: undefined;

  /** A host failed, and the next one is used. `service`: `ratel` for REST, `fireplace` for sockets. */
  hostSwitched: { service: string; from: string; to: string };
  /** Every host of a service failed. The first one is used again, and DNS is asked. */
  hostsExhausted: { service: string };
  /** DNS named the hosts. */
  dnsAnswered: { hosts: number };
  /** The hosts of an earlier answer of DNS are used. */
  dnsCached: { hosts: number };
  /** DNS failed. `reason`: code of the error. `hasFallback`: the hosts of an earlier answer are used. */
  dnsFailed: { reason: FlooErrorCode; hasFallback: boolean };
  /** Something else than the app's server answered for this host: most likely a network that wants a login of its own. */
  portal: { host: string };

  /** What the server held meanwhile is being fetched. */
  catchUpBegun: { conversations: number; items: number };
  /** Everything that the server held is here: so many messages, operations and notices, `ms` after the session was accepted. */
  caughtUp: { items: number; ms: number };
  /** Messages that were missing between stored ones came from the history. */
  healed: { conversations: number; messages: number };
  /** Parts of a page could not be read and were left out. */
  pageDamaged: { items: number };
  /** A whole frame could not be read. `reason`: code of the error. */
  frameUnreadable: { reason: FlooErrorCode };

  /** Rows of the outbox that may have left on an earlier socket are sent again. */
  resent: { rows: number };
  /** Rows had no connection for too long. */
  expired: { rows: number };
  /** The server refused a send. `reason`: code of the error. */
  sendRefused: { reason: FlooErrorCode };

  /** The storage of a user is open. `isOnDisk`: false when it is only in memory. */
  storageOpened: { isOnDisk: boolean; ms: number };
  /** Storage failed: from now on everything is in memory only. `reason`: code of the error. */
  storageDegraded: { reason: FlooErrorCode };
  /** Old messages of so many conversations were removed from this device to make room. */
  storageTrimmed: { conversations: number };
  /** Stored records were damaged. What they held comes from the server again. */
  storageDamaged: { records: number };
  /** An earlier release stored the data in another form, and it was brought into the new one. */
  storageUpgraded: { from: number; to: number };

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
  slept: { ms: number };

  /** This tab leads: it has the socket and writes the database. */
  leading: undefined;
  /** This tab follows another one, which has the socket and writes the database. */
  following: undefined;
  /** Another tab leads from now on. */
  leaderChanged: { ms: number };
  /** Tabs do not share one client here. `reason`: in a few words. */
  tabsNotShared: { reason: string };
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
