/** The meaning of each message of a Socket.IO server, over either Engine.IO version. */
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../src/platform/ports.ts';
import { createSocketIoFraming } from '../../../src/transport/socket-io-framing.ts';
import type { EngineVersion } from '../../../src/wire/engine-packet.ts';
import { fromHex, toHex } from '../../support/fake-socket.ts';

const PLACEHOLDER = '{"_placeholder":true,"num":0}';

/** Passes texts, and binary messages as bytes, to a new framing. @returns the events of its host, and its timers */
function hear(engine: EngineVersion, ...messages: (string | Uint8Array)[]): string[] {
  const heard: string[] = [];
  const clock: Clock = {
    now: () => 0,
    setTimeout: (_run, delayMs) => heard.push(`timer ${delayMs}`),
    clearTimeout() {},
  };
  const framing = createSocketIoFraming(engine, clock, {
    write: (data) => heard.push(`write ${typeof data === 'string' ? data : toHex(data)}`),
    ready: () => heard.push('ready'),
    frame: (bytes) => heard.push(`frame ${toHex(bytes)}`),
    badFrame: (detail) => heard.push(`bad: ${detail}`),
    end: (kind, detail) => heard.push(`${kind}: ${detail}`),
    refuse: (detail) => heard.push(`refused: ${detail}`),
  });
  for (const message of messages) framing.handleMessage(message);
  return heard;
}

const OF_BOTH: EngineVersion[] = [3, 4];
const attachment = (engine: EngineVersion, hex: string): Uint8Array => fromHex(engine === 3 ? `04${hex}` : hex);

test.each<[string, string, string]>([
  ['{"sid":"x","upgrades":[],"pingInterval":24000,"pingTimeout":5000}', 'timer 24000', '24000 + 5000'],
  ['{"sid":"x","pingInterval":"soon"}', 'timer 25000', '25000 + 20000'],
  ['{"pingInterval":{"valueOf":1,"toString":1}}', 'timer 25000', '25000 + 20000'],
])('0%s', (json, of3, of4) => {
  expect(hear(3, `0${json}`)).toEqual([of3]);
  const [intervalMs, timeoutMs] = of4.split(' + ').map(Number);
  expect(hear(4, `0${json}`, '6')).toEqual(['write 40', `timer ${intervalMs! + timeoutMs!}`]);
});

test.each<[string, string[]]>([
  ['1', ['server-close: close']],
  ['2', ['write 3']],
  ['2probe', ['write 3probe']],
  ['3', []],
  ['3probe', []],
  ['5', []],
  ['6', []],
  ['40', ['ready']],
  ['40{"sid":"abc"}', ['ready']],
  ['40/chat,', ['ready']],
  ['40/chat?a=b', ['ready']],
  ['41', ['server-close: disconnect']],
  ['44"not welcome"', ['refused: "not welcome"']],
  ['44{"message":"a\nb"}', ['refused: {"message":"a\nb"}']],
  ['42["news",{"a":1}]', []],
  ['427["ask"]', []],
  ['437["answer"]', []],
])('%s', (text, heard) => {
  for (const engine of OF_BOTH) expect(hear(engine, text)).toEqual(heard);
});

/** The text before so many attachments; the one at index `frame` is a frame, or none is (-1). */
test.each<[string, attachments: number, frame: number]>([
  [`451-["frame",${PLACEHOLDER}]`, 1, 0],
  [`451-12["frame",${PLACEHOLDER}]`, 1, 0],
  [`451-/im,["frame",${PLACEHOLDER}]`, 1, 0],
  [`451-/im,12["frame",${PLACEHOLDER}]`, 1, 0],
  ['452-["frame",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]', 2, 1],
  [`451-["photo",${PLACEHOLDER}]`, 1, -1],
  [`461-12["frame",${PLACEHOLDER}]`, 1, -1],
  ['461-12["frame",null]', 1, -1],
])('%s', (text, attachments, frame) => {
  for (const engine of OF_BOTH) {
    const sent = Array.from({ length: attachments + 1 }, (_, i) => attachment(engine, `0${i}`));
    expect(hear(engine, text, ...sent)).toEqual([
      ...(frame < 0 ? [] : [`frame 0${frame}`]),
      'bad: attachment without an event',
    ]);
  }
});

describe('texts that are not a packet', () => {
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
    '461-{"frame":1}',
    '\u0000',
    '😀',
  ])('%j', (text) => {
    for (const engine of OF_BOTH) expect(hear(engine, text)).toEqual([expect.stringMatching(/^protocol-error: /)]);
  });

  test.each(['b', 'b2AAAA', 'b4A*AA', 'b4A=AA'])('version 3 refuses %s', (text) => {
    expect(hear(3, text)).toEqual(['protocol-error: base64']);
  });

  test('the report of a bad text does not quote the text', () => {
    expect(hear(3, '451-["frame","secret"')).toEqual(['protocol-error: binary event']);
  });

  test('no part of a legal text throws', () => {
    const text = `0{"sid":"x"}451-/im,12["frame",${PLACEHOLDER}]b4AAEC`;
    for (let from = 0; from < text.length; from++) {
      for (let to = from; to <= text.length; to++) hear(3, text.slice(from, to));
    }
  });
});

describe('a frame', () => {
  const EVENT = `451-["frame",${PLACEHOLDER}]`;

  test.each([
    ['b4', ''],
    ['b4CAAQABgA', '080010001800'],
    ['b4AA==', '00'],
    ['b4AAE=', '0001'],
    ['b4AAE', '0001'],
    ['b4+/+/', 'fbffbf'],
  ])('as base64 text of version 3: %s', (text, hex) => {
    expect(hear(3, EVENT, text)).toEqual([`frame ${hex}`]);
  });

  test('as base64 text of version 4, which writes no packet type', () => {
    expect(hear(4, EVENT, 'bCAAQABgA')).toEqual(['frame 080010001800']);
  });

  test('as base64 text keeps every byte', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(hear(3, EVENT, `b4${Buffer.from(bytes).toString('base64')}`)).toEqual([`frame ${toHex(bytes)}`]);
  });

  test('as a binary message of version 3 begins with 04', () => {
    expect(hear(3, EVENT, fromHex('04080010001800'))).toEqual(['frame 080010001800']);
    for (const hex of ['080010001800', ''])
      expect(hear(3, EVENT, fromHex(hex))).toEqual(['bad: attachment without its packet type']);
  });

  test('as a binary message of version 4 is bare', () => {
    expect(hear(4, EVENT, fromHex('04ff'))).toEqual(['frame 04ff']);
  });
});
