// The sequence of a deployed app, which knows the 17 names of `rtcManage` and messages, in both directions.
import { afterEach, expect, test } from 'vitest';
import { closePhones, openCallWorld } from '../../support/call-world.ts';
import type { Phone } from '../../support/call-world.ts';

afterEach(closePhones);

/** What a deployed app does with calls. */
function deployedApp(phone: Phone, peer: string) {
  const { client, uid } = phone;
  const { rtcManage } = client;
  const log: string[] = [];
  const app = { log, ring: undefined as Record<string, unknown> | undefined, callId: '', call, accept, hangUp };
  client.on('onRosterRTCMessage', ({ config = {}, isOwn, content, isHistory }) => {
    const { action } = config;
    if (isOwn || isHistory) return;
    if (action === 'call' && rtcManage.getInCallStatus())
      send({ action: 'hangup', callId: config['callId'], initiator: config['initiator'] }, 'busy');
    else if (action === 'call') app.ring = config;
    else if (action === 'pickup') rtcManage.joinRoom();
    else if (action === 'hangup') {
      log.push(`peer hung up: ${content}`);
      rtcManage.destroy();
    }
  });
  const send = (config: object, content: string): void =>
    void rtcManage.sendRTCMessage({ uid: peer, content, config: JSON.stringify(config) });
  const params = (isCaller: boolean) => ({
    ...{
      server: 'wss://rtc',
      id: uid,
      caller: isCaller,
      receiver: peer,
      hasVideo: true,
      hasAudio: true,
      width: 360,
      height: 640,
    },
    attachStream: (_: unknown, kind: string, isLocal: boolean) => log.push(`${isLocal ? 'own' : 'their'} ${kind}`),
    getThrough: () => log.push('through'),
    hangupCall: (active: boolean, isTimeout: boolean, peerDrop: boolean) => {
      log.push(`hangupCall ${active} ${isTimeout} ${peerDrop}`);
      hangUp(isTimeout ? 'timeout' : '1000', peerDrop);
    },
    getHangUpStatus: () => false,
  });
  function call(): void {
    app.callId = `${uid}_1`;
    rtcManage.initRTCEngine({ ...params(true), roomId: 0, secret: 's', pin: 'p', callId: app.callId });
  }
  function accept(): void {
    const { roomId, pin, callId } = app.ring!;
    app.callId = callId as string;
    rtcManage.initRTCEngine({ ...params(false), roomId, pin, callId, secret: '' });
  }
  function hangUp(content: string, peerDrop = false): void {
    const initiator = app.ring ? app.ring['initiator'] : Number(uid);
    send({ action: 'hangup', callId: app.callId, initiator, peerDrop }, content);
    rtcManage.leaveRoom();
    rtcManage.destroy();
  }
  return app;
}

async function open() {
  const world = openCallWorld();
  const [alice, bob] = [await world.openPhone('alice'), await world.openPhone('bob')];
  return { ...world, alice, bob };
}

test.each(['the caller', 'the callee'])('a deployed app calls a deployed app, and %s hangs up', async (who) => {
  const { alice, bob, advance, chat } = await open();
  const [caller, callee] = [deployedApp(alice, bob.uid), deployedApp(bob, alice.uid)];
  caller.call();
  await advance(10);
  expect(alice.client.rtcManage.getInCallStatus()).toBe(true);
  expect(bob.client.rtcManage.getInCallStatus()).toBe(false);
  callee.accept();
  await advance(10);
  expect(alice.media().log).toEqual(['devices video', 'makes a room', 'joins 4711 the pin']);
  expect(bob.media().log).toEqual(['devices video', 'joins 4711 the pin']);
  for (const phone of [alice, bob]) phone.media().listener.onUp();
  expect([caller.log, callee.log]).toEqual([
    ['through', 'own video'],
    ['through', 'own video'],
  ]);
  expect(alice.client.calls.current).toMatchObject({ id: caller.callId, state: 'connected' });
  (who === 'the caller' ? caller : callee).hangUp('1000');
  await advance(10);
  expect([alice, bob].map(({ client }) => client.rtcManage.getInCallStatus())).toEqual([false, false]);
  expect([alice, bob].map((phone) => phone.media().isClosed)).toEqual([true, true]);
  expect(chat('alice', 'bob')).toEqual([
    'alice: call',
    'bob: pickup',
    `${who === 'the caller' ? 'alice' : 'bob'}: hangup 1000`,
    'alice: record 1000',
  ]);
});

test('a deployed app calls, and im.calls answers; and the reverse', async () => {
  const { alice, bob, advance, chat } = await open();
  const app = deployedApp(alice, bob.uid);
  app.call();
  await advance(10);
  await bob.current().accept();
  await advance(10);
  for (const phone of [alice, bob]) phone.media().listener.onUp();
  bob.current().hangUp();
  await advance(10);
  expect(app.log).toEqual(['through', 'own video', 'peer hung up: 0']);
  const call = await bob.client.calls.start({ uid: alice.uid });
  await advance(10);
  app.accept();
  await advance(10);
  expect(call.state).toBe('connecting');
  app.hangUp('rejected');
  await advance(10);
  expect(call.reason).toBe('peerHungUp');
  expect(chat('alice', 'bob').filter((words) => words.includes('record'))).toHaveLength(2);
});

test('nobody answers a deployed app: hangupCall(true, true), and one record', async () => {
  const { alice, bob, advance, chat } = await open();
  const app = deployedApp(alice, bob.uid);
  app.call();
  await advance(60_100);
  expect(app.log).toEqual(['hangupCall true true false']);
  expect(chat('alice', 'bob')).toEqual(['alice: call', 'alice: hangup timeout', 'alice: record timeout']);
});

test('a peer that vanishes: hangupCall(true, false, true), and the record of who noticed it', async () => {
  const { alice, bob, advance, chat } = await open();
  const [caller, callee] = [deployedApp(alice, bob.uid), deployedApp(bob, alice.uid)];
  caller.call();
  await advance(10);
  callee.accept();
  await advance(10);
  for (const phone of [alice, bob]) phone.media().listener.onUp();
  bob.media().listener.onPeerLeft();
  await advance(5000);
  expect(callee.log.slice(-1)).toEqual(['hangupCall true false true']);
  expect(chat('alice', 'bob').slice(2)).toEqual(['bob: hangup 1000 drop', 'bob: record 1000 drop']);
});

test('devices that are refused: hangupCall(true) and flooError', async () => {
  const { alice, bob, advance } = await open();
  const app = deployedApp(alice, bob.uid);
  const errors: unknown[] = [];
  alice.client.on('flooError', (error) => errors.push(error));
  alice.plan.failures.takeDevices = alice.port.createError('UserPermissionDenied', 'no');
  app.call();
  await advance(10);
  expect(app.log).toEqual(['hangupCall true false false']);
  expect(errors).toHaveLength(1);
  expect(alice.client.rtcManage.getInCallStatus()).toBe(false);
});

test('a deployed app in a call says busy by itself, once', async () => {
  const { alice, bob, carol, advance, chat } = await open();
  const app = deployedApp(alice, carol.id);
  app.call();
  await advance(10);
  const config = { action: 'call', callId: 'x', roomId: 1, initiator: Number(carol.id), type: 1, pin: 'p' };
  await carol.says('', { to: 'alice', type: 'rtc', config });
  await advance(500);
  expect(chat('alice', 'carol')).toEqual(['alice: call', 'carol: call', 'alice: hangup busy']);
  expect(bob.heard).toEqual([]);
});

test('without a call the names do nothing', async () => {
  const { alice } = await open();
  const { rtcManage } = alice.client;
  rtcManage.joinRoom();
  rtcManage.leaveRoom();
  rtcManage.publish('x', true, true, 0, 0);
  rtcManage.unPublish();
  rtcManage.subscribe([]);
  rtcManage.unSubscribe(1);
  rtcManage.muteLocalAudio(true);
  rtcManage.muteLocalVideo(true);
  rtcManage.muteRemoteAudio({}, true);
  rtcManage.muteRemoteVideo({}, true);
  rtcManage.destroy();
  expect([rtcManage.getJanusObject(), rtcManage.getPublishHandler(), rtcManage.getSubscribeHandler()]).toEqual([
    null,
    null,
    null,
  ]);
  expect(rtcManage.getInCallStatus()).toBe(false);
  expect(alice.plan.made).toEqual([]);
});
