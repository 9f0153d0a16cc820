import { expect, test } from 'vitest';
import type { CallPort } from '../../../src/call-port.ts';
import type { Tabs } from '../../../src/platform/ports.ts';
import type { SharedCall } from '../../../src/rtc/call-model.ts';
import { TabShare } from '../../../src/rtc/tab-share.ts';
import { createMemoryTabs } from '../../../testkit/src/memory-tabs.ts';
import { fake } from '../../support/fakes.ts';

const CALL = fake<SharedCall>({ id: 'c', state: 'connected' });

function openTab(tabs: Tabs | undefined) {
  const heard: string[] = [];
  const timers = new Map<object, () => void>();
  const clock: CallPort['clock'] = {
    now: () => 0,
    setTimeout: (run) => {
      const timer = {};
      timers.set(timer, run);
      return timer;
    },
    clearTimeout: (timer) => void timers.delete(timer as object),
  };
  const port = fake<CallPort>({
    clock,
    openChannel: (onMessage: (message: unknown) => void) => tabs?.open('calls', onMessage),
    lock: (name: string, how: 'try' | 'wait') => tabs?.lock(name, how),
  });
  const share = new TabShare({
    port,
    own: () => undefined,
    ringing: () => undefined,
    onCall: ({ id, state }) => void heard.push(`${id} ${state}`),
    onRings: () => undefined,
    onHangUp: (callId) => void heard.push(`hang up ${callId}`),
    onGone: () => void heard.push('gone'),
  });
  share.open();
  return { share, heard, timers };
}

const settle = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('one tab takes the call, and another one when it was given back', async () => {
  const tabs = createMemoryTabs();
  const [one, two] = [openTab(tabs), openTab(tabs)];
  expect([await one.share.take(), await two.share.take()]).toEqual([true, false]);
  // It is still this tab's.
  expect(await one.share.take()).toBe(true);
  one.share.release();
  expect(await two.share.take()).toBe(true);
});

test('a browser that gives a lock back a moment later', async () => {
  const tabs = createMemoryTabs();
  const lazy: Tabs = {
    ...tabs,
    lock: (name, how) => {
      const lock = tabs.lock(name, how);
      return { ...lock, release: () => void Promise.resolve().then(() => lock.release()) };
    },
  };
  const { share } = openTab(lazy);
  expect(await share.take()).toBe(true);
  share.release();
  expect(await share.take()).toBe(true);
});

test('where there are no tabs, each has its calls', async () => {
  const [one, two] = [openTab(undefined), openTab(undefined)];
  expect([await one.share.take(), await two.share.take()]).toEqual([true, true]);
  one.share.share(CALL);
  let isRun = false;
  one.share.inOneTab('x', () => (isRun = true));
  expect([isRun, one.timers.size, two.heard]).toEqual([true, 0, []]);
});

test('the end of the tab that has the call is noticed by all that show it; the end of its call is not', async () => {
  const tabs = createMemoryTabs();
  const all = [openTab(tabs), openTab(tabs), openTab(tabs)] as const;
  const [one, ...others] = all;
  one.share.share(CALL);
  await settle();
  one.share.share({ ...CALL, state: 'ended' });
  await settle();
  one.share.close();
  await settle();
  expect(others.map(({ heard }) => heard)).toEqual(Array(2).fill(['c connected', 'c ended']));
  const next = openTab(tabs);
  next.share.share(CALL);
  await settle();
  next.share.close();
  await settle();
  for (const { heard } of others) expect(heard.slice(2)).toEqual(['c connected', 'gone']);
});

test('what one tab does is not done again for ten seconds, and nothing of it is left at the end', async () => {
  const tabs = createMemoryTabs();
  const [one, two] = [openTab(tabs), openTab(tabs)];
  let times = 0;
  for (const { share } of [one, two, one]) share.inOneTab('busy c', () => times++);
  await settle();
  expect(times).toBe(1);
  one.share.close();
  two.share.close();
  expect([one.timers.size, two.timers.size]).toEqual([0, 0]);
  expect(await tabs.lock('busy c', 'try').isHeld).toBe(true);
});
