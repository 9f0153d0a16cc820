import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connect, connectOpen, expectOver, PROVISION_HEX, UNREAD_HEX } from './harness.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('is open with its socket and sends nothing of its own', () => {
  const harness = connect({ kind: 'raw' });
  harness.socket.open();
  expect(harness.record.heard).toEqual(['open']);
  vi.advanceTimersByTime(600_000);
  expect(harness.socket.sent).toEqual([]);
  harness.transport.close();
  expectOver(harness);
});

test('each binary message is one frame, both ways', () => {
  const { socket, record, transport } = connectOpen({ kind: 'raw' });
  transport.send({ vsn: 0, compress_method: 0, command: 0 });
  expect(socket.sent).toEqual([UNREAD_HEX]);
  socket.bytes(PROVISION_HEX);
  expect(record.heard).toEqual(['frame 3']);
  transport.close();
});

test('text and nonsense give one report each', () => {
  const { socket, record, transport } = connectOpen({ kind: 'raw' });
  socket.text('40');
  socket.bytes('ff');
  socket.bytes(PROVISION_HEX);
  expect(record.heard).toEqual(['bad malformed', 'bad malformed', 'frame 3']);
  transport.close();
});

test('a probe is an UNREAD', () => {
  const { socket, transport } = connectOpen({ kind: 'raw' });
  transport.probe();
  expect(socket.sent).toEqual([UNREAD_HEX]);
  transport.close();
});

test('the reason of a close does not repeat what was sent on the socket', () => {
  const { socket, record, transport } = connectOpen({ kind: 'raw' });
  const content = 'meet me at the old mill';
  const meta = { id: '1', ns: 1, from: { uid: '1' }, to: { uid: '2' }, payload: { type: 1, content } } as const;
  transport.send({ vsn: 0, compress_method: 0, command: 1, payload: { meta } });
  socket.drop(`1009 too big: ${content.slice(0, 20)}`);
  expect(record.reasons).toEqual([{ kind: 'socket-closed', detail: '1009 too big: ***' }]);
});
