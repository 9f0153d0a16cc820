import { performance } from 'node:perf_hooks';
import type { BenchPage, Lab } from './lab.ts';
import { logIn, newPerson, queueMessages } from './people.ts';
import { median } from './page/world.ts';
import { compared } from './report.ts';
import type { Figures } from './report.ts';

const QUEUED = 20_000;
const SENDS = 1000;
const BURST = 200;
const LIVE = 200;
const LIVE_EVERY_MS = 15;

const clock = (): number => performance.timeOrigin + performance.now();

/** The real client in the page, against the dev server in this process. */
export const messagingFigures: readonly ((lab: Lab) => Promise<Figures>)[] = [
  async (lab) => queued(lab, 'fullPath', 1),
  async (lab) => queued(lab, 'fullPathOf20', 20),
  oneByOne,
  burst,
  live,
];

async function queued(lab: Lab, name: string, peers: number): Promise<Figures> {
  const { person, id } = newPerson(lab);
  for (let peer = 0; peer < peers; peer++) {
    queueMessages(lab, newPerson(lab).id, id, QUEUED / peers);
  }
  const page = await lab.open();
  const { ms, distinct, longTask, longestGap } = await page.call('receiveQueued', person, QUEUED);
  await page.close();
  if (distinct !== QUEUED) throw new Error(`${distinct} of ${QUEUED} messages received`);
  const where = peers === 1 ? 'one conversation' : `${peers} conversations`;
  return {
    [name]: {
      label: `20,000 queued messages of ${where}, socket to event`,
      unit: 'messages/s',
      value: (QUEUED / ms) * 1000,
      target: { atLeast: 15_000 },
    },
    [`${name}LongestTask`]: {
      label: '  longest task (0: none above 50)',
      unit: 'ms',
      value: longTask,
      target: { atMost: 50 },
    },
    [`${name}LongestGap`]: {
      label: '  longest wait of a timer',
      unit: 'ms',
      value: longestGap,
      target: { atMost: 50 },
    },
  };
}

async function oneByOne(lab: Lab): Promise<Figures> {
  const peer = newPerson(lab).id;
  const run = async (inMemory: boolean): Promise<{ medianMs: number; frames: number; early: number }> => {
    const page = await lab.open();
    const result = await page.call('sendOneByOne', newPerson(lab).person, peer, SENDS, inMemory);
    await page.close();
    return result;
  };
  const stored = await run(false);
  const bare = await run(true);
  const figure = {
    label: '1,000 sends, one after the other, call to sent',
    unit: 'ms',
    value: stored.medianMs,
    target: { atMost: 4 },
  };
  return {
    send: compared(figure, 'nothing stored', bare.medianMs),
    sendEarly: {
      label: `  of ${stored.frames} frames, left before their row was committed`,
      unit: 'frames',
      value: stored.early,
      target: { atMost: 0 },
    },
  };
}

async function burst(lab: Lab): Promise<Figures> {
  const peer = newPerson(lab).id;
  const page = await lab.open();
  const { ids, sent, ms } = await page.call('sendBurst', newPerson(lab).person, peer, BURST);
  await page.close();
  return {
    burstIds: { label: 'burst of 200 sends: distinct ids', unit: 'ids', value: ids, target: { atLeast: BURST } },
    burstSent: { label: '  emitted as sent', unit: 'events', value: sent, target: { atLeast: BURST } },
    burstMs: { label: '  from the first call to the last sent', unit: 'ms', value: ms },
  };
}

/** The server's write and the page's event have one clock: `performance` counts both from 1970, on one machine. */
async function live(lab: Lab): Promise<Figures> {
  const receiver = newPerson(lab);
  const page = await lab.open();
  await page.call('listenLive', receiver.person);
  const sender = await logIn(newPerson(lab).person);
  const written = new Map<string, number>();
  const { queues } = lab.app;
  const put = queues.put.bind(queues);
  // The item is announced on the socket in the same breath.
  queues.put = (userId, conversation, item) => {
    const { payload } = item.meta as { payload?: { content?: string } };
    if (userId === receiver.id) written.set(payload?.content ?? '', clock());
    put(userId, conversation, item);
  };
  for (let i = 0; i < LIVE; i++) {
    sender.sysManage.sendRosterMessage({ uid: receiver.id, content: `live ${i}` });
    await new Promise((resolve) => setTimeout(resolve, LIVE_EVERY_MS));
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  const offset = await clockOffset(page);
  const received = await page.call('endLive');
  queues.put = put;
  await sender.dispose();
  await page.close();
  const times = received.map(({ content, at }) => at - written.get(content)!);
  return {
    live: {
      label: `live message, server's write to event (${received.length} events)`,
      unit: 'ms',
      value: median(times),
      target: { atMost: 5 },
    },
    liveClock: { label: "  page's clock ahead of the server's", unit: 'ms', value: offset },
    liveEarly: {
      label: '  emitted before they were committed',
      unit: 'messages',
      value: received.filter(({ stored }) => !stored).length,
      target: { atMost: 0 },
    },
  };
}

/** How far the page's clock is ahead, from the fastest of some questions to it. */
async function clockOffset(page: BenchPage): Promise<number> {
  let best = { trip: Infinity, offset: 0 };
  for (let i = 0; i < 50; i++) {
    const before = clock();
    const there = await page.call('clock');
    const trip = clock() - before;
    if (trip < best.trip) best = { trip, offset: there - (before + trip / 2) };
  }
  return best.offset;
}
