import { expect, test } from 'vitest';
import { MediaStats } from '../../../src/rtc/media-stats.ts';
import { wrongly } from '../../support/fakes.ts';

const report = (...rows: object[]): Map<number, object> => new Map(rows.map((row, key) => [key, row]));
const connectionWith = (reports: Map<number, object>[]): RTCPeerConnection =>
  wrongly({ getStats: async () => Promise.resolve(reports.shift()!) });

const outgoing = (timestamp: number, framesEncoded: number, bytesSent: number): Map<number, object> =>
  report(
    { type: 'outbound-rtp', timestamp, framesEncoded, bytesSent },
    { type: 'remote-inbound-rtp', timestamp, fractionLost: 0.1, roundTripTime: 0.05 },
    { type: 'codec', timestamp },
  );
const incoming = (timestamp: number, packetsReceived: number, packetsLost: number): Map<number, object> =>
  report(
    {
      type: 'inbound-rtp',
      timestamp,
      packetsReceived,
      packetsLost,
      framesDecoded: packetsReceived / 10,
      bytesReceived: 100,
    },
    { type: 'inbound-rtp', timestamp, packetsReceived: 0, bytesReceived: packetsReceived * 100 },
  );

test('figures are about the time since they were read before', async () => {
  const stats = new MediaStats();
  const sending = connectionWith([outgoing(1000, 10, 1000), outgoing(3000, 60, 3000)]);
  const receiving = connectionWith([incoming(1000, 100, 0), incoming(3000, 190, 10)]);
  expect(await stats.read([sending, receiving])).toEqual({ stats: { roundTripMs: 50, lossOut: 0.1 }, hasCome: true });
  expect((await stats.read([sending, receiving])).stats).toEqual({
    ...{ roundTripMs: 50, lossOut: 0.1, lossIn: 0.1 },
    ...{ framesIn: 4.5, framesOut: 25, bitsIn: 36_000, bitsOut: 8000 },
  });
});

test('a connection that was made anew counts from the start', async () => {
  const stats = new MediaStats();
  await stats.read([connectionWith([outgoing(1000, 100, 9000)]), connectionWith([incoming(1000, 500, 0)])]);
  const { stats: figures, hasCome } = await stats.read([
    connectionWith([outgoing(2000, 1, 100)]),
    connectionWith([incoming(2000, 5, 0)]),
  ]);
  expect([figures, hasCome]).toEqual([{ roundTripMs: 50, lossOut: 0.1 }, true]);
});

test('nothing has come when no packet has', async () => {
  const stats = new MediaStats();
  const sending = connectionWith([outgoing(1000, 1, 1), outgoing(3000, 2, 2), outgoing(4000, 3, 3)]);
  const receiving = connectionWith([incoming(1000, 5, 0), incoming(3000, 5, 0)]);
  await stats.read([sending, receiving]);
  expect((await stats.read([sending, receiving])).hasCome).toBe(false);
  expect((await stats.read([sending, undefined])).stats.framesIn).toBeUndefined();
});
