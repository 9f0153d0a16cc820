import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { MetaNameSpace, RtcSignalType, StatusErrorCode } from 'flooim/wire';
import type { IRtcSignal, SyncDown } from 'flooim/wire';
import type { BareClient } from '../../support/bare-client.ts';
import { startJanus, whyNoJanus } from '../../../devserver/src/node/janus.ts';
import { APP_ID, startRoom } from './harness.ts';
import type { Room } from './harness.ts';

/** A media server that remembers what it gets and says what a test wants. */
interface MediaServer {
  readonly url: string;
  readonly received: string[];
  readonly sockets: Set<WebSocket>;
  say(text: string): void;
}

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function startMediaServer(): Promise<MediaServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'janus-protocol' });
  cleanups.push(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const received: string[] = [];
  const sockets = new Set<WebSocket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('message', (data) => received.push(String(data)));
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    sockets,
    say: (text) => sockets.forEach((socket) => socket.send(text)),
  };
}

let mids = 100;

async function signal(client: BareClient, room: Room, content: string, given: Partial<IRtcSignal> = {}) {
  const payload = {
    type: RtcSignalType.VIDEO_ROOM,
    content,
    media_server: room.server.url.replace('http', 'ws'),
    ...given,
  };
  return client.sendMeta({ id: String(mids++), ns: MetaNameSpace.RTC_SIGNAL, payload });
}

const contentOf = ({ metas }: SyncDown): string => (metas![0]!.payload as IRtcSignal).content!;
const nextSignal = async (client: BareClient): Promise<SyncDown> =>
  client.nextSync((page) => page.metas?.[0]?.ns === MetaNameSpace.RTC_SIGNAL);

async function startWithMedia(options: { rtcGraceMs?: number } = {}) {
  const media = await startMediaServer();
  const room = await startRoom({ janus: media.url, ...options });
  const alice = await room.user('alice');
  return { media, room, alice, client: await alice.device() };
}

describe('signals', () => {
  test('go to the media server as they are, and its texts come back to that device alone', async () => {
    const { media, room, alice, client } = await startWithMedia();
    const other = await alice.device('another device');
    const unread = await client.unread();
    const text = '{"janus":"attach","session_id":9000000000000000123, "pin":"p1"}';
    expect((await signal(client, room, text)).status).toMatchObject({ code: StatusErrorCode.OK });
    await expect.poll(() => media.received).toEqual([text]);
    media.say('{"id":9000000000000000123}');
    const page = await nextSignal(client);
    expect(contentOf(page)).toBe('{"id":9000000000000000123}');
    expect(page).toMatchObject({ xid: null, next_key: '0', is_eager_sync: true });
    expect(page.metas![0]!.to).toMatchObject({ uid: String(alice.id), deviceSN: client.deviceSN });
    expect(await client.unread()).toEqual(unread);
    expect(other.inbox.filter(({ payload }) => (payload as SyncDown).metas?.length)).toEqual([]);
    expect(JSON.stringify(room.server.admin.relayedSignals())).not.toContain('p1');
  });

  test('name the media server of DNS, or are refused', async () => {
    const { media, room, client } = await startWithMedia();
    const wrong = await signal(client, room, '{}', { media_server: 'http://127.0.0.1:1' });
    expect(wrong.status?.code).toBe(StatusErrorCode.INVALID_PARAMETER);
    expect(media.sockets.size).toBe(0);
  });

  test('without a media server are refused, and one that is away costs the socket nothing', async () => {
    const without = await startRoom();
    const bob = await (await without.user('bob')).device();
    expect((await signal(bob, without, '{}')).status).toMatchObject({
      code: StatusErrorCode.FAIL,
      reason: 'rtc not open',
    });
    const away = await startRoom({ janus: 'ws://127.0.0.1:1' });
    const carol = await (await away.user('carol')).device();
    expect((await signal(carol, away, '{}')).status).toMatchObject({
      code: StatusErrorCode.FAIL,
      reason: 'rtc unavailable',
    });
    expect(await carol.unread()).toEqual({});
  });

  test('wait for a device whose socket is lost, and not for one that is logged out', async () => {
    const { media, room, alice, client } = await startWithMedia({ rtcGraceMs: 60_000 });
    await signal(client, room, '{"a":1}');
    room.server.admin.dropSockets();
    await client.closed;
    media.say('first');
    media.say('second');
    const again = await alice.device();
    expect([contentOf(await nextSignal(again)), contentOf(await nextSignal(again))]).toEqual(['first', 'second']);
    expect(media.sockets.size).toBe(1);
    room.server.admin.kick({ uid: alice.id, type: 2 });
    await expect.poll(() => media.sockets.size).toBe(0);
  });

  test('end with the time that a lost device has', async () => {
    const { media, room, client } = await startWithMedia({ rtcGraceMs: 20 });
    await signal(client, room, '{"a":1}');
    room.server.admin.dropSockets();
    await expect.poll(() => media.sockets.size).toBe(0);
    expect(room.server.admin.relayedSignals().lines).toBe(0);
  });

  test('end with the last session of the device at the media server', async () => {
    const { media, room, client } = await startWithMedia();
    const says = async (request: string, answer: string): Promise<void> => {
      await signal(client, room, request);
      media.say(answer);
      await nextSignal(client);
    };
    await says('{"janus":"create","transaction":"a"}', '{"janus":"success","transaction":"a","data":{"id":7}}');
    await says(
      '{"janus":"claim","session_id":8,"transaction":"b"}',
      '{"janus":"success","session_id":8,"transaction":"b"}',
    );
    await says(
      '{"janus":"destroy","session_id":7,"transaction":"c"}',
      '{"janus":"success","session_id":7,"transaction":"c"}',
    );
    expect(room.server.admin.relayedSignals().lines).toBe(1);
    media.say('{"janus":"timeout","session_id":8}');
    await nextSignal(client);
    await expect.poll(() => media.sockets.size).toBe(0);
    await says('{"janus":"create","transaction":"d"}', '{"janus":"success","transaction":"d","data":{"id":9}}');
    expect(room.server.admin.relayedSignals().lines).toBe(1);
  });

  test('are refused, dropped, doubled and cut as tests want', async () => {
    const { media, room, client } = await startWithMedia();
    const { admin } = room.server;
    admin.refuseSignals({ code: StatusErrorCode.RATE_LIMIT_EXCEEDED });
    expect((await signal(client, room, 'x')).status?.code).toBe(StatusErrorCode.RATE_LIMIT_EXCEEDED);
    admin.loseSignals({ direction: 'up', effect: 'drop' });
    expect((await signal(client, room, 'dropped')).status?.code ?? 0).toBe(StatusErrorCode.OK);
    admin.loseSignals({ direction: 'up', effect: 'duplicate' });
    await signal(client, room, 'twice');
    await expect.poll(() => media.received).toEqual(['twice', 'twice']);
    admin.setSignals({ xid: 'own', eager: false });
    media.say('{}');
    expect(await nextSignal(client)).toMatchObject({ xid: { uid: client.uid }, is_eager_sync: false });
    expect(admin.cutRelay()).toBe(1);
    await expect.poll(() => media.sockets.size).toBe(0);
  });

  test('have no media server when DNS names none', async () => {
    const { room } = await startWithMedia();
    const clusters = async (): Promise<unknown> => {
      const { data } = await room.rest('/v2/app_dns', { query: { app_id: APP_ID } });
      return data.dns_list[0].clusters[0].rtc;
    };
    expect(await clusters()).toHaveLength(1);
    room.server.admin.setDns({ rtc: 'empty' });
    expect(await clusters()).toEqual([]);
    room.server.admin.setDns({ rtc: 'absent' });
    expect(await clusters()).toBeUndefined();
  });
});

const reason = whyNoJanus();

test.skipIf(reason !== undefined)(
  `a real Janus makes a session and a handle through the relay${reason ? ` (${reason})` : ''}`,
  async () => {
    const janus = await startJanus();
    try {
      const room = await startRoom({ janus: janus.url });
      const client = await (await room.user('alice')).device();
      await signal(client, room, '{"janus":"create","transaction":"t1"}');
      const created = contentOf(await nextSignal(client));
      expect(created).toMatch(/"janus": ?"success".*"transaction": ?"t1"/);
      const session = /"id": ?(\d+)/.exec(created)![1]!;
      const attach = `{"janus":"attach","plugin":"janus.plugin.videoroom","session_id":${session},"transaction":"t2"}`;
      await signal(client, room, attach);
      expect(contentOf(await nextSignal(client))).toMatch(/"janus": ?"success".*"transaction": ?"t2"/);
    } finally {
      await janus.stop();
    }
  },
);
