import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { IceOptions } from '../../../src/rtc/ice-servers.ts';
import { MediaConnection } from '../../../src/rtc/media-connection.ts';
import { FakeConnection, stubBrowser } from './fake-browser.ts';
import { FakeJanus, PEER, SELF } from './fake-janus.ts';

const ROOM = { room: '9007199254740991', pin: 'the pin', secret: undefined };
const STREAMS = [{ mid: '0' }, { mid: '1' }];
const BOB = { id: PEER, streams: STREAMS };

let janus: FakeJanus;
let ice: IceOptions;
let connection: MediaConnection;
let heard: string[];

beforeEach(() => {
  vi.useFakeTimers();
  stubBrowser();
  janus = new FakeJanus();
  heard = [];
  ice = { iceServers: [] };
  connection = new MediaConnection({
    port: janus.port,
    ice,
    listener: {
      onUp: () => void heard.push('up'),
      onBroken: () => void heard.push('broken'),
      onHealed: () => void heard.push('healed'),
      onLost: ({ reason }) => void heard.push(`lost ${reason}`),
      onPeerLeft: () => void heard.push('peer left'),
      onPeerBack: () => void heard.push('peer back'),
      onError: ({ reason }) => void heard.push(`error ${reason}`),
      onRemoteTracks: (tracks) => void heard.push(`tracks ${Object.keys(tracks).sort().join()}`),
    },
    outgoing: () => ({ audio: null, video: null, screen: undefined }),
    maxBitrate: () => undefined,
  });
  janus.deliver = (content) => connection.handleSignal(content);
});

afterEach(async () => {
  await connection.close();
  await settle();
  expect(vi.getTimerCount()).toBe(0);
  expect(FakeConnection.open()).toEqual([]);
  expect(janus.isOnline ? [...janus.sessions] : []).toEqual([]);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = async (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** Both connections work. */
function rise(): void {
  FakeConnection.open().forEach((open, handle) => {
    open.become('connected');
    janus.say(handle - FakeConnection.open().length, { janus: 'webrtcup' });
  });
}

const become = (state: string): void => FakeConnection.open().forEach((open) => open.become(state));

async function callBob(): Promise<void> {
  janus.publishers = [BOB];
  await connection.join(ROOM);
  await settle();
  rise();
  heard.length = 0;
}

describe('a room', () => {
  test('is private, has a pin and a secret of chance, and is destroyed before the session ends', async () => {
    const { room, pin, secret } = await connection.makeRoom();
    expect(janus.bodies('create')).toMatchObject([
      { room: Number(room), pin, secret, permanent: false, is_private: true, description: '' },
    ]);
    expect([pin.length, secret!.length, pin === secret]).toEqual([16, 16, false]);
    expect(await connection.close()).toBeUndefined();
    expect([...janus.rooms]).toEqual([]);
  });

  test('that could not be destroyed is named at the end', async () => {
    const room = await connection.makeRoom();
    janus.isOnline = false;
    expect(await connection.close()).toEqual(room);
  });

  test('whose session Janus has ended is named at the end', async () => {
    const room = await connection.makeRoom();
    await connection.join(room);
    janus.forget();
    janus.say(-1, { janus: 'timeout' });
    expect(await connection.close()).toEqual(room);
  });

  test('is destroyed when the call ends before Janus has answered', async () => {
    const { deliver } = janus;
    janus.deliver = (content) => (content.includes('created') ? undefined : deliver(content));
    const made = expect(connection.makeRoom()).rejects.toMatchObject({ reason: 'ServerNeedReconnected' });
    for (let turn = 0; janus.bodies('create').length === 0 && turn < 100; turn++) await Promise.resolve();
    await connection.close();
    await made;
    expect(janus.bodies('destroy')).toMatchObject([{ room: janus.bodies('create')[0]!['room'] }]);
    expect([...janus.rooms]).toEqual([]);
  });

  test('is entered under the own id, exactly', async () => {
    await callBob();
    expect(janus.texts.find((text) => text.includes('"request":"join"'))).toContain(`"id":${SELF}`);
    expect(janus.texts.find((text) => text.includes('"request":"join"'))).toContain(`"room":${ROOM.room}`);
  });

  test('in which the own id is taken is entered without one, after 2 s', async () => {
    janus.refuse('join', 436);
    const joined = connection.join(ROOM);
    await settle(1999);
    expect(janus.bodies('join')).toHaveLength(1);
    await settle(1);
    await joined;
    expect(janus.bodies('join')[1]).not.toHaveProperty('id');
  });

  test('that was entered without the own id: the own feed is not subscribed to', async () => {
    janus.refuse('join', 436);
    janus.publishers = [BOB];
    const joined = connection.join(ROOM);
    await settle(2000);
    await joined;
    rise();
    connection.handleOnline(false);
    connection.handleOnline(true);
    await settle(100);
    expect(janus.bodies('listparticipants')).toHaveLength(1);
    const wanted = ['join', 'subscribe'].flatMap((name) => janus.bodies(name).flatMap(({ streams = [] }) => streams));
    expect(wanted).toMatchObject([{ feed: PEER }, { feed: PEER }]);
  });

  test('that refuses the pin rejects', async () => {
    janus.refuse('join', 433);
    await expect(connection.join(ROOM)).rejects.toMatchObject({ reason: 'UserPermissionDenied' });
  });
});

describe('what the other side publishes', () => {
  test('is subscribed to once, however often the room says so', async () => {
    await callBob();
    janus.sayToRoom(0, { publishers: [BOB] });
    janus.sayToRoom(0, { publishers: [{ ...BOB, streams: [...STREAMS, { mid: '2' }, { mid: '3', disabled: true }] }] });
    await settle();
    expect(janus.bodies('join')[1]).toMatchObject({ ptype: 'subscriber', private_id: 7, pin: 'the pin' });
    expect(janus.bodies('subscribe')).toMatchObject([{ streams: [{ feed: PEER, mid: '2' }] }]);
  });

  test('is up when both connections are', async () => {
    janus.publishers = [BOB];
    await connection.join(ROOM);
    await settle();
    FakeConnection.open()[0]!.become('connected');
    janus.say(0, { janus: 'webrtcup' });
    expect(heard).toEqual(['tracks audio,video']);
    FakeConnection.open()[1]!.become('connected');
    janus.say(1, { janus: 'webrtcup' });
    expect(heard).toEqual(['tracks audio,video', 'up']);
  });

  test('may be nothing: who is there after ten seconds counts, and may leave', async () => {
    janus.silent = [{ id: PEER }];
    await connection.join(ROOM);
    rise();
    await settle(9999);
    expect(heard).toEqual([]);
    await settle(1);
    expect(heard).toEqual(['up']);
    janus.sayToRoom(0, { leaving: PEER });
    expect(heard).toEqual(['up', 'peer left']);
  });

  test('may come late: nobody has left meanwhile', async () => {
    janus.silent = [{ id: PEER }];
    await connection.join(ROOM);
    rise();
    await settle(10_000);
    janus.silent = [];
    janus.sayToRoom(0, { publishers: [BOB] });
    await settle();
    rise();
    await settle(60_000);
    expect(heard).toEqual(['up', 'tracks audio,video']);
    janus.sayToRoom(0, { leaving: PEER });
    expect(heard.at(-1)).toBe('peer left');
  });

  test('is nothing while nobody is there', async () => {
    await connection.join(ROOM);
    rise();
    await settle(60_000);
    expect(heard).toEqual([]);
  });

  test('may be nothing, and a session that is made anew knows it', async () => {
    janus.silent = [{ id: PEER }];
    await connection.join(ROOM);
    rise();
    await settle(10_000);
    janus.forget();
    become('failed');
    await settle();
    rise();
    await settle();
    expect(heard).toEqual(['up', 'broken', 'peer left', 'peer back', 'healed']);
    connection.handleOnline(false);
    janus.silent = [];
    connection.handleOnline(true);
    await settle();
    expect(heard.at(-1)).toBe('peer left');
  });

  test('ends, and comes back', async () => {
    await callBob();
    janus.sayToRoom(0, { unpublished: PEER });
    janus.sayToRoom(0, { leaving: PEER });
    expect(heard).toEqual(['peer left']);
    janus.sayToRoom(0, { publishers: [BOB] });
    expect(heard).toEqual(['peer left', 'peer back']);
  });

  test('changes by an offer that nobody asked for', async () => {
    await callBob();
    const streams = [{ type: 'audio', mid: '0', active: true, feed_id: PEER, feed_mid: '0' }];
    janus.sayToRoom(1, { streams }, { jsep: { type: 'offer', sdp: 'v=0' } });
    await settle();
    expect(heard).toEqual(['tracks audio']);
    expect(janus.bodies('start')).toHaveLength(2);
  });
});

describe('a connection that breaks', () => {
  test('and comes back by itself is healed, and gives the other side a whole picture', async () => {
    await callBob();
    become('disconnected');
    await settle(3000);
    become('connected');
    await settle();
    expect(heard).toEqual(['broken', 'healed']);
    expect(janus.bodies('configure').at(-1)).toEqual({ request: 'configure', keyframe: true });
  });

  test('is tried again in both directions at 6, 9, 15 and 27 s', async () => {
    await callBob();
    become('disconnected');
    const restarts: number[] = [];
    for (const ms of [5999, 1, 3000, 6000, 12_000, 60_000]) {
      await settle(ms);
      restarts.push(FakeConnection.open()[0]!.restarts);
    }
    expect(restarts).toEqual([0, 1, 2, 3, 4, 4]);
    expect(janus.bodies('configure').filter(({ restart }) => restart === true)).toHaveLength(4);
  });

  test('and has failed is tried again at once', async () => {
    await callBob();
    FakeConnection.open()[1]!.become('failed');
    await settle();
    expect(heard).toEqual(['broken']);
    expect(FakeConnection.open()[0]!.restarts).toBe(1);
  });

  test.each([
    ['whose session is gone', (): void => janus.forget()],
    ['whose handle is gone', (): void => janus.refuse('configure', 459)],
  ])('%s is made anew in the same room', async (_, spoil) => {
    await callBob();
    spoil();
    become('failed');
    await settle();
    rise();
    await settle();
    expect(heard).toEqual(['broken', 'tracks audio,video', 'healed']);
    expect(FakeConnection.open()).toHaveLength(2);
    expect(janus.bodies('join')).toHaveLength(4);
    janus.sayToRoom(-2, { publishers: [] });
  });

  test.each([
    ['hangup', { janus: 'hangup', reason: 'DTLS alert' }],
    ['detached', { janus: 'detached' }],
  ])('at Janus (%s) is made anew', async (_, event) => {
    await callBob();
    janus.say(0, event);
    await settle();
    rise();
    await settle();
    expect(heard).toEqual(['broken', 'tracks audio,video', 'healed']);
  });

  test('asks the app for servers again, for both directions', async () => {
    let asked = 0;
    ice.iceServers = async () => [{ urls: 'turn:a.test', username: 'u', credential: String(++asked) }];
    ice.iceTransportPolicy = 'relay';
    await callBob();
    expect(asked).toBe(1);
    become('failed');
    await settle();
    const servers = (credential: string) => ({ urls: 'turn:a.test', username: 'u', credential });
    for (const { configurations } of FakeConnection.open())
      expect(configurations).toEqual(
        ['1', '2'].map((credential) => ({ iceServers: [servers(credential)], iceTransportPolicy: 'relay' })),
      );
  });

  test('while the app has no servers is tried again later', async () => {
    await callBob();
    ice.iceServers = async () => Promise.reject(new Error('turn:1.2.3.4'));
    become('failed');
    await settle();
    expect(FakeConnection.open()[0]!.restarts).toBe(0);
    ice.iceServers = [];
    await settle(60_000);
    expect(FakeConnection.open()[0]!.restarts).toBeGreaterThan(0);
    expect(heard).toEqual(['broken']);
  });

  test('that Janus closes without a word is made anew when the session is gone', async () => {
    await callBob();
    FakeConnection.open()[0]!.closeByPeer();
    await settle();
    expect(heard).toEqual([]);
    janus.forget();
    FakeConnection.open()[0]!.closeByPeer();
    await settle();
    rise();
    await settle();
    expect(heard).toEqual(['broken', 'tracks audio,video', 'healed']);
  });

  test('in a room that is gone is lost', async () => {
    await callBob();
    janus.forget();
    janus.refuse('join', 426);
    become('failed');
    await settle();
    expect(heard).toEqual(['broken', 'lost NotFound']);
  });

  test('before it was up is not repaired', async () => {
    janus.publishers = [BOB];
    await connection.join(ROOM);
    await settle();
    heard.length = 0;
    FakeConnection.open()[0]!.become('failed');
    await settle(60_000);
    expect(heard).toEqual(['lost ServerConnectFailed']);
  });
});

describe('the client', () => {
  test('that is away for less than 3 s costs nothing, and hears what it missed', async () => {
    await callBob();
    connection.handleOnline(false);
    await settle(2999);
    janus.publishers = [];
    connection.handleOnline(true);
    await settle();
    expect(heard).toEqual(['peer left']);
    expect(janus.bodies('listparticipants')).toHaveLength(1);
  });

  test('that is away in the middle of a subscription takes it up again', async () => {
    janus.publishers = [];
    await connection.join(ROOM);
    janus.isOnline = false;
    janus.sayToRoom(0, { publishers: [BOB] });
    await settle();
    janus.publishers = [BOB];
    janus.isOnline = true;
    connection.handleOnline(true);
    await settle();
    expect(janus.bodies('join').at(-1)).toMatchObject({ ptype: 'subscriber', streams: [{ feed: PEER }] });
    expect(heard.filter((what) => what.startsWith('error'))).toEqual([]);
  });

  test('that is away for longer is reconnecting, and media goes on', async () => {
    await callBob();
    connection.handleOnline(false);
    janus.isOnline = false;
    await settle(20_000);
    expect(heard).toEqual(['broken']);
    janus.isOnline = true;
    connection.handleOnline(true);
    await settle();
    expect(heard).toEqual(['broken', 'healed']);
    expect(FakeConnection.open()[0]!.restarts).toBe(0);
  });

  test('that was put out of the room does not come back', async () => {
    await callBob();
    janus.sayToRoom(0, { leaving: 'ok', reason: 'kicked' });
    await settle(60_000);
    expect(heard).toEqual(['lost UserPermissionDenied']);
    expect(FakeConnection.all).toHaveLength(2);
  });

  test('whose room was destroyed waits for the message that says why', async () => {
    await callBob();
    janus.sayToRoom(0, { videoroom: 'destroyed' });
    janus.say(0, { janus: 'hangup' });
    janus.say(1, { janus: 'hangup' });
    await settle(60_000);
    expect(heard).toEqual(['peer left']);
  });

  test('that missed the end of the room waits for it, too', async () => {
    await callBob();
    for (const open of FakeConnection.open()) {
      janus.refuse('listparticipants', 426);
      open.closeByPeer();
    }
    await settle(60_000);
    expect(heard).toEqual(['peer left']);
  });

  test('gets a new session while it rings, when Janus has lost the one of the room', async () => {
    const room = await connection.makeRoom();
    janus.forget();
    connection.handleOnline(true);
    await settle();
    janus.publishers = [BOB];
    await connection.join(room);
    await settle();
    rise();
    expect(heard).toEqual(['tracks audio,video', 'up']);
  });
});

test('a browser that finds no way from here has failed at once', async () => {
  await connection.join(ROOM);
  const [sending] = FakeConnection.open();
  sending!.onicecandidate!({ candidate: null });
  await settle();
  expect(heard).toEqual(['lost ServerConnectFailed']);
});

test('servers that the browser or the app refuses are named nowhere', async () => {
  vi.stubGlobal('RTCPeerConnection', function refuse() {
    throw new Error('turn:1.2.3.4 is bad');
  });
  const error = await connection.join(ROOM).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ reason: 'InvalidParam' });
  expect(String(error)).not.toContain('1.2.3.4');
});
