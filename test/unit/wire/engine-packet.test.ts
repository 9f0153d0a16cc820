import { describe, expect, test } from 'vitest';
import { encodeAttachment, FRAME_EVENT, parseAttachment, parseEngineText } from '../../../src/wire/engine-packet.ts';
import type { EnginePacket } from '../../../src/wire/engine-packet.ts';
import { fromHex, toHex } from '../../support/fake-socket.ts';

const PLACEHOLDER = '{"_placeholder":true,"num":0}';

describe('texts of both versions', () => {
  test.each<[string, EnginePacket]>([
    [
      '0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":5000}',
      { type: 'open', pingIntervalMs: 25000, pingTimeoutMs: 5000 },
    ],
    ['0{"sid":"x","pingInterval":"soon"}', { type: 'open', pingIntervalMs: NaN, pingTimeoutMs: NaN }],
    ['0{"pingInterval":{"valueOf":1,"toString":1}}', { type: 'open', pingIntervalMs: NaN, pingTimeoutMs: NaN }],
    ['1', { type: 'close' }],
    ['2', { type: 'ping', data: '' }],
    ['2probe', { type: 'ping', data: 'probe' }],
    ['3', { type: 'pong', data: '' }],
    ['3probe', { type: 'pong', data: 'probe' }],
    ['5', { type: 'ignored' }],
    ['6', { type: 'ignored' }],
    ['40', { type: 'connect' }],
    ['40{"sid":"abc"}', { type: 'connect' }],
    ['40/chat,', { type: 'connect' }],
    ['40/chat?a=b', { type: 'connect' }],
    ['41', { type: 'disconnect' }],
    ['44"not welcome"', { type: 'error', detail: '"not welcome"' }],
    ['44{"message":"a\nb"}', { type: 'error', detail: '{"message":"a\nb"}' }],
    ['42["news",{"a":1}]', { type: 'ignored' }],
    ['427["ask"]', { type: 'ignored' }],
    ['437["answer"]', { type: 'ignored' }],
    [FRAME_EVENT, { type: 'binary-event', attachments: 1, frame: 0 }],
    [`451-12["frame",${PLACEHOLDER}]`, { type: 'binary-event', attachments: 1, frame: 0 }],
    [`451-/im,["frame",${PLACEHOLDER}]`, { type: 'binary-event', attachments: 1, frame: 0 }],
    [`451-/im,12["frame",${PLACEHOLDER}]`, { type: 'binary-event', attachments: 1, frame: 0 }],
    [
      '452-["frame",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]',
      { type: 'binary-event', attachments: 2, frame: 1 },
    ],
    [`451-["photo",${PLACEHOLDER}]`, { type: 'binary-event', attachments: 1, frame: -1 }],
    [`461-12["frame",${PLACEHOLDER}]`, { type: 'binary-event', attachments: 1, frame: -1 }],
  ])('%s', (text, packet) => {
    expect(parseEngineText(text, 3)).toEqual(packet);
    expect(parseEngineText(text, 4)).toEqual(packet);
  });
});

describe('texts that are no packet', () => {
  test.each([
    '',
    'hello',
    '7',
    '0',
    '0{',
    '0null',
    '012',
    '4',
    '47',
    '4x',
    '45["frame"]',
    `45-["frame",${PLACEHOLDER}]`,
    `450-["frame",${PLACEHOLDER}]`,
    '451-',
    '451-["frame"',
    '451-{"frame":1}',
    '451-["frame"]',
    '451-["frame",null]',
    '451-["frame","text"]',
    '451-["frame",{"_placeholder":true,"num":1}]',
    '451-["frame",{"_placeholder":true,"num":-1}]',
    '451-["frame",{"_placeholder":true,"num":"0"}]',
    '\u0000',
    '😀',
  ])('%j', (text) => {
    expect(parseEngineText(text, 3).type).toBe('malformed');
    expect(parseEngineText(text, 4).type).toBe('malformed');
  });

  test('what was wrong is told without what was said', () => {
    expect(parseEngineText('451-["frame","secret"', 3)).toEqual({ type: 'malformed', detail: 'binary event' });
  });

  test('no slice of a legal text throws', () => {
    const text = `0{"sid":"x"}451-/im,12["frame",${PLACEHOLDER}]b4AAEC`;
    for (let from = 0; from < text.length; from++) {
      for (let to = from; to <= text.length; to++) parseEngineText(text.slice(from, to), 3);
    }
  });
});

describe('attachments as base64 text', () => {
  test.each([
    ['b4', ''],
    ['b4CAAQABgA', '080010001800'],
    ['b4AA==', '00'],
    ['b4AAE=', '0001'],
    ['b4AAE', '0001'],
    ['b4+/+/', 'fbffbf'],
  ])('version 3: %s', (text, hex) => {
    const packet = parseEngineText(text, 3);
    expect(packet.type === 'attachment' && toHex(packet.bytes)).toBe(hex);
  });

  test('version 4 writes no packet type', () => {
    expect(parseEngineText('bCAAQABgA', 4)).toEqual({ type: 'attachment', bytes: fromHex('080010001800') });
  });

  test('every byte survives', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const text = `b4${Buffer.from(bytes).toString('base64')}`;
    expect(parseEngineText(text, 3)).toEqual({ type: 'attachment', bytes });
  });

  test.each(['b', 'b2AAAA', 'b4A*AA', 'b4A=AA'])('version 3 refuses %s', (text) => {
    expect(parseEngineText(text, 3).type).toBe('malformed');
  });
});

describe('attachments as binary messages', () => {
  test('version 3 writes 04 first', () => {
    expect(toHex(encodeAttachment(fromHex('080010001800'), 3))).toBe('04080010001800');
    expect(parseAttachment(fromHex('04080010001800'), 3)).toEqual(fromHex('080010001800'));
  });

  test('version 3 refuses a message without it', () => {
    expect(parseAttachment(fromHex('080010001800'), 3)).toBeUndefined();
    expect(parseAttachment(new Uint8Array(0), 3)).toBeUndefined();
  });

  test('version 4 is bare', () => {
    expect(toHex(encodeAttachment(fromHex('04ff'), 4))).toBe('04ff');
    expect(parseAttachment(fromHex('04ff'), 4)).toEqual(fromHex('04ff'));
  });
});
