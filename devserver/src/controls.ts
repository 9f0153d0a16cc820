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
import type { ReceivedRequest } from './rest/request-log.ts';
import type { RestServer } from './rest/rest-server.ts';
import type { FrameLog, ReceivedFrame } from './xsync/frame-log.ts';
import type { Hub } from './xsync/hub.ts';

/** A user id as REST (number) or the wire (text) writes it. */
export type Uid = number | string;

/** What tests can make the server do; the admin API offers the same by HTTP. */
export interface Controls {
  /** Cut TCP connections without a word: all, or those of one user; `midFrame` sends half a frame first. Returns how many. */
  dropSockets(options?: { uid?: Uid; midFrame?: boolean }): number;
  /** Keep connections open but neither read nor write on them. `alsoNew` holds new ones at the WebSocket handshake. Returns how many. */
  stall(options: { uid?: Uid; on: boolean; alsoNew?: boolean }): number;
  /** Do what the next requests ask for, but do not answer. */
  dropAnswers(fault: DropFault): void;
  /** Send the next so many sync pages that hold items twice. */
  duplicatePages(count: number): void;
  /** Tell of new items by eager pages (`true` is `page`) instead of Notice frames. */
  pushEager(mode: EagerMode | boolean): void;
  /** Put the items of sync pages newest first. */
  reversePages(on: boolean): void;
  /** Answer on the socket so much later. */
  setDelay(delayMs: number): void;
  /** Send a UserNotice, by its number; types that end a session also close its sockets. */
  kick(options: { uid: Uid; type: number; content?: string; deviceSN?: number }): void;
  /** Revoke every token of a user: REST answers 402 and provision status 7. Its sockets stay open. */
  revokeToken(options: { uid: Uid }): void;
  /** Answer the next provisions with this status. */
  refuseProvision(fault: StatusFault): void;
  /** Answer the next sends with this status. */
  refuseSend(fault: StatusFault): void;
  /** Fail the next REST requests of a path, the DNS path included. */
  failRest(fault: RestFault): void;
  /** Name other hosts before this server, or another app status, in DNS answers. `{}` undoes it. */
  setDns(fault: DnsFault): void;
  /** Say how files are uploaded, and how fast bytes pass. `{}` undoes it. */
  setTransfers(rules: TransferRules): void;
  /** Cut the next uploads or downloads in the middle. */
  cutTransfer(fault: TransferFault): void;
  /** Do what the phone does that reads the QR code of a login: let this user in. */
  confirmQrLogin(options: { qrCode: string; uid: Uid }): void;
  /** Send any bytes as a frame. Returns to how many connections. */
  sendBytes(options: { uid?: Uid; bytes: Uint8Array }): number;
  /** The last frames that came up, oldest first. */
  receivedFrames(options?: { uid?: Uid }): ReceivedFrame[];
  /** The last REST requests, oldest first. */
  receivedRequests(): ReceivedRequest[];
  /** The connections that are logged in. */
  connections(): { uid: number; deviceSN: number; transport: string }[];
  /** Undo every fault; open stalled sockets. */
  clearFaults(): void;
  /** Undo every fault, cut every socket, forget all data and logs. Ids go on. */
  reset(): void;
}

interface Deps {
  data: DevData;
  faults: Faults;
  hub: Hub;
  notices: Notices;
  rest: RestServer;
  frames: FrameLog;
  delayMs: number;
  /** Let go of the handshakes that `alsoNew` held. */
  dropHeldHandshakes: () => void;
  /** Fill the data that `reset` emptied. */
  seed: () => void;
}

export function createControls({
  data,
  faults,
  hub,
  notices,
  rest,
  frames,
  delayMs,
  dropHeldHandshakes,
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
    confirmQrLogin({ qrCode, uid }) {
      const app = mustFindApp(data, uid);
      const login = app.qrLogins.find(qrCode);
      const user = app.users.get(Number(uid));
      if (!login || !user) throw new Error('no such QR code');
      login.value.user = user;
    },
    sendBytes({ uid, bytes }) {
      const reached = connectionsOf(uid);
      for (const connection of reached) connection.pushBytes(bytes);
      return reached.length;
    },
    receivedFrames({ uid } = {}) {
      return frames.rows().filter((row) => uid === undefined || row.uid === Number(uid));
    },
    receivedRequests: () => rest.requests.rows(),
    connections() {
      return hub
        .connections()
        .flatMap(({ session, channel }) =>
          session ? [{ uid: session.user.id, deviceSN: session.device.sn, transport: channel.transport }] : [],
        );
    },
    clearFaults() {
      controls.stall({ on: false });
      faults.clear();
      faults.delayMs = delayMs;
      rest.dropHanging();
    },
    reset() {
      controls.clearFaults();
      controls.dropSockets();
      data.clear();
      frames.clear();
      rest.requests.clear();
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
