/** The calls of `flooim/rtc` in a mini-program, which has no WebRTC, no window and no crypto: they ring, and can be declined. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type * as Sdk from '../../src/entries/wechat.ts';
import type * as Rtc from '../../src/rtc/index.ts';
import { EventRecord } from '../support/client-events.ts';
import { APP_ID, PASSWORD, startWorld } from '../support/client-world.ts';
import { BUILDS, PATIENCE_MS } from '../support/mini-program-client.ts';
import { createMiniProgramEngine } from '../support/mini-program-vm.ts';
import { createPhone } from '../support/mini-program.ts';

const RTC_FILE = fileURLToPath(new URL('../../dist/rtc.cjs', import.meta.url));

test.each(['wechat', 'uniapp'] as const)(
  '%s: a call rings and is declined, a missed one shows, and none is made',
  async (build) => {
    const world = await startWorld();
    const bob = await world.member('bob');
    const anna = await world.register('anna');
    const { kind, file } = BUILDS[build];
    const phone = createPhone(kind);
    world.cleanup(() => phone.remove());
    const run = phone.launch();
    const engine = createMiniProgramEngine(run.timers, { [kind]: run.api });
    const { createClient } = engine.load(file) as typeof Sdk;
    const { calls } = engine.load(RTC_FILE) as typeof Rtc;
    const im = createClient({ appid: APP_ID, dnsServer: world.server.dnsUrl, logLevel: 'warn', rtc: calls() });
    const events = new EventRecord(im, PATIENCE_MS);
    await im.login({ name: 'anna', password: PASSWORD });
    const heard: string[] = [];
    im.calls.on('incomingCall', ({ id, peer, state }) => heard.push(`incoming ${id} ${peer} ${state}`));
    im.calls.on('callEnded', ({ id, reason }) => heard.push(`ended ${id} ${reason}`));
    const says = (config: object, content = ''): unknown =>
      bob.client.rtcManage.sendRTCMessage({ uid: anna, content, config: JSON.stringify(config) });
    const rings = (callId: string): unknown =>
      says({ action: 'call', callId, roomId: 7, initiator: bob.id, type: 1, pin: 'p' });
    const refusal = { reason: 'ServerRtcNotOpen', details: { support: false } };

    expect(im.calls.isSupported).toBe(false);
    await expect(im.calls.start({ uid: bob.id })).rejects.toMatchObject(refusal);
    expect([im.calls.current, await im.calls.devices()]).toEqual([null, []]);

    rings('declined');
    await expect.poll(() => heard).toEqual([`incoming declined ${bob.uid} ringing`]);
    await expect(im.calls.current!.accept()).rejects.toMatchObject(refusal);
    expect(im.calls.current!.state).toBe('ringing');
    im.calls.current!.decline();
    const { content, config } = await bob.events.next('onRosterRTCMessage', ({ isOwn }) => !isOwn);
    expect([content, config]).toMatchObject(['rejected', { action: 'hangup', callId: 'declined' }]);

    rings('missed');
    await expect.poll(() => heard.slice(1)).toEqual(['ended declined declined', `incoming missed ${bob.uid} ringing`]);
    says({ action: 'hangup', callId: 'missed', initiator: bob.id, peerDrop: false }, 'canceled');
    says({ action: 'record', callId: 'missed', initiator: bob.id, peerDrop: false }, 'canceled');
    const record = await events.next('onRosterRTCMessage', (message) => message.config?.['action'] === 'record');
    expect(heard.slice(3)).toEqual(['ended missed peerCanceled']);
    expect(im.calls.readRecord(record)).toMatchObject({ callId: 'missed', isOwn: false, outcome: 'canceled' });
    expect(engine.logged.filter((line) => line.startsWith('error'))).toEqual([]);
    await im.dispose();
  },
  60_000,
);
