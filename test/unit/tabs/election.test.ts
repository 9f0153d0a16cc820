import { expect, test } from 'vitest';
import { Election } from '../../../src/tabs/election.ts';
import { createMemoryTabs } from '../../../testkit/src/memory-tabs.ts';

/** Tabs that take part, and what happened to them. */
function createTabs() {
  const tabs = createMemoryTabs();
  const happened: string[] = [];
  const tab = (id: string): Election =>
    new Election({
      ...{ tabs, name: 'user', id },
      onElected: () => happened.push(`${id} elected`),
      onDeposed: () => happened.push(`${id} deposed`),
    });
  return { tab, happened };
}
const settle = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test('the first tab leads, and the others follow in the order in which they came', async () => {
  const { tab, happened } = createTabs();
  const [first, second, third] = [tab('1'), tab('2'), tab('3')];
  expect([await first.enter(), await second.enter(), await third.enter()]).toEqual([true, false, false]);
  first.leave();
  await settle();
  expect(happened).toEqual(['2 elected']);
  expect([first.isLeading, second.isLeading, third.isLeading]).toEqual([false, true, false]);
  second.leave();
  await settle();
  expect(happened).toEqual(['2 elected', '3 elected']);
});

test('a tab that gives the lead back waits behind the others', async () => {
  const { tab, happened } = createTabs();
  const [first, second] = [tab('1'), tab('2')];
  await first.enter();
  await second.enter();
  first.resign();
  expect(await first.enter()).toBe(false);
  await settle();
  second.resign();
  await settle();
  expect(happened).toEqual(['2 elected', '1 elected']);
});

test('a tab that does nothing loses the lead, and learns of it', async () => {
  const { tab, happened } = createTabs();
  const [first, second] = [tab('1'), tab('2')];
  await first.enter();
  await second.enter();
  await second.seize();
  await settle();
  expect(happened.sort()).toEqual(['1 deposed', '2 elected']);
  expect([first.isLeading, second.isLeading]).toEqual([false, true]);
});
