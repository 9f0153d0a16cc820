import { expect, vi } from 'vitest';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { openTransport } from '../../../src/transport/open-transport.ts';
import type { Transport, TransportOptions } from '../../../src/transport/transport.ts';
import { createFakeSockets } from '../../support/fake-socket.ts';
import type { FakeSocket } from '../../support/fake-socket.ts';
import { recordTransport } from '../../support/record-transport.ts';
import type { TransportRecord } from '../../support/record-transport.ts';

export const OPEN = '0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":5000}';
export const EVENT = '451-["frame",{"_placeholder":true,"num":0}]';
/** The heartbeat of the deployed clients. */
export const UNREAD_HEX = '080010001800';
/** The minimal accepted answer to a provision. */
export const PROVISION_HEX = '08001803220b0a020801120508c533104d';

export interface Harness {
  transport: Transport;
  socket: FakeSocket;
  record: TransportRecord;
}

/** A transport on a fake socket that has not opened yet. */
export function connect(options: Partial<TransportOptions> = {}): Harness {
  const { factory, opened } = createFakeSockets();
  const record = recordTransport();
  const transport = openTransport(
    {
      kind: 'socket.io',
      url: 'https://im.example:8443',
      engine: 3,
      connectTimeoutMs: 10_000,
      silenceTimeoutMs: 20_000,
      probeTimeoutMs: 3_000,
      isHidden: () => false,
      ...options,
    },
    { sockets: factory, clock: systemClock },
    record,
  );
  return { transport, socket: opened[0]!, record };
}

/** Every kind of transport, and the first messages of its server. */
export const KINDS: [name: string, options: Partial<TransportOptions>, greeting: string[]][] = [
  ['socket.io over engine 3', { kind: 'socket.io', engine: 3 }, [OPEN, '40']],
  ['socket.io over engine 4', { kind: 'socket.io', engine: 4 }, [OPEN, '40{"sid":"t"}']],
  ['raw', { kind: 'raw' }, []],
];

/** An open transport; the messages that it sent so far are forgotten. */
export function connectOpen(options: Partial<TransportOptions> = {}): Harness {
  const harness = connect(options);
  harness.socket.open();
  if (options.kind !== 'raw') harness.socket.text(OPEN, '40');
  expect(harness.record.heard).toEqual(['open']);
  harness.socket.sent.length = 0;
  harness.record.heard.length = 0;
  return harness;
}

/** Checks that nothing is emitted, sent or pending, whatever the server, the network and time still do. */
export function expectOver({ socket, record, transport }: Harness): void {
  expect(socket.isClosed).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
  const heard = record.heard.length;
  const sent = socket.sent.length;
  socket.open();
  socket.text(OPEN, '40', '2', 'nonsense');
  socket.bytes(UNREAD_HEX);
  transport.send({ command: 0 });
  transport.probe();
  transport.close();
  vi.advanceTimersByTime(600_000);
  expect(record.heard.length).toBe(heard);
  expect(socket.sent.length).toBe(sent);
  expect(vi.getTimerCount()).toBe(0);
  expect(record.reasons.length).toBe(1);
}
