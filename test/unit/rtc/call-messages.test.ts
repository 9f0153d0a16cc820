// Messages of calls as deployed clients write and read them: texts, of which both sides parse every character.
import { describe, expect, test } from 'vitest';
import { parseId } from '../../../src/model/ids.ts';
import {
  callMessage,
  cameraMessage,
  endMessage,
  parseCallMessage,
  pickupMessage,
} from '../../../src/rtc/call-messages.ts';
import type { CallSignal, HangUpContent } from '../../../src/rtc/call-messages.ts';
import { toMessage } from '../../../src/sync/message-mapper.ts';
import type { ReceivedMessage } from '../../../src/sync/message-mapper.ts';
import { chat, received } from '../sync/harness.ts';

const RTC = 8;
const CALLER = '6597478514688';
const CALL = `${CALLER}_1795000000000`;

/** What is read of a message whose texts came like this. */
function read(texts: { content?: string; config?: string; ext?: string }): CallSignal | undefined {
  const [meta] = received(chat({ id: 1, ctype: RTC, ...texts }));
  return parseCallMessage(toMessage(meta as ReceivedMessage, false), parseId);
}

/** The texts of a message, as they are sent. */
const written = ({ content, config, ext }: { content: string; config?: object; ext?: object }) => ({
  content,
  ...(config && { config: JSON.stringify(config) }),
  ...(ext && { ext: JSON.stringify(ext) }),
});

describe('what deployed clients write', () => {
  const call = { action: 'call', callId: CALL, room: '1234567890', initiator: CALLER, pin: 'a1b2c3d4' };
  const deployed = { canShowScreen: false, isDeployed: true };

  test.each<[string, string, Partial<CallSignal>]>([
    [
      'web, video',
      `{"action":"call","callId":"${CALL}","roomId":1234567890,"initiator":${CALLER},"type":1,"roomType":0,"pin":"a1b2c3d4","pushMessageLocKey":"call_in","ios":{"mutable_content":true}}`,
      { video: true },
    ],
    [
      'web, sound',
      `{"action":"call","ios":{"mutable_content":true},"type":0,"roomId":1234567890,"initiator":${CALLER},"callId":"${CALL}","roomType":0,"pin":"a1b2c3d4","pushMessageLocKey":"call_in"}`,
      { video: false },
    ],
    [
      'native, in a room that Janus drew: 53 bits',
      `{"action":"call","callId":"${CALL}","roomId":9007199254740991,"initiator":${CALLER},"type":1,"roomType":1,"pin":"a1b2c3d4","pushMessageLocKey":"call_in","ios":{"mutable_content":true}}`,
      { video: true, room: '9007199254740991' },
    ],
    [
      'one whose pin is a number',
      `{"action":"call","callId":"${CALL}","roomId":1234567890,"initiator":${CALLER},"type":1,"pin":12345678}`,
      { video: true, pin: '12345678' },
    ],
  ])('a call: %s', (_who, config, expected) => {
    for (const content of ['', 'Video call'])
      expect(read({ content, config, ext: '{"rtc":"call"}' })).toEqual({ ...call, ...deployed, ...expected });
  });

  test.each(['roomId', 'initiator', 'callId'])('a call without %s is none', (field) => {
    const config = { action: 'call', callId: CALL, roomId: 1, initiator: Number(CALLER), type: 1, pin: 'p' };
    expect(read({ config: JSON.stringify(config) })).toBeDefined();
    expect(read({ config: JSON.stringify({ ...config, [field]: undefined }) })).toBe(undefined);
  });

  test('a pickup', () => {
    const config = `{"action":"pickup","callId":"${CALL}"}`;
    expect(read({ config })).toEqual({ action: 'pickup', callId: CALL, canShowScreen: false });
  });

  /** Contents, the rest of the config, and what is read. */
  const ENDS: [string, string, string, HangUpContent, boolean][] = [
    [
      'web, a talk',
      '61234',
      '"peerDrop":false,"pushMessageLocKey":"call_duration","pushMessageLocArgs":[1,1]',
      61_234,
      false,
    ],
    ['a talk of no time', '0', '"pushMessageLocKey":"call_duration","pushMessageLocArgs":[0,0]', 0, false],
    [
      'native, a talk',
      '61234',
      '"peerDrop":false,"pushMessageLocKey":"call_duration","pushMessageLocArgs":"[1,1]"',
      61_234,
      false,
    ],
    [
      'web, the other side vanished',
      '5000',
      '"peerDrop":true,"pushMessageLocKey":"call_duration","pushMessageLocArgs":[0,5]',
      5000,
      true,
    ],
    [
      'iOS, the other side vanished',
      '5000',
      '"peerDrop":true,"pushMessageLocKey":"call_ended","pushMessageLocArgs":"[0,5]"',
      5000,
      true,
    ],
    [
      'nobody answered',
      'timeout',
      '"peerDrop":false,"pushMessageLocKey":"callee_not_responding","pushMessageLocArgs":[]',
      'timeout',
      false,
    ],
    [
      'iOS, nobody answered',
      'timeout',
      '"peerDrop":false,"pushMessageLocKey":"callee_not_responding}"',
      'timeout',
      false,
    ],
    ['given up', 'canceled', '"peerDrop":false,"pushMessageLocKey":"call_canceled_by_caller"', 'canceled', false],
    ['declined', 'rejected', '"pushMessageLocKey":"call_rejected_by_callee"', 'rejected', false],
    ['busy', 'busy', '"pushMessageLocKey":"callee_busy"', 'busy', false],
    ['anything else', 'Call ended', '"peerDrop":false', 'canceled', false],
    ['no content', '', '"peerDrop":false', 'canceled', false],
  ];
  test.each(ENDS)('an end: %s', (_why, content, more, expected, peerDrop) => {
    for (const action of ['hangup', 'record'] as const) {
      const config = `{"action":"${action}","callId":"${CALL}","initiator":${CALLER},${more}}`;
      expect(read({ content, config })).toEqual({
        ...{ action, callId: CALL, initiator: CALLER, content: expected, peerDrop },
      });
    }
  });

  test('an end that does not say who called', () => {
    const config = `{"action":"hangup","callId":"${CALL}"}`;
    expect(read({ content: 'busy', config })).toMatchObject({ initiator: undefined, content: 'busy' });
  });

  test.each(['', '{}'])('the camera, with the config %j', (config) => {
    const camera = (isMuted: boolean) => read({ config, ext: `{"callId":"${CALL}","mute_video":${isMuted}}` });
    expect([camera(true), camera(false)]).toEqual([
      { action: 'camera', callId: CALL, isOn: false },
      { action: 'camera', callId: CALL, isOn: true },
    ]);
  });

  test.each([
    ['iOS, from video to sound', { ext: '{"rtc_cmd":"switch_audio"}' }],
    ['an ext that is no JSON', { ext: 'hello' }],
    ['an ext that is null', { ext: 'null' }],
    ['an action of a newer client', { config: `{"action":"invite","callId":"${CALL}"}` }],
    ['an action without a call', { config: '{"action":"hangup"}' }],
    ['a config that is no JSON', { config: '{"action":' }],
    ['nothing', {}],
  ])('not a message of a call that is known: %s', (_what, texts) => {
    expect(read(texts)).toBe(undefined);
  });
});

describe('what they read of ours', () => {
  const ring = { callId: CALL, room: '9007199254740991', initiator: CALLER, pin: 'AbCd1234AbCd1234' };
  const ours = ',"v":1,"caps":["screen"]';

  test.each([
    ['video', true, false, 1, ours],
    ['sound', false, false, 0, ours],
    ['an app with rtcManage', true, true, 1, ''],
  ] as const)('a call: %s', (_what, video, isByApp, type, more) => {
    expect(written(callMessage({ ...ring, video, isByApp }))).toEqual({
      content: '',
      config: `{"action":"call","callId":"${CALL}","roomId":9007199254740991,"initiator":${CALLER},"type":${type},"roomType":0,"pin":"AbCd1234AbCd1234","pushMessageLocKey":"call_in","ios":{"mutable_content":true}${more}}`,
      ext: '{"rtc":"call"}',
    });
  });

  test('a pickup', () => {
    const config = `{"action":"pickup","callId":"${CALL}"`;
    expect(written(pickupMessage(CALL, false))).toEqual({ content: '', config: `${config}${ours}}` });
    expect(written(pickupMessage(CALL, true))).toEqual({ content: '', config: `${config}}` });
  });

  test.each<[HangUpContent, string, string]>([
    [61_234, 'call_duration', '[1,1]'],
    [0, 'call_duration', '[0,0]'],
    [3_600_999, 'call_duration', '[60,0]'],
    ['timeout', 'callee_not_responding', '[]'],
    ['canceled', 'call_canceled_by_caller', '[]'],
    ['rejected', 'call_rejected_by_callee', '[]'],
    ['busy', 'callee_busy', '[]'],
  ])('an end: %s', (content, key, args) => {
    for (const action of ['hangup', 'record'] as const)
      for (const peerDrop of [false, true])
        expect(written(endMessage(action, { callId: CALL, initiator: CALLER, content, peerDrop }))).toEqual({
          content: String(content),
          config: `{"action":"${action}","callId":"${CALL}","initiator":${CALLER},"peerDrop":${peerDrop},"pushMessageLocKey":"${key}","pushMessageLocArgs":${args}}`,
        });
  });

  test.each([true, false])('the camera: %s', (isOn) => {
    expect(written(cameraMessage(CALL, isOn))).toEqual({
      content: '',
      ext: `{"callId":"${CALL}","mute_video":${!isOn}}`,
    });
  });

  test('and this client reads what it writes', () => {
    const call = callMessage({ ...ring, video: true, isByApp: false });
    expect(read(written(call))).toEqual({
      ...{ action: 'call', callId: CALL, room: ring.room, initiator: CALLER, video: true, pin: ring.pin },
      ...{ canShowScreen: true, isDeployed: false },
    });
    expect(read(written(pickupMessage(CALL, false)))).toMatchObject({ action: 'pickup', canShowScreen: true });
  });
});
