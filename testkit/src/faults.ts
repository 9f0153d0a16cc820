import { UserNoticeType } from 'flooim/wire';
import type { AppData } from '../../devserver/src/model/app-data.ts';
import type { ServerCore } from '../../devserver/src/server-core.ts';
import type { Line, RandomFaults } from './line.ts';
import type { DeviceStorage, StorageFault } from './memory-kv.ts';
import { mustFindUserId } from './places.ts';
import type { Place } from './places.ts';

/** A kind of request on the socket. */
export type RequestKind = 'provision' | 'unread' | 'sync' | 'history' | 'send';

/** A refusal by the server on the socket. */
export interface Refusal {
  /** The server's status code. */
  code: number;
  /**
   * The server's words.
   *
   * @default ''
   */
  reason?: string;
  /**
   * How many times.
   *
   * @default 1
   */
  count?: number;
}

/** A REST call that fails. */
export interface RestFailure {
  /** The path, or its beginning and `*`. */
  path: string;
  /**
   * The server's code in the answer.
   *
   * @default 500
   */
  code?: number;
  /**
   * The server's words in the answer.
   *
   * @default 'failed on demand'
   */
  message?: string;
  /**
   * HTTP status of the answer.
   *
   * @default 200
   */
  httpStatus?: number;
  /**
   * Whether no answer comes at all.
   *
   * @default false
   */
  hang?: boolean;
  /**
   * How many times.
   *
   * @default 1
   */
  count?: number;
}

/** How a session is ended by the server: the reason that the client gets. */
export type KickReason = 'same-device' | 'other-device' | 'device-removed' | 'password-changed' | 'frozen' | 'removed';

/** What goes wrong in a test. */
export interface TestFaults {
  /**
   * Cuts sockets, as a lost connection does.
   *
   * @param options.user - of this user only
   * @returns how many
   * @throws Error when there is no such user
   */
  cut(options?: { user?: Place }): number;
  /**
   * Keeps sockets open and lets nothing through, as a dead network does. New ones do not open meanwhile.
   *
   * @param on - whether it is so
   */
  stall(on: boolean): void;
  /**
   * Makes every frame and every answer slower.
   *
   * @param ms - how long each takes, in ms; 0 undoes it
   */
  slow(ms: number): void;
  /**
   * Does what the next requests on the socket ask, and does not answer them.
   *
   * @param count - how many
   * @param kind - of this kind only
   */
  dropAnswers(count: number, kind?: RequestKind): void;
  /**
   * Sends the next pages twice.
   *
   * @param count - how many
   */
  duplicatePages(count: number): void;
  /** Refuses the next logins on the socket. */
  refuseLogin(refusal: Refusal): void;
  /** Refuses the next messages. */
  refuseSend(refusal: Refusal): void;
  /**
   * Ends the sessions of a user.
   *
   * @param user - its name, its id, or what the kit returned for it
   * @param reason - the reason that the client gets
   * @throws Error when there is no such user
   */
  kick(user: Place, reason?: KickReason): Promise<void>;
  /**
   * Revokes all tokens of a user. Sockets stay open.
   *
   * @param user - its name, its id, or what the kit returned for it
   * @throws Error when there is no such user
   */
  revoke(user: Place): void;
  /** Fails the next REST calls of a path. */
  failRest(failure: RestFailure): void;
  /**
   * Makes the storage of a device fail.
   *
   * @param device - name of the device
   * @param fault - `'full'`: it takes deletes only; `'broken'`: it does nothing; undefined: it works again
   */
  failStorage(device: string, fault: StorageFault | undefined): void;
  /**
   * Limits the speed of uploads and downloads.
   *
   * @param bytesPerSecond - the speed; undefined for none
   */
  limitTransfers(bytesPerSecond: number | undefined): void;
  /**
   * Cuts the next upload or download.
   *
   * @param direction - which
   * @param afterBytes - after so many bytes
   */
  cutTransfer(direction: 'up' | 'down', afterBytes: number): void;
  /** Lets things go wrong by chance, in the same way for the same seed. `{}` undoes it. */
  random(faults: RandomFaults): void;
  /** Undoes every fault, also those of storages. */
  clear(): void;
}

const KICKS: Readonly<Record<KickReason, number>> = {
  'same-device': UserNoticeType.KICK_BY_SAME_DEVICE,
  'other-device': UserNoticeType.KICKED_BY_OTHER_DEVICE,
  'device-removed': UserNoticeType.DEVICE_REMOVED,
  'password-changed': UserNoticeType.PASSWORD_CHANGED,
  frozen: UserNoticeType.FROZEN,
  removed: UserNoticeType.REMOVED,
};

interface Deps {
  readonly core: ServerCore;
  readonly app: () => AppData;
  readonly line: Line;
  storageOf(device: string): DeviceStorage;
  storages(): Iterable<DeviceStorage>;
  settled(): Promise<void>;
}

export function createTestFaults({ core, app, line, storageOf, storages, settled }: Deps): TestFaults {
  const { controls, faults } = core;
  return {
    cut({ user } = {}) {
      return controls.dropSockets(user === undefined ? {} : { uid: mustFindUserId(app(), user) });
    },
    stall: (on) => void controls.stall({ on, alsoNew: on }),
    slow: (ms) => void (line.slowMs = ms),
    dropAnswers: (count, command) => controls.dropAnswers({ count, ...(command && { command }) }),
    duplicatePages: (count) => controls.duplicatePages(count),
    refuseLogin: (refusal) => controls.refuseProvision(refusal),
    refuseSend: (refusal) => controls.refuseSend(refusal),
    async kick(user, reason = 'other-device') {
      controls.kick({ uid: mustFindUserId(app(), user), type: KICKS[reason] });
      await settled();
    },
    revoke: (user) => controls.revokeToken({ uid: mustFindUserId(app(), user) }),
    failRest: (failure) => controls.failRest(failure),
    failStorage: (device, fault) => void (storageOf(device).fault = fault),
    limitTransfers(bytesPerSecond) {
      const { bytesPerSecond: _before, ...rules } = faults.transfers;
      faults.transfers = { ...rules, ...(bytesPerSecond !== undefined && { bytesPerSecond }) };
    },
    cutTransfer: (direction, afterBytes) => controls.cutTransfer({ direction, afterBytes }),
    random: (wanted) => void (line.faults = wanted),
    clear() {
      controls.clearFaults();
      line.slowMs = 0;
      line.faults = {};
      for (const storage of storages()) storage.fault = undefined;
    },
  };
}
