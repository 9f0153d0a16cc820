import { MetaNameSpace, RtcSignalType, StatusErrorCode } from 'flooim/wire';
import type { IRtcSignal, Meta } from 'flooim/wire';
import { refused } from '../messaging/send-result.ts';
import type { SendResult } from '../messaging/send-result.ts';
import { toXid } from '../model/ids.ts';
import type { Clock, Timer } from '../ports.ts';
import type { Connection, Session } from '../xsync/connection.ts';
import { OK, syncFrame } from '../xsync/connection.ts';
import { DeviceLine } from './device-line.ts';
import { LineSessions } from './line-sessions.ts';
import type { OpenMediaLink } from './media-link.ts';
import type { SignalFaults } from './signal-faults.ts';
import type { SignalLog } from './signal-log.ts';

interface Deps {
  clock: Clock;
  faults: SignalFaults;
  log: SignalLog;
  /** Absent: there are no calls. */
  openLink: OpenMediaLink | undefined;
  /** How long the line of a device stays when its socket is lost, in ms. */
  graceMs: number;
  /** The URLs by which DNS names the media server. */
  mediaServers: () => readonly string[];
}

interface DeviceState {
  readonly session: Session;
  readonly line: DeviceLine;
  readonly sessions: LineSessions;
  connection: Connection | undefined;
  grace?: Timer;
}

/**
 * Passes signals of calls between devices and the media server, each device on a line of its own. It ends with the last session
 * that the device has there. Texts are never parsed and printed again, because their ids do not fit into numbers. Signals are in no
 * queue and in no history.
 */
export class RtcRelay {
  readonly #deps: Deps;
  readonly #devices = new Map<string, DeviceState>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Passes a signal of a client on. @param answer is called with the result, before the media server can answer */
  send(connection: Connection, signal: IRtcSignal | null | undefined, answer: (result: SendResult) => void): void {
    const { faults, openLink, clock, mediaServers } = this.#deps;
    const session = connection.session!;
    const refusal = faults.takeRefusal();
    if (refusal !== undefined) return answer(refused('a test refuses it', refusal));
    if (!openLink) return answer(refused('rtc not open'));
    const { type, content = '', media_server = '' } = signal ?? {};
    // A client must not choose where the server connects.
    if (type !== RtcSignalType.VIDEO_ROOM || !mediaServers().includes(media_server))
      return answer(refused('no such media server', StatusErrorCode.INVALID_PARAMETER));
    const done = (): void => answer({ ok: true, id: session.app.ids.itemId(), at: clock.now(), prevMid: 0n });
    this.#log(session, 'up', content);
    const times = faults.takeTimes('up');
    if (times === 0) return done();
    const { line, sessions } = this.#device(connection, openLink);
    this.#later(() => {
      sessions.handleRequest(content);
      line.send(content, (isSent) => (isSent ? done() : answer(refused('rtc unavailable'))));
      for (let i = 1; i < times; i++) line.send(content, () => undefined);
    });
  }

  /** A device is logged in on this connection: it gets what the media server said while it was away. */
  loggedIn(connection: Connection): void {
    const device = this.#devices.get(keyOf(connection.session!));
    if (!device) return;
    if (device.grace !== undefined) this.#deps.clock.clearTimeout(device.grace);
    device.connection = connection;
    device.line.release();
  }

  /** The socket of a device is lost. */
  lost(connection: Connection): void {
    const { session } = connection;
    const device = session && this.#devices.get(keyOf(session));
    if (device?.connection !== connection) return;
    device.connection = undefined;
    device.line.hold();
    device.grace = this.#deps.clock.setTimeout(() => this.#end(device), this.#deps.graceMs);
  }

  /** The session of a device has ended: nobody continues its calls. */
  ended(session: Session): void {
    const device = this.#devices.get(keyOf(session));
    if (device) this.#end(device);
  }

  /** Cuts the lines of a user, or all, as a media server does that fails. @returns how many */
  cut(userId?: number): number {
    const devices = this.#devicesOf(userId);
    for (const device of devices) this.#end(device);
    return devices.length;
  }

  /** How many lines are open, of a user or of all. */
  lines(userId?: number): number {
    return this.#devicesOf(userId).length;
  }

  #devicesOf(userId: number | undefined): DeviceState[] {
    return [...this.#devices.values()].filter(({ session }) => userId === undefined || session.user.id === userId);
  }

  #device(connection: Connection, openLink: OpenMediaLink): DeviceState {
    const session = connection.session!;
    const key = keyOf(session);
    const known = this.#devices.get(key);
    if (known) return known;
    const device: DeviceState = {
      session,
      connection,
      sessions: new LineSessions(),
      line: new DeviceLine(openLink, {
        onText: (text) =>
          this.#later(() => {
            this.#deliver(device, text);
            if (device.sessions.endsWith(text)) this.#end(device);
          }),
        onClose: () => this.#forget(device),
      }),
    };
    this.#devices.set(key, device);
    return device;
  }

  #deliver({ session, connection }: DeviceState, text: string): void {
    const { faults } = this.#deps;
    this.#log(session, 'down', text);
    const { xid = 'none', eager = true } = faults.rules;
    const [mediaServer = ''] = this.#deps.mediaServers();
    const meta: Meta = {
      id: String(session.app.ids.itemId()),
      to: toXid(session.user.id, session.device.sn),
      timestamp: String(this.#deps.clock.now()),
      ns: MetaNameSpace.RTC_SIGNAL,
      payload: { type: RtcSignalType.VIDEO_ROOM, content: text, media_server: mediaServer },
    };
    const frame = syncFrame({
      status: OK,
      ...(xid === 'own' && { xid: toXid(session.user.id, 0) }),
      metas: [meta],
      next_key: '0',
      is_eager_sync: eager,
    });
    const times = faults.takeTimes('down');
    for (let i = 0; i < times; i++) connection?.push(frame);
  }

  /** Order is kept, because timers of one delay run in order. */
  #later(run: () => void): void {
    const { delayMs = 0 } = this.#deps.faults.rules;
    if (delayMs === 0) run();
    else this.#deps.clock.setTimeout(run, delayMs);
  }

  #log({ user, device }: Session, direction: 'up' | 'down', text: string): void {
    this.#deps.log.record({ at: this.#deps.clock.now(), uid: user.id, deviceSN: device.sn, direction, text });
  }

  #end(device: DeviceState): void {
    device.line.close();
    this.#forget(device);
  }

  #forget(device: DeviceState): void {
    if (device.grace !== undefined) this.#deps.clock.clearTimeout(device.grace);
    const key = keyOf(device.session);
    if (this.#devices.get(key) === device) this.#devices.delete(key);
  }
}

const keyOf = ({ user, device }: Session): string => `${user.id} ${device.sn}`;
