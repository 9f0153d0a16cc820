import { expect, test } from 'vitest';
import { createRtcManage } from '../../../src/managers/rtc-manage.ts';
import members from '../../api/members.json' with { type: 'json' };

const NONE: Record<string, unknown> = {
  destroy: undefined,
  getJanusObject: null,
  getPublishHandler: null,
  getSubscribeHandler: null,
  getInCallStatus: false,
};

test('without calls none exists, and starting one throws', () => {
  const rtc = createRtcManage(
    () => 1,
    () => undefined,
  );
  expect(Object.keys(rtc).sort()).toEqual([...members.deployed.rtcManage].sort());
  for (const [name, method] of Object.entries(rtc) as [string, () => unknown][]) {
    if (name in NONE) expect(method()).toBe(NONE[name]);
    else if (name !== 'sendRTCMessage') expect(method, name).toThrow(/ServerRtcNotOpen/);
  }
});

test('its messages can be sent', () => {
  const sent: unknown[] = [];
  const { sendRTCMessage } = createRtcManage(
    (message) => sent.push(message),
    () => undefined,
  );
  expect(sendRTCMessage({ uid: 7, content: '', config: '{"action":"hangup"}' })).toBe(1);
  expect(sent).toEqual([{ uid: 7, content: '', config: '{"action":"hangup"}', type: 'rtc' }]);
});
