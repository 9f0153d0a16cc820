import { expect, test } from 'vitest';
import { checkCalls, checkEvents, checkHeard, checkSends, compareStore } from '../../../../scripts/chaos/checks.ts';
import type { Finding } from '../../../../scripts/chaos/checks.ts';
import { goneName, History } from '../../../../scripts/chaos/history.ts';
import type { Life, MessageEvent } from '../../../../scripts/chaos/history.ts';
import type { UserTruth } from '../../../../scripts/chaos/truth.ts';
import type { Message } from '../../../../src/model/message.ts';

const FIRST = 9_007_199_254_741_000n;
const id = (number: number): string => String(FIRST + BigInt(number));
const life = (number = 1, end: Life['end'] = 'lives', isDegraded = false): Life => ({
  device: 0,
  number,
  end,
  isDegraded,
});
const kinds = (findings: readonly Finding[]): string[] => findings.map(({ kind }) => kind);

const message = (number: number, content = `m${number}`): Message => ({
  id: id(number),
  from: '2',
  isOwn: false,
  to: '1',
  type: 'text',
  content,
  ext: '',
  status: 0,
  timestamp: '1',
  toType: 'roster',
  is_system: false,
  isHistory: false,
  isNative: false,
  isPlayed: false,
  editTimestamp: '0',
});
const truth = (...numbers: number[]): UserTruth => [
  {
    name: 'roster:2',
    unread: numbers.length,
    messages: numbers.map((number) => ({ id: id(number), from: 2, content: `m${number}`, status: 0 })),
  },
];

test('a store that equals the server is right; each difference has its kind', () => {
  const store = (unread: number, ...messages: Message[]): string[] =>
    kinds(compareStore('device', truth(1, 2, 3), { 'roster:2': { unread, messages } }));
  expect(store(3, message(1), message(2), message(3))).toEqual([]);
  expect(store(3, message(1), message(3))).toEqual(['lost']);
  expect(store(3, message(1), message(2), message(2), message(3))).toEqual(['duplicated']);
  expect(store(3, message(2), message(1), message(3))).toEqual(['wrong order']);
  expect(store(2, message(1), message(2), message(3))).toEqual(['wrong unread']);
  expect(store(3, message(1), message(2, 'other'), message(3))).toEqual(['wrong content']);
  expect(store(3, message(1), message(2), { ...message(3), status: 2 })).toEqual(['wrong content']);
  expect(store(3, message(1), message(2), message(3), message(4))).toEqual(['wrong content']);
  expect(kinds(compareStore('device', truth(1), {}))).toEqual(['wrong unread', 'lost']);
});

function sending(history: History, of: Life, ...statuses: ('sending' | 'sent' | 'failed')[]): History {
  for (const status of statuses) history.sending.push({ life: of, mid: 5, status, at: 0, reason: '', id: id(1) });
  return history;
}
function sent(of: Life, ...statuses: ('sending' | 'sent' | 'failed')[]): History {
  const history = new History();
  history.sends.push({ life: of, mid: 5, conversation: 'roster:2', content: 'm1', at: 0 });
  return sending(history, of, ...statuses);
}

test('a send has one outcome, and is at the server when it is sent', () => {
  expect(checkSends(sent(life(), 'sending', 'sent'), [truth(1)])).toEqual([]);
  expect(kinds(checkSends(sent(life(), 'sending', 'sent'), [truth()]))).toEqual(['lost']);
  expect(kinds(checkSends(sent(life(), 'sending', 'sent', 'sent'), [truth(1)]))).toEqual(['duplicated']);
  expect(kinds(checkSends(sent(life(), 'sending', 'sent', 'failed'), [truth(1)]))).toEqual(['duplicated']);
  expect(kinds(checkSends(sent(life(), 'sending'), [truth(1)]))).toEqual(['unsettled']);
  expect(checkSends(sent(life(), 'sending', 'failed'), [truth()])).toEqual([]);
  expect(kinds(checkSends(sent(life(), 'sending', 'failed'), [truth(1)]))).toEqual(['duplicated']);
});

test('a message that is twice at the server under two ids is a duplicate', () => {
  const [conversation] = truth(1, 2);
  const twice = { ...conversation!, messages: conversation!.messages.map((one) => ({ ...one, content: 'm1' })) };
  expect(kinds(checkSends(sent(life(), 'sending', 'sent'), [[twice]]))).toEqual(['duplicated']);
});

test('a crash may cost what was not stored, and repeat what was not stored as answered', () => {
  const crashed = life(1, 'crashed');
  expect(checkSends(sent(crashed, 'sending'), [truth()])).toEqual([]);
  expect(checkSends(sending(sent(crashed, 'sending', 'sent'), life(2), 'sent'), [truth(1)])).toEqual([]);
  const closed = life(1, 'closed');
  expect(kinds(checkSends(sending(sent(closed, 'sending', 'sent'), life(2), 'sent'), [truth(1)]))).toEqual([
    'duplicated',
  ]);
});

test('a message that was recalled need not be at the server', () => {
  const history = sent(life(), 'sending', 'sent');
  history.gone.add(goneName(0, id(1)));
  expect(checkSends(history, [truth()])).toEqual([]);
});

function heard(...events: [of: Life, number: number, change?: Partial<MessageEvent>][]): History {
  const history = new History();
  for (const [of, number, change] of events)
    history.messages.push({
      ...{ life: of, conversation: 'roster:2', id: id(number), content: '', arrival: 'live', isOwn: false },
      ...change,
    });
  return history;
}

test('an event comes once, and in order', () => {
  const first = life();
  expect(checkEvents(heard([first, 1], [first, 2], [first, 3]))).toEqual([]);
  expect(kinds(checkEvents(heard([first, 1], [first, 2], [first, 2])))).toEqual(['duplicated']);
  expect(kinds(checkEvents(heard([first, 2], [first, 1])))).toEqual(['wrong order']);
  expect(checkEvents(heard([first, 2], [first, 1, { conversation: 'roster:3' }]))).toEqual([]);
});

test('pages of history and own messages have no order, and a crash may repeat', () => {
  const first = life();
  expect(checkEvents(heard([first, 2], [first, 1, { arrival: 'history' }]))).toEqual([]);
  expect(checkEvents(heard([first, 2], [first, 1, { isOwn: true }]))).toEqual([]);
  expect(kinds(checkEvents(heard([life(1, 'closed'), 1], [life(2), 1])))).toEqual(['duplicated']);
  expect(checkEvents(heard([life(1, 'crashed'), 1], [life(2), 1]))).toEqual([]);
});

test('every message of a device that never crashed has an event', () => {
  const history = heard([life(), 1]);
  history.lives.push(life());
  expect(kinds(checkHeard(history, 0, 'device', truth(1, 2)))).toEqual(['lost']);
  history.lives.push(life(2, 'crashed'));
  expect(checkHeard(history, 0, 'device', truth(1, 2))).toEqual([]);
});

test('a call without an outcome and a surprise are findings', async () => {
  const history = new History();
  void history.call(life(), 'login', new Promise(() => undefined));
  await history.call(life(), 'login', Promise.reject(new Error('no')));
  expect(kinds(checkCalls(history))).toEqual(['unsettled']);
  history.surprises.push('a TypeError');
  expect(kinds(checkCalls(history))).toEqual(['unsettled', 'unsettled']);
});
