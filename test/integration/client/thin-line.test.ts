/** A line of 64 kbit/s with 400 ms each way, which loses two segments in a hundred: slow is not dead, and nothing makes it worse. */
import { expect, test } from 'vitest';
import { FrameCommand } from 'flooim/wire';
import { newPerson, queueMessages } from '../../bench/data/people.ts';
import { resolveOptions } from '../../../src/options.ts';
import { createDevice } from '../../support/client-device.ts';
import type { Device } from '../../support/client-device.ts';
import { quiet, until } from '../../support/client-events.ts';
import type { EventRecord } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/client-world.ts';
import type { World } from '../../support/client-world.ts';
import { bytesOf } from '../../support/file-bytes.ts';
import { createSlowLink } from '../../support/slow-link.ts';
import { numbers } from './message-order.ts';

const THIN = { delayMs: 400, bytesPerSecond: 8000, loss: 0.02 };
const WITHIN_MS = 30_000;

/** A device whose uploads go to another host: the dev server names its own. */
function deviceBehind(host: string, own: string): Device {
  const device = createDevice();
  const { files } = device.platform;
  const upload: typeof files.upload = (request, onProgress) =>
    files.upload({ ...request, url: request.url.replace(own, host) }, onProgress);
  return { ...device, platform: { ...device.platform, files: { ...files, upload } } };
}

/** The requests of a user, by what they ask for, with how often each came. */
function requestsOf(world: World, uid: number): { sends: Map<string, number>; pages: Map<string, number> } {
  const sends = new Map<string, number>();
  const pages = new Map<string, number>();
  for (const { frame } of world.server.admin.receivedFrames({ uid })) {
    if (frame?.command !== FrameCommand.SYNC) continue;
    const { meta, xid, key = '0' } = frame.payload!;
    const [counts, name] = meta ? [sends, meta.id!] : [pages, `${xid?.uid} ${key}`];
    if (meta || key !== '0') counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return { sends, pages };
}

const mostOften = (counts: Map<string, number>): number => Math.max(0, ...counts.values());

async function story(transport: 'raw' | 'socket.io', seed: number): Promise<void> {
  const world = await startWorld();
  const own = new URL(world.server.dnsUrl).host;
  const link = await createSlowLink(own, { ...THIN, seed });
  world.cleanup(() => link.close());
  world.server.admin.setDns({ extraHosts: [link.host] });
  const id = await world.register('alice');
  for (let peer = 0; peer < 20; peer++) queueMessages(world, newPerson(world).id, id, 10);
  const bob = await world.member('bob');
  const device = deviceBehind(link.host, own);
  const { requestTimeoutMs, connectTimeoutMs, answerTimeoutMs, backoff } = resolveOptions({}, device.platform, false);
  const { client, events } = world.client(
    {
      ...{ requestTimeoutMs, connectTimeoutMs, answerTimeoutMs, backoff, transport, logLevel: 'off' },
      dnsServer: world.server.dnsUrl.replace(own, link.host),
    },
    device,
  );
  const wait = async (ready: () => boolean, what: string): Promise<void> => until(ready, what, WITHIN_MS);
  const textsOf = (record: EventRecord, sender?: string): string[] =>
    record
      .all('onRosterMessage')
      .filter(({ from }) => (sender ? from === sender : from !== String(id)))
      .map(({ content }) => content);
  const fromBob = (): string[] => textsOf(events, bob.uid);
  const heardByBob = (): string[] => textsOf(bob.events, String(id));
  const sent = (): number =>
    events.all('onSendingMessageStatusChanged').filter(({ status }) => status === 'sent').length;

  // A login whose pages fill the line, and a chat and an upload meanwhile.
  await client.login({ name: 'alice', password: PASSWORD });
  client.sysManage.sendRosterMessage({ uid: bob.id, file: new Blob([bytesOf(30_000)]) });
  for (const content of numbers(5)) {
    client.sysManage.sendRosterMessage({ uid: bob.id, content });
    bob.client.sysManage.sendRosterMessage({ uid: id, content });
  }
  await wait(() => textsOf(events).length === 205, 'every message to come');
  await wait(() => sent() === 6 && heardByBob().length === 6, 'every message and the file to be sent');
  expect(fromBob()).toEqual(numbers(5));
  expect(heardByBob().filter(Boolean)).toEqual(numbers(5));
  const first = requestsOf(world, id);
  expect([mostOften(first.sends), mostOften(first.pages)]).toEqual([1, 1]);

  // A socket that is lost between sends and their answers.
  for (const content of numbers(10).slice(5)) {
    client.sysManage.sendRosterMessage({ uid: bob.id, content });
    bob.client.sysManage.sendRosterMessage({ uid: id, content });
  }
  await wait(() => requestsOf(world, id).sends.size > 8, 'some sends to arrive');
  expect(events.all('disconnected')).toEqual([]);
  link.cut();
  await wait(() => sent() === 11 && fromBob().length === 10, 'everything after the cut');
  await wait(() => heardByBob().length === 11, 'everything at the other side');
  expect(fromBob()).toEqual(numbers(10));
  expect(heardByBob().filter(Boolean)).toEqual(numbers(10));
  const second = requestsOf(world, id);
  expect(mostOften(second.sends)).toBeLessThanOrEqual(2);
  expect(mostOften(second.pages)).toBeLessThanOrEqual(2);

  // Signs of life are asked for meanwhile.
  const { up, connections } = link.carried;
  await quiet(6000);
  expect(link.carried.connections).toBe(connections);
  expect(link.carried.up - up).toBeLessThan(300);
  expect(events.all('disconnected')).toHaveLength(1);
  expect(events.all('flooError')).toEqual([]);
  expect(device.openSockets()).toBe(1);
}

test(
  'login, chat, an upload and a lost socket: nothing is sent or asked for twice but what the cut lost',
  { timeout: 90_000 },
  async () => {
    await Promise.all([story('socket.io', 1), story('raw', 2)]);
  },
);
