// What the client passes to calls and takes from them. The calls themselves are another bundle.
import { afterEach, expect, test } from 'vitest';
import { createClient } from '../../../src/entries/node.ts';
import type { CallPort, CallsEngine, CallsPlugin, FlooClient } from '../../../src/entries/node.ts';
import { openMemoryServer } from '../../../testkit/src/test-server.ts';

interface Recorded {
  readonly port: CallPort;
  readonly heard: string[];
}

/** Calls that only write down what they hear. */
function recordingCalls(): { plugin: CallsPlugin<Recorded>; made: Recorded[] } {
  const made: Recorded[] = [];
  const create = (port: CallPort): CallsEngine<Recorded> => {
    const heard: string[] = [];
    const calls = { port, heard };
    made.push(calls);
    return {
      calls,
      rtcManage: {
        ...{ initRTCEngine: () => undefined, joinRoom: () => undefined, leaveRoom: () => undefined },
        ...{ publish: () => undefined, unPublish: () => undefined, subscribe: () => undefined },
        ...{ unSubscribe: () => undefined, muteLocalAudio: () => undefined, muteLocalVideo: () => undefined },
        ...{ muteRemoteAudio: () => undefined, muteRemoteVideo: () => undefined },
        destroy: () => void heard.push('destroy'),
        ...{ getJanusObject: () => null, getPublishHandler: () => null, getSubscribeHandler: () => null },
        getInCallStatus: () => true,
      },
      handleSignal: (content) => void heard.push(`signal ${content}`),
      handleMessage: ({ content, config, isOwn, arrival }) =>
        void heard.push(`${String(config?.['action'])} "${content}" ${isOwn ? 'own' : 'received'} ${arrival}`),
      handleOnline: (isOnline) => void heard.push(isOnline ? 'online' : 'offline'),
      handleSessionEnd: () => void heard.push('session ends'),
      dispose: () => void heard.push('disposed'),
    };
  };
  return { plugin: { create }, made };
}

const clients: FlooClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map(async (client) => client.dispose()));
});

async function start() {
  const memory = openMemoryServer();
  const { server } = memory;
  const [alice, bob] = [server.addUser('alice'), server.addUser('bob')];
  server.befriend('alice', 'bob');
  const { plugin, made } = recordingCalls();
  const client = createClient({ ...server.clientOptions(), rtc: plugin });
  clients.push(client);
  await client.login(alice.credentials);
  await server.settled();
  return { ...memory, alice, bob, client, calls: made[0]!, plugin };
}

test('the calls are on the client, and rtcManage is theirs', async () => {
  const { client, calls } = await start();
  expect(client.calls).toBe(calls);
  expect(client.rtcManage.getInCallStatus()).toBe(true);
  expect(calls.heard).toEqual(['online']);
  expect(calls.port.self()).toBe(String(client.userManage.getUid()));
});

test('messages of calls come to them: received ones, and own ones when the server has them', async () => {
  const { server, bob, calls, client } = await start();
  const uid = String(client.userManage.getUid());
  const { acknowledged } = calls.port.sendMessage(bob.id, {
    content: '',
    config: { action: 'call', callId: 'c' },
  });
  const message = await acknowledged;
  expect(message).toMatchObject({ isOwn: true, to: bob.id, config: { action: 'call' } });
  await bob.says('', { to: uid, type: 'rtc', config: { action: 'pickup', callId: 'c' } });
  await server.settled();
  expect(calls.heard.slice(1)).toEqual(['call "" own live', 'pickup "" received live']);
});

test('a message that is refused rejects, and costs nothing else', async () => {
  const { core, bob, calls } = await start();
  core.faults.refuseSend({ code: 12, reason: 'no' });
  const { acknowledged } = calls.port.sendMessage(bob.id, { content: '', config: { action: 'call' } });
  await expect(acknowledged).rejects.toMatchObject({ statusCode: 12 });
});

test('a signal without a media server is refused', async () => {
  const { calls } = await start();
  const server = calls.port.mediaServer()!;
  expect(server).toMatch(/^ws:/);
  await expect(calls.port.sendSignal('{}', server)).rejects.toMatchObject({ reason: 'ServerRtcNotOpen' });
});

test('they hear that the connection goes and comes, and that the session ends', async () => {
  const { server, client, calls } = await start();
  server.device('device').goOffline();
  await server.settled();
  server.device('device').goOnline();
  await server.clock.advance(5000);
  await client.logout();
  await client.dispose();
  // Before the logout, too, while the media server can hear of it.
  const ends = ['session ends', 'offline', 'session ends', 'disposed'];
  expect(calls.heard).toEqual(['online', 'offline', 'online', ...ends]);
});

test('an option rtc that makes no calls is refused', () => {
  expect(() => createClient({ rtc: {} as never })).toThrow(/InvalidParam/);
});
