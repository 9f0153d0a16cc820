import { createControls } from './controls.ts';
import type { Controls } from './controls.ts';
import { Faults } from './faults.ts';
import { Notices } from './mail/notices.ts';
import { Messaging } from './messaging/messaging.ts';
import { DevData } from './model/dev-data.ts';
import type { ResolvedOptions } from './options.ts';
import type { Clock, Ports } from './ports.ts';
import type { Journal } from './records/records.ts';
import { RtcRelay } from './rtc/relay.ts';
import { SignalLog } from './rtc/signal-log.ts';
import { RestServer } from './rest/rest-server.ts';
import { FrameLog, XsyncServer } from './xsync/xsync-server.ts';
import { Hub } from './xsync/hub.ts';

/** What the place where the server runs adds to it. */
interface Surroundings {
  readonly options: ResolvedOptions;
  readonly ports: Ports;
  readonly journal: Journal;
  /** `http://host:port` as clients reach this server. */
  readonly baseUrl: () => string;
  /** Ends the connections whose handshake `stall` holds. */
  readonly dropHeldHandshakes: () => void;
  /** Ends the requests that a fault left without an answer. */
  readonly dropHanging: () => void;
  /** Adds the data that the server starts with. */
  readonly seed: () => void;
}

/** A whole server, without sockets and HTTP. It runs wherever JavaScript does. */
export interface ServerCore {
  readonly clock: Clock;
  readonly data: DevData;
  readonly faults: Faults;
  readonly messaging: Messaging;
  readonly notices: Notices;
  readonly hub: Hub;
  readonly rest: RestServer;
  readonly xsync: XsyncServer;
  readonly controls: Controls;
}

export function createServerCore({ options, ports, journal, baseUrl, ...shell }: Surroundings): ServerCore {
  const { clock, random, pictures } = ports;
  const log = options.requestLog ? (line: string): void => console.log(line) : undefined;
  const data = new DevData(journal, BigInt(options.firstItemId), ports);
  const faults = new Faults();
  faults.delayMs = options.delayMs;
  const hub = new Hub(faults, options.pageSize);
  const notices = new Notices(hub, clock);
  const messaging = new Messaging(hub, clock);
  const frames = new FrameLog(options.keepReceived, clock);
  const uploadStyle = (): 'form' | 'oss' | 'put' => faults.transfers.uploads ?? 'form';
  const rest = new RestServer({
    rest: { data, notices, messaging, clock, random, uploadStyle, baseUrl },
    faults,
    options,
    pictures,
    log,
  });
  const signals = new SignalLog(options.keepReceived);
  const relay = new RtcRelay({
    ...{ clock, faults: faults.signals, log: signals, openLink: ports.mediaLinks, graceMs: options.rtcGraceMs },
    mediaServers: () => (options.dnsHosts ?? [new URL(baseUrl()).host]).map((host) => `ws://${host}`),
  });
  hub.onEnded = (session) => relay.ended(session);
  const xsync = new XsyncServer({ data, journal, clock, faults, hub, notices, messaging, frames, relay, options, log });
  const { delayMs } = options;
  const controls = createControls({
    data,
    faults,
    hub,
    notices,
    requests: rest.requests,
    frames,
    signals,
    relay,
    delayMs,
    ...shell,
  });
  return { clock, data, faults, messaging, notices, hub, rest, xsync, controls };
}
