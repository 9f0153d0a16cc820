import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createBrowserLifecycle } from '../../src/platform/browser/lifecycle.ts';
import type { LifecycleEvent } from '../../src/platform/ports.ts';

let heard: LifecycleEvent[];
let unsubscribe: () => void;

beforeEach(() => {
  heard = [];
  unsubscribe = createBrowserLifecycle().subscribe((event) => heard.push(event));
});

afterEach(() => {
  unsubscribe();
  vi.restoreAllMocks();
});

test('the network goes and comes back', () => {
  window.dispatchEvent(new Event('offline'));
  window.dispatchEvent(new Event('online'));
  expect(heard).toEqual(['offline', 'online']);
});

test('another tab in front hides the page, and its return shows it', () => {
  see(true);
  see(false);
  expect(heard).toEqual(['hide', 'show']);
});

test('a page that is hidden and then put away emits each event once, and once again when it is restored', () => {
  see(true);
  window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
  document.dispatchEvent(new Event('freeze'));
  expect(heard).toEqual(['hide', 'freeze']);
  document.dispatchEvent(new Event('resume'));
  setHidden(false);
  window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  document.dispatchEvent(new Event('visibilitychange'));
  expect(heard).toEqual(['hide', 'freeze', 'resume', 'show']);
});

test('a browser without the events of freezing says the same by the page that is put away while still visible', () => {
  window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
  window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  expect(heard).toEqual(['hide', 'freeze', 'resume', 'show']);
});

test('a page that is left for good is hidden and not frozen', () => {
  window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: false }));
  expect(heard).toEqual(['hide']);
});

test('a tab that is frozen in the background resumes there', () => {
  see(true);
  document.dispatchEvent(new Event('freeze'));
  document.dispatchEvent(new Event('resume'));
  expect(heard).toEqual(['hide', 'freeze', 'resume']);
});

test('another network is one that came; its speed, and its end, are not', () => {
  unsubscribe();
  const connection = Object.assign(new EventTarget(), { type: 'wifi' });
  Object.defineProperty(navigator, 'connection', { configurable: true, value: connection });
  unsubscribe = createBrowserLifecycle().subscribe((event) => heard.push(event));
  const become = (type: string): void => {
    connection.type = type;
    connection.dispatchEvent(new Event('change'));
  };
  become('wifi');
  become('cellular');
  expect(heard).toEqual(['online']);
  become('none');
  become('wifi');
  expect(heard).toEqual(['online']);
  Reflect.deleteProperty(navigator, 'connection');
});

test('the pageshow of a first load emits nothing', () => {
  window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }));
  expect(heard).toEqual([]);
});

test('a listener that subscribed while the page was hidden first gets its show', () => {
  unsubscribe();
  setHidden(true);
  unsubscribe = createBrowserLifecycle().subscribe((event) => heard.push(event));
  document.dispatchEvent(new Event('visibilitychange'));
  see(false);
  expect(heard).toEqual(['show']);
});

test('two listeners are independent, and unsubscribing, even twice, ends only its own', () => {
  const others: LifecycleEvent[] = [];
  const unsubscribeOther = createBrowserLifecycle().subscribe((event) => others.push(event));
  unsubscribe();
  unsubscribe();
  see(true);
  window.dispatchEvent(new Event('offline'));
  unsubscribeOther();
  see(false);
  window.dispatchEvent(new Event('online'));
  expect(heard).toEqual([]);
  expect(others).toEqual(['hide', 'offline']);
});

function see(hidden: boolean): void {
  setHidden(hidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

function setHidden(hidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
}
