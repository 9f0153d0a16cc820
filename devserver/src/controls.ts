import type {
  DnsFault,
  DropFault,
  EagerMode,
  Faults,
  RestFault,
  StatusFault,
  TransferFault,
  TransferRules,
} from './faults.ts';
import type { Notices } from './mail/notices.ts';
import type { AppData } from './model/app-data.ts';
import type { DevData } from './model/dev-data.ts';
import type { ReceivedRequest, RequestLog } from './rest/request-log.ts';
import type { RtcRelay } from './rtc/relay.ts';
import type { SignalLoss, SignalRules } from './rtc/signal-faults.ts';
import type { RelayedSignal, SignalLog } from './rtc/signal-log.ts';
import { readTruth } from './truth.ts';
import type { Truth } from './truth.ts';
import type { FrameLog, ReceivedFrame } from './xsync/xsync-server.ts';
import type { Hub } from './xsync/hub.ts';

/** A user id as REST (number) or the wire (text) writes it. */
export type Uid = number | string;

/** Controls of the server for tests. The admin API offers them by HTTP. */
export interface Controls {
  /**
   * Cuts TCP connections without a close frame: all, or those of one user. `midFrame` sends half a frame first. Returns
   * how many.
   */
  dropSockets(options?: { uid?: Uid; midFrame?: boolean }): number;
  /**
   * Keeps connections open without reading or writing. `alsoNew` holds new ones at the WebSocket handshake. Returns how
   * many.
   */
  stall(options: { uid?: Uid; on: boolean; alsoNew?: boolean }): number;
  /** Performs the next requests without answering them. */
  dropAnswers(fault: DropFault): void;
  /** Sends the next `count` sync pages that have items twice. */
  duplicatePages(count: number): void;
  /** Sends eager pages (`true` is `page`) for new items instead of Notice frames. */
  pushEager(mode: EagerMode | boolean): void;
  /** Orders the items of sync pages newest first. */
  reversePages(on: boolean): void;
  /** Delays answers on the socket by this many ms. */
  setDelay(delayMs: number): void;
  /** Sends a UserNotice by its number. Types that end a session also close its sockets. */
  kick(options: { uid: Uid; type: number; content?: string; deviceSN?: number }): void;
  /** Revokes every token of a user: REST answers 402 and provision status 7. Its sockets stay open. */
  revokeToken(options: { uid: Uid }): void;
  /** Answers the next provisions with this status. */
  refuseProvision(fault: StatusFault): void;
  /** Answers the next sends with this status. */
  refuseSend(fault: StatusFault): void;
  /** Fails the next REST requests of a path, including the DNS path. */
  failRest(fault: RestFault): void;
  /** Changes DNS answers: other hosts before this server, or another app status. `{}` undoes it. */
  setDns(fault: DnsFault): void;
  /** Sets how files are uploaded, and the speed of transfers. `{}` undoes it. */
  setTransfers(rules: TransferRules): void;
  /** Cuts the next uploads or downloads in the middle. */
  cutTransfer(fault: TransferFault): void;
  /** Answers the next signals of calls with this status; the default code is FAIL, as without a media server. */
  refuseSignals(fault: StatusFault): void;
  /** Sets how signals of calls are delivered. `{}` undoes it. */
  setSignals(rules: SignalRules): void;
  /** Drops or doubles the next signals. */
  loseSignals(loss: SignalLoss): void;
  /** Cuts the connections to the media server, of all users or of one. Returns how many. */
  cutRelay(options?: { uid?: Uid }): number;
  /**
   * The last signals, oldest first, without secrets, SDP and addresses; and how many connections to the media server are open: one
   * for each device that has a session there. Of all users, or of one.
   */
  relayedSignals(options?: { uid?: Uid }): { lines: number; signals: RelayedSignal[] };
  /** Confirms the QR code of a login, also of the official account, for this user: as a phone does that scans it. */
  confirmQrLogin(options: { qrCode: string; uid: Uid }): void;
  /** Sends any bytes as a frame. Returns the number of connections. */
  sendBytes(options: { uid?: Uid; bytes: Uint8Array }): number;
  /** The last received frames, oldest first. */
  receivedFrames(options?: { uid?: Uid }): ReceivedFrame[];
  /** The last REST requests, oldest first. */
  receivedRequests(): ReceivedRequest[];
  /** The connections that are logged in. */
  connections(): { uid: number; deviceSN: number; transport: string }[];
  /** What the server holds about all users, or about one and its groups: to compare clients with. */
  truth(options?: { uid?: Uid }): Truth;
  /** Undoes every fault and releases stalled sockets. */
  clearFaults(): void;
  /** Undoes every fault, cuts every socket and forgets all data and logs. Ids continue. */
  reset(): void;
}

interface Deps {
  data: DevData;
  faults: Faults;
  hub: Hub;
  notices: Notices;
  requests: RequestLog;
  frames: FrameLog;
  signals: SignalLog;
  relay: RtcRelay;
  delayMs: number;
  /** Ends the handshakes that `alsoNew` held. */
  dropHeldHandshakes: () => void;
  /** Ends the requests that `hang` left without an answer. */
  dropHanging: () => void;
  /** Adds the seed data again after `reset`. */
  seed: () => void;
}

export function createControls({
  data,
  faults,
  hub,
  notices,
  requests,
  frames,
  signals,
  relay,
  delayMs,
  dropHeldHandshakes,
  dropHanging,
  seed,
}: Deps): Controls {
  const connectionsOf = (uid: Uid | undefined): ReturnType<Hub['connections']> =>
    hub.connections(uid === undefined ? undefined : Number(uid));

  const controls: Controls = {
    dropSockets({ uid, midFrame = false } = {}) {
      const dropped = connectionsOf(uid);
      for (const connection of dropped) connection.drop(midFrame);
      if (uid === undefined) dropHeldHandshakes();
      return dropped.length;
    },
    stall({ uid, on, alsoNew = false }) {
      const stalled = connectionsOf(uid);
      for (const connection of stalled) connection.channel.setStalled(on);
      faults.stallNew = on && alsoNew;
      if (!on) dropHeldHandshakes();
      return stalled.length;
    },
    dropAnswers: (fault) => faults.dropAnswers(fault),
    duplicatePages: (count) => faults.duplicatePages(count),
    pushEager(mode) {
      if (typeof mode === 'boolean') faults.eager = mode ? 'page' : 'off';
      else faults.eager = mode;
    },
    reversePages(on) {
      faults.reversePages = on;
    },
    setDelay(ms) {
      faults.delayMs = ms;
    },
    kick({ uid, type, content = '', deviceSN }) {
      const app = mustFindApp(data, uid);
      notices.user(app, Number(uid), type, { content, ...(deviceSN !== undefined && { devices: [deviceSN] }) });
    },
    revokeToken: ({ uid }) => data.tokens.revokeAllOf(Number(uid)),
    refuseProvision: (fault) => faults.refuseProvision(fault),
    refuseSend: (fault) => faults.refuseSend(fault),
    failRest: (fault) => faults.failRest(fault),
    setDns(fault) {
      faults.dns = fault;
    },
    setTransfers(rules) {
      faults.transfers = rules;
    },
    cutTransfer: (fault) => faults.cutTransfer(fault),
    refuseSignals: (fault) => faults.signals.refuse(fault),
    setSignals(rules) {
      faults.signals.rules = rules;
    },
    loseSignals: (loss) => faults.signals.lose(loss),
    cutRelay: ({ uid } = {}) => relay.cut(uid === undefined ? undefined : Number(uid)),
    relayedSignals: ({ uid } = {}) => ({
      lines: relay.lines(uid === undefined ? undefined : Number(uid)),
      signals: signals.rows().filter((row) => uid === undefined || row.uid === Number(uid)),
    }),
    confirmQrLogin({ qrCode, uid }) {
      const app = mustFindApp(data, uid);
      const login = app.qrLogins.find(qrCode) ?? app.bindings.accountCodes.find(qrCode);
      const user = app.users.get(Number(uid));
      if (!login || !user) throw new Error('no such QR code');
      login.value.userId = user.id;
    },
    sendBytes({ uid, bytes }) {
      const reached = connectionsOf(uid);
      for (const connection of reached) connection.pushBytes(bytes);
      return reached.length;
    },
    receivedFrames({ uid } = {}) {
      return frames.rows().filter((row) => uid === undefined || row.uid === Number(uid));
    },
    receivedRequests: () => requests.rows(),
    connections() {
      return hub
        .connections()
        .flatMap(({ session, channel }) =>
          session ? [{ uid: session.user.id, deviceSN: session.device.sn, transport: channel.transport }] : [],
        );
    },
    truth: ({ uid } = {}) => readTruth(data, uid === undefined ? undefined : Number(uid)),
    clearFaults() {
      controls.stall({ on: false });
      faults.clear();
      faults.delayMs = delayMs;
      dropHanging();
    },
    reset() {
      controls.clearFaults();
      controls.dropSockets();
      data.clear();
      frames.clear();
      signals.clear();
      relay.cut();
      requests.clear();
      seed();
    },
  };
  return controls;
}

function mustFindApp(data: DevData, uid: Uid): AppData {
  const app = data.appOf(Number(uid));
  if (!app) throw new Error(`no user ${uid}`);
  return app;
}
