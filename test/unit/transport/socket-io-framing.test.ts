import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connect, connectOpen, EVENT, expectOver, OPEN, PROVISION_HEX, UNREAD_HEX } from './harness.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function openText(pingInterval: unknown, pingTimeout: unknown): string {
  return `0${JSON.stringify({ sid: 's', upgrades: [], pingInterval, pingTimeout })}`;
}

describe('engine 3', () => {
  test('is open at 40 and sends nothing until then', () => {
    const { socket, record, transport } = connect();
    socket.open();
    socket.text(OPEN);
    expect(record.heard).toEqual([]);
    expect(socket.sent).toEqual([]);
    socket.text('40', '40');
    expect(record.heard).toEqual(['open']);
    expect(socket.sent).toEqual([]);
    transport.close();
  });

  test('a frame is the event and then 04 and the bytes', () => {
    const { socket, transport } = connectOpen();
    transport.send({ vsn: 0, compress_method: 0, command: 0 });
    expect(socket.sent).toEqual([EVENT, `04${UNREAD_HEX}`]);
    transport.close();
  });

  test('reads the answer to a provision, also with texts in between, an ack id, or as base64', () => {
    const { socket, record, transport } = connectOpen();
    socket.text(EVENT);
    socket.bytes(`04${PROVISION_HEX}`);
    socket.text(EVENT, '3', '6', '42["news"]');
    socket.bytes(`04${PROVISION_HEX}`);
    socket.text(EVENT.replace('-[', '-12['));
    socket.bytes(`04${PROVISION_HEX}`);
    socket.text(EVENT, `b4${Buffer.from(PROVISION_HEX, 'hex').toString('base64')}`);
    expect(record.heard).toEqual(['frame 3', 'frame 3', 'frame 3', 'frame 3']);
    expect(socket.sent).toEqual([]);
    transport.close();
  });

  test('takes the frame out of several attachments and ignores those of other events', () => {
    const { socket, record, transport } = connectOpen();
    socket.text('452-["frame",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]');
    socket.bytes('04ff');
    socket.bytes(`04${PROVISION_HEX}`);
    socket.text('452-["photo",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
    socket.bytes('04ff');
    socket.bytes('04ff');
    socket.text(EVENT);
    socket.bytes(`04${PROVISION_HEX}`);
    expect(record.heard).toEqual(['frame 3', 'frame 3']);
    transport.close();
  });

  test.each<[string, string[]]>([
    ['without an event', [`04${PROVISION_HEX}`]],
    ['after the attachments of another event', ['451-["photo",{"_placeholder":true,"num":0}]', '04ff', '04ff']],
    ['without 04', [EVENT, PROVISION_HEX]],
    ['empty', [EVENT, '']],
    ['no frame', [EVENT, '04ff']],
  ])('a binary message %s loses nothing else', (_name, messages) => {
    const { socket, record, transport } = connectOpen();
    for (const message of messages) {
      if (message.startsWith('45')) socket.text(message);
      else socket.bytes(message);
    }
    expect(record.heard).toEqual(['bad malformed']);
    socket.text(EVENT);
    socket.bytes(`04${PROVISION_HEX}`);
    expect(record.heard).toEqual(['bad malformed', 'frame 3']);
    transport.close();
  });

  test('a frame whose attachment never came is reported when the next event does', () => {
    const { socket, record, transport } = connectOpen();
    socket.text(EVENT, EVENT);
    socket.bytes(`04${PROVISION_HEX}`);
    expect(record.heard).toEqual(['bad malformed', 'frame 3']);
    transport.close();
  });

  test('attachments of other events may stay away unreported', () => {
    const { socket, record, transport } = connectOpen();
    socket.text('451-["photo",{"_placeholder":true,"num":0}]', EVENT);
    socket.bytes(`04${PROVISION_HEX}`);
    expect(record.heard).toEqual(['frame 3']);
    transport.close();
  });

  test('a second engine open replaces the first', () => {
    const { socket, transport } = connectOpen();
    socket.text(openText(20_000, 5000));
    vi.advanceTimersByTime(25_000);
    expect(socket.sent).toEqual(['2']);
    transport.close();
  });

  test('pings every interval as long as pongs come', () => {
    const harness = connectOpen();
    for (let round = 1; round <= 5; round++) {
      vi.advanceTimersByTime(25_000);
      expect(harness.socket.sent).toEqual(Array(round).fill('2'));
      harness.socket.text('3');
    }
    expect(harness.record.heard).toEqual([]);
    harness.transport.close();
    expectOver(harness);
  });

  test('the interval begins again with each pong, so that no timer of a ping sets the next one', () => {
    const { socket, transport } = connectOpen();
    vi.advanceTimersByTime(25_000);
    vi.advanceTimersByTime(2000);
    socket.text('3');
    vi.advanceTimersByTime(24_999);
    expect(socket.sent).toEqual(['2']);
    vi.advanceTimersByTime(1);
    expect(socket.sent).toEqual(['2', '2']);
    transport.close();
    socket.text('3');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('any bytes count as a pong', () => {
    const { socket, record, transport } = connectOpen();
    vi.advanceTimersByTime(29_999);
    socket.text(EVENT);
    vi.advanceTimersByTime(20_000);
    expect(record.heard).toEqual([]);
    transport.close();
  });

  test('a page that slept after a ping gets the queued pong', () => {
    const { socket, record, transport } = connectOpen();
    vi.advanceTimersByTime(25_000);
    vi.setSystemTime(Date.now() + 600_000);
    vi.advanceTimersByTime(5000);
    socket.text('3');
    vi.advanceTimersByTime(10_000);
    expect(record.heard).toEqual([]);
    transport.close();
  });

  test('answers a ping as well', () => {
    const { socket, transport } = connectOpen();
    socket.text('2probe');
    expect(socket.sent).toEqual(['3probe']);
    transport.close();
  });

  test('a probe is a ping', () => {
    const { socket, transport } = connectOpen();
    transport.probe();
    expect(socket.sent).toEqual(['2']);
    transport.close();
  });

  test.each<[unknown, number]>([
    [1000, 1000],
    [1, 100],
    [0, 25_000],
    [-5, 25_000],
    [null, 25_000],
    ['1000', 25_000],
    [1e300, 1e9],
  ])('a pingInterval of %j means %d ms', (pingInterval, intervalMs) => {
    const { socket, transport } = connect();
    socket.open();
    socket.text(openText(pingInterval, 5000), '40');
    vi.advanceTimersByTime(intervalMs - 1);
    expect(socket.sent).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(socket.sent).toEqual(['2']);
    transport.close();
  });

  test.each<[unknown, number]>([
    [700, 700],
    [1, 100],
    [0, 20_000],
    [undefined, 20_000],
  ])('a pingTimeout of %j means %d ms', (pingTimeout, timeoutMs) => {
    const harness = connect();
    harness.socket.open();
    harness.socket.text(openText(25_000, pingTimeout), '40');
    vi.advanceTimersByTime(25_000 + timeoutMs - 1);
    expect(harness.record.heard).toEqual(['open']);
    vi.advanceTimersByTime(1);
    expect(harness.record.heard).toEqual(['open', 'close ping-timeout']);
    expectOver(harness);
  });
});

describe('engine 4', () => {
  test('requests the namespace and is open when it is granted', () => {
    const { socket, record, transport } = connect({ engine: 4 });
    socket.open();
    expect(socket.sent).toEqual([]);
    socket.text(OPEN);
    expect(socket.sent).toEqual(['40']);
    expect(record.heard).toEqual([]);
    socket.text('40{"sid":"t"}');
    expect(record.heard).toEqual(['open']);
    transport.close();
  });

  test('frames have no prefix, both ways', () => {
    const { socket, record, transport } = connectOpen({ engine: 4 });
    transport.send({ vsn: 0, compress_method: 0, command: 0 });
    expect(socket.sent).toEqual([EVENT, UNREAD_HEX]);
    socket.text(EVENT);
    socket.bytes(PROVISION_HEX);
    socket.text(EVENT, `b${Buffer.from(PROVISION_HEX, 'hex').toString('base64')}`);
    expect(record.heard).toEqual(['frame 3', 'frame 3']);
    transport.close();
  });

  test('answers pings, sends none, and any bytes delay the deadline', () => {
    const { socket, record, transport } = connectOpen({ engine: 4 });
    vi.advanceTimersByTime(25_000);
    socket.text('2');
    expect(socket.sent).toEqual(['3']);
    vi.advanceTimersByTime(29_999);
    socket.text('6');
    vi.advanceTimersByTime(29_999);
    expect(record.heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(record.heard).toEqual(['close ping-timeout']);
    expect(socket.sent).toEqual(['3']);
    transport.close();
  });

  test('absurd intervals do not kill at once', () => {
    const { socket, record, transport } = connect({ engine: 4 });
    socket.open();
    socket.text(openText(1e300, 1e300), '40');
    vi.advanceTimersByTime(1e9);
    expect(record.heard).toEqual(['open']);
    transport.close();
  });

  test('a probe is an UNREAD', () => {
    const { socket, transport } = connectOpen({ engine: 4 });
    transport.probe();
    expect(socket.sent).toEqual([EVENT, UNREAD_HEX]);
    transport.close();
  });
});
