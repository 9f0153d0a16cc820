import type { CallStats } from './media-types.ts';

/** What the two connections of a call have counted since they began. */
interface Counters {
  readonly atMs: number;
  readonly packetsIn: number;
  readonly lostIn: number;
  readonly framesIn: number;
  readonly bytesIn: number;
  readonly framesOut: number;
  readonly bytesOut: number;
  readonly lossOut: number | undefined;
  readonly roundTripMs: number | undefined;
}

/** The fields of a report that are read; each kind of report has some of them. */
interface Report {
  readonly type: string;
  readonly timestamp: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly framesDecoded?: number;
  readonly bytesReceived?: number;
  readonly framesEncoded?: number;
  readonly bytesSent?: number;
  readonly fractionLost?: number;
  readonly roundTripTime?: number;
}

type Connections = readonly [RTCPeerConnection, RTCPeerConnection | undefined];

/** Figures of a call. Each is about the time since the call before. */
export class MediaStats {
  private before: Counters | undefined;

  /** @returns the figures, and whether anything has come since the call before */
  async read([sending, receiving]: Connections): Promise<{ stats: CallStats; hasCome: boolean }> {
    const now = count(await reportsOf(sending), receiving ? await reportsOf(receiving) : []);
    const { before } = this;
    this.before = now;
    // A connection that was made anew counts from the start.
    const isComparable = before !== undefined && now.packetsIn >= before.packetsIn && now.bytesOut >= before.bytesOut;
    return { stats: compare(isComparable ? before : undefined, now), hasCome: now.packetsIn !== before?.packetsIn };
  }
}

async function reportsOf(connection: RTCPeerConnection): Promise<Report[]> {
  const reports: Report[] = [];
  (await connection.getStats()).forEach((report: Report) => reports.push(report));
  return reports;
}

function count(sending: readonly Report[], receiving: readonly Report[]): Counters {
  const incoming = receiving.filter(({ type }) => type === 'inbound-rtp');
  const outgoing = sending.filter(({ type }) => type === 'outbound-rtp');
  const answers = sending.filter(({ type }) => type === 'remote-inbound-rtp');
  return {
    atMs: Math.max(0, ...[...sending, ...receiving].map(({ timestamp }) => timestamp)),
    packetsIn: sum(incoming, 'packetsReceived'),
    lostIn: sum(incoming, 'packetsLost'),
    framesIn: sum(incoming, 'framesDecoded'),
    bytesIn: sum(incoming, 'bytesReceived'),
    framesOut: sum(outgoing, 'framesEncoded'),
    bytesOut: sum(outgoing, 'bytesSent'),
    lossOut: most(answers, 'fractionLost'),
    roundTripMs: toMs(most(answers, 'roundTripTime')),
  };
}

function compare(before: Counters | undefined, now: Counters): CallStats {
  const seconds = before ? (now.atMs - before.atMs) / 1000 : 0;
  const { roundTripMs, lossOut } = now;
  const known = { ...(roundTripMs !== undefined && { roundTripMs }), ...(lossOut !== undefined && { lossOut }) };
  if (!before || seconds <= 0) return known;
  const lost = Math.max(0, now.lostIn - before.lostIn);
  const expected = lost + now.packetsIn - before.packetsIn;
  const rate = (field: 'framesIn' | 'framesOut' | 'bytesIn' | 'bytesOut', factor = 1): number =>
    ((now[field] - before[field]) * factor) / seconds;
  return {
    ...known,
    ...(expected > 0 && { lossIn: lost / expected }),
    framesIn: rate('framesIn'),
    framesOut: rate('framesOut'),
    bitsIn: rate('bytesIn', 8),
    bitsOut: rate('bytesOut', 8),
  };
}

type NumberField = Exclude<keyof Report, 'type'>;

const sum = (reports: readonly Report[], field: NumberField): number =>
  reports.reduce((total, report) => total + (report[field] ?? 0), 0);

function most(reports: readonly Report[], field: NumberField): number | undefined {
  const values = reports.map((report) => report[field]).filter((value) => value !== undefined);
  return values.length > 0 ? Math.max(...values) : undefined;
}

const toMs = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : seconds * 1000);
