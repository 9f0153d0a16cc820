import { expect, test } from 'vitest';
import { judge } from '../../../../scripts/tabs/judge.ts';
import type { JudgedSeat, Mistakes } from '../../../../scripts/tabs/judge.ts';
import type { View } from '../../../../scripts/tabs/page.ts';

const SERVER = ['peer.1', 'tab1.1', 'peer.2', 'tab2.1', 'peer.3'];
const VIEW: View = { list: '[]', unread: 0, newest: SERVER.slice(-2), pages: SERVER };

/** A tab that saw these messages, and asked for its own ones at the start. */
function seat(name: string, messages: readonly string[], more: Partial<JudgedSeat> = {}): JudgedSeat {
  const own = SERVER.filter((text) => text.startsWith(name));
  const sent = ['tab1.1', 'tab2.1'];
  return {
    ...{ name, isGone: false, asked: own.map((text) => ({ text, at: 1 })) },
    happened: [
      ...messages.map((text, at) => ({ type: 'message' as const, text, id: String(at), at })),
      ...sent.map((text) => ({ type: 'sent' as const, text, mid: 1, at: 1 })),
    ],
    ...more,
  };
}

function judged(seats: readonly JudgedSeat[], view: Partial<View> = {}, server = SERVER): Mistakes {
  const views = new Map(seats.filter(({ isGone }) => !isGone).map((one) => [one, { ...VIEW, ...view }]));
  return judge({ server, peer: ['peer.1', 'peer.2', 'peer.3'], seats, views });
}

const NONE: Mistakes = { lost: [], duplicated: [], outOfOrder: [], unlike: [] };

test('tabs that saw and show everything make no mistakes, also one that was opened later or is gone', () => {
  const late = seat('tab2', SERVER.slice(2));
  const gone = seat('tab1', SERVER.slice(0, 2), { isGone: true });
  expect(judged([late, gone])).toEqual(NONE);
});

test('what is missing at the server, in a tab or among its events is lost', () => {
  const [first, second] = [seat('tab1', SERVER), seat('tab2', SERVER)];
  expect(judged([first, second], {}, SERVER.slice(0, -1)).lost).toContain('server: peer.3');
  expect(judged([first], { pages: SERVER.slice(1) }).lost).toEqual(['tab1 pages: peer.1']);
  expect(judged([seat('tab1', SERVER.toSpliced(2, 1))]).lost).toEqual(['tab1 events: peer.2']);
  expect(judged([seat('tab1', SERVER.slice(0, -1))]).lost).toEqual(['tab1 events: peer.3']);
  const unanswered = { ...first, happened: first.happened.filter(({ type }) => type !== 'sent') };
  expect(judged([unanswered]).lost).toEqual(['tab1 sent: tab1.1']);
});

test('what is there twice is duplicated, and what comes too late is out of order', () => {
  expect(judged([seat('tab1', [...SERVER, 'peer.3'])]).duplicated).toEqual(['tab1 events: peer.3']);
  expect(judged([seat('tab1', SERVER)], {}, [...SERVER, 'tab1.1']).duplicated).toEqual(['server: tab1.1']);
  const swapped = ['peer.2', 'tab1.1', 'peer.1', 'tab2.1', 'peer.3'];
  expect(judged([seat('tab1', swapped)]).outOfOrder).toEqual(['tab1 events: peer.1 after 2']);
  expect(judged([seat('tab1', SERVER)], { pages: swapped }).outOfOrder).toHaveLength(2);
});

test('tabs with different lists are unlike', () => {
  const seats = [seat('tab1', SERVER), seat('tab2', SERVER)];
  const views = new Map(seats.map((one, at) => [one, { ...VIEW, list: `[${at}]` }]));
  expect(judge({ server: SERVER, peer: [], seats, views }).unlike).toEqual(['list [0]', 'list [1]']);
});
